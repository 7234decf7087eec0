"""Nothing of the launcher is reachable from what a program looks at."""

import gc
import os
import signal
import sys
import threading

print(sorted(type(found).__name__ for found in gc.get_referrers(globals())))
print(threading.enumerate(), threading.active_count(), len(sys._current_frames()))
print(os.open(os.devnull, os.O_RDONLY))
print(sorted(globals()))
print(__builtins__, __spec__, __package__, __doc__, type(__loader__).__name__)
print(sys.modules["__main__"].__dict__ is globals())
print(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
print(signal.getitimer(signal.ITIMER_REAL), signal.pthread_sigmask(0, []))
print(sys.getswitchinterval(), sys.getrecursionlimit(), gc.get_threshold())
print(gc.callbacks, gc.isenabled(), sys.gettrace())
print(sorted(name for name in os.environ if "FRAME" in name))
