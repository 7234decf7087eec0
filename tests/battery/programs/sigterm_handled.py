"""SIGTERM with a handler that leaves by SystemExit."""

import os
import signal
import sys


def handler(number, frame):
    print(number, frame.f_code.co_name, frame.f_back)
    sys.exit(9)


signal.signal(signal.SIGTERM, handler)
os.kill(os.getpid(), signal.SIGTERM)
for _ in range(10**6):
    pass
