"""Context variables, and an exception that is being handled nowhere."""

import contextvars
import sys

print(list(contextvars.copy_context()), sys.exc_info())
try:
    raise ValueError("no context")
except ValueError as error:
    print(error.__context__, error.__traceback__.tb_next)
