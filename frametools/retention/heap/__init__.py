"""What the collector knows: all objects, and what has been seen before.

    walks, _heap   the same walks in Python and in C; _twin chooses
references     how many references an object has, less our own
marks          how a frame is known again without keeping it
census         baselines: what is new since a moment
"""
