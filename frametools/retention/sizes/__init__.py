"""How much memory frames keep that nothing else keeps.

exclusive   the answer, by frame and variable     closures   the walk behind it
object_sizes   of one object     buffers   of arrays whose memory is elsewhere
"""
