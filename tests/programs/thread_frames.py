"""A thread's frames seen from another: its own chain, and none when it is over."""

from __future__ import annotations

import sys
import threading


def wait(ready, go):
    ready.release()
    go.acquire()


def work(ready, go):
    wait(ready, go)


def main():
    ready, go = threading.Lock(), threading.Lock()
    ready.acquire()
    go.acquire()
    thread = threading.Thread(target=work, args=(ready, go), name="seen")
    thread.start()
    ready.acquire()
    frame = sys._current_frames()[thread.ident]
    names = []
    while frame is not None:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    go.release()
    thread.join()
    return names[:2], names[-1], thread.ident in sys._current_frames()
