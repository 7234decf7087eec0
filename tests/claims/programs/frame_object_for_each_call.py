"""Each call makes a frame object, which goes on the stack."""

from frametools import vm


def outer():
    return inner()


def inner():
    return 1


class Hooks:
    def on_leave(self, frame, index, value):
        made.append(frame.frame_obj is not None)


made = []
vm.VM(hooks=Hooks()).call(outer)
assert made == [True, True]
