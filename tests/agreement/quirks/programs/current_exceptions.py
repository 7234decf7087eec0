"""`sys._current_exceptions()` has exceptions, not what `sys.exc_info()` returns."""

import sys
import threading

try:
    raise ValueError
except ValueError:
    found = sys._current_exceptions()[threading.get_ident()]
assert isinstance(found, ValueError), type(found)
