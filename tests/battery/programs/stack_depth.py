"""The stack begins with this program."""

import inspect
import sys
import threading
import traceback


def depth():
    frame, n = sys._getframe(), 0
    while frame is not None:
        frame, n = frame.f_back, n + 1
    return n


def show():
    print([(info.function, info.lineno) for info in inspect.stack()])
    print([entry.name for entry in traceback.extract_stack()])


print(depth(), sys._getframe().f_back)
show()
print([len(inspect.getouterframes(f)) for f in sys._current_frames().values()])
thread = threading.Thread(target=lambda: print(depth()))
thread.start()
thread.join()
try:
    sys._getframe(1)
except ValueError as error:
    print(error)
