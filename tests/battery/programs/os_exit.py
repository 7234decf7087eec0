"""Leave at once."""

import atexit
import os

atexit.register(print, "never")
print("flushed", flush=True)
print("not flushed")
os._exit(5)
