"""What sys._getframe() returns is a frame object, of types.FrameType."""

import sys
import types

assert type(sys._getframe()) is types.FrameType
assert types.FrameType.__name__ == "frame"
