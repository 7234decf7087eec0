"""os.fork: both sides print and end in their own way; no warning of threads."""

import atexit
import os
import sys
import warnings

warnings.simplefilter("always")
atexit.register(lambda: print("at exit", "child" if child == 0 else "parent"))
child = os.fork()
if child == 0:
    print("child")
    sys.exit(4)
_, status = os.waitpid(child, 0)
print("parent", os.waitstatus_to_exitcode(status))
child = os.fork()
if child == 0:
    raise ValueError("in the child")
_, status = os.waitpid(child, 0)
print("parent", os.waitstatus_to_exitcode(status))
