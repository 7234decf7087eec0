"""A daemon thread still waits at exit; another thread is joined."""

import atexit
import threading

ready = threading.Event()
go = threading.Event()


def forever():
    ready.set()
    threading.Event().wait()


def joined():
    go.wait()
    print("joined thread done")


threading.Thread(target=forever, daemon=True).start()
ready.wait()
thread = threading.Thread(target=joined, name="joined")
thread.start()
atexit.register(print, "at exit")
print("main done")
go.set()
