"""SIGINT, as by Ctrl-C: the traceback, the atexit handlers, death by SIGINT."""

import atexit
import os
import signal

atexit.register(print, "at exit")


def work():
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(10**6):
        pass


print("working")
work()
