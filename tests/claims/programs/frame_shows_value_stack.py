"""A frame object has an attribute for its value stack."""

import sys

frame = sys._getframe()
assert any("stack" in name for name in dir(frame))
