"""`del frame.f_trace_opcodes` is an AttributeError."""

import sys

frame = sys._getframe()
try:
    del frame.f_trace_opcodes
except (AttributeError, TypeError) as error:
    found = error
assert type(found) is AttributeError, found
