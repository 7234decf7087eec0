"""No frame object is made for a call unless something asks for one."""

from frametools import vm


def asks_not():
    return inner()


def inner():
    return 1


import sys  # noqa: E402


def asks():
    return sys._getframe().f_code.co_name


def shown(function):
    made = set()

    class Hooks:
        def on_leave(self, frame, index, value):
            if frame.frame_obj is not None:
                made.add(frame.f_executable.co_qualname)

    vm.VM(hooks=Hooks()).call(function)
    return made


assert shown(asks_not) == set()
assert shown(asks) == {"asks"}
