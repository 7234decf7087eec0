"""What sys keeps of an uncaught exception, seen at exit."""

import atexit
import sys
import traceback


def show():
    names = [name for name in dir(sys) if name.startswith("last_")]
    print(names)
    print(sys.last_type, sys.last_value, hasattr(sys, "excepthook"))
    print(sys.last_value.__traceback__ is sys.last_traceback)
    print([entry.name for entry in traceback.extract_tb(sys.last_traceback)])
    print(sys.last_traceback.tb_frame.f_code.co_filename == __file__copy)
    print(sys.excepthook is sys.__excepthook__, "__file__" in globals())


__file__copy = __file__
atexit.register(show)


def fail():
    raise LookupError("gone")


fail()
