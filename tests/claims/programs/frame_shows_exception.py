"""A frame object has an attribute for the exception being handled."""

import sys

frame = sys._getframe()
assert any("exc" in name for name in dir(frame))
