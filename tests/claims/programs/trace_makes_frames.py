"""Under a trace function each call of Python code has a frame object."""

from frametools import vm


def program():
    import sys

    sys.settrace(lambda *args: None)
    inner()
    sys.settrace(None)


def inner():
    return 1


made = set()


class Hooks:
    def on_leave(self, frame, index, value):
        if frame.frame_obj is not None:
            made.add(frame.f_executable.co_qualname)


vm.VM(hooks=Hooks()).call(program)
assert "inner" in made
