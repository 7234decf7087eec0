"""The frame's own f_locals is empty for a function, and a module's namespace."""

import sys

from frametools import vm


def reads():
    return sys._getframe().f_locals


class Hooks:
    def on_leave(self, frame, index, value):
        filled.append(isinstance(frame.f_locals, dict))


filled = []
vm.VM(hooks=Hooks()).call(reads)
vm.VM(hooks=Hooks()).call(compile("x = 1", "module.py", "exec"), {})
assert filled == [False, True]
