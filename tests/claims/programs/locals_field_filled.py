"""The frame's own f_locals is empty for a function until its f_locals is read."""

import sys

from frametools import vm


def reads_not():
    return 1


def reads():
    return sys._getframe().f_locals


class Hooks:
    def on_leave(self, frame, index, value):
        filled.append(isinstance(frame.f_locals, dict))


filled = []
for function in (reads_not, reads):
    vm.VM(hooks=Hooks()).call(function)
assert filled == [False, True]
