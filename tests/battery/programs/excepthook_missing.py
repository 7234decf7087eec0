"""There is no excepthook."""

import sys

del sys.excepthook
raise ValueError("the original")
