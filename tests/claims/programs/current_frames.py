"""sys._current_frames() has the frame of each thread, ours by its ident."""

import sys
import threading

frame = sys._current_frames()[threading.get_ident()]
assert frame.f_code.co_name == "<module>"
assert frame is sys._getframe()
