"""A handler that calls sys.exit."""

import atexit
import sys

atexit.register(sys.exit, 7)
atexit.register(print, "last")
