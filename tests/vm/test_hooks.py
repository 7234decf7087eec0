import gc
import sys
import weakref

import pytest

from frametools.vm import VM


def add(a, b):
    """Be a leaf."""
    return a + b


def numbers():
    """Be a generator that calls."""
    yield add(1, 2)
    yield add(3, 4)


def program():
    """Do what each hook is told of."""
    total = 0
    for number in numbers():
        total += number
    try:
        raise KeyError(total)
    except KeyError:
        return total


class Everything:
    """All hooks."""

    def __init__(self):
        self.told = []

    def on_instruction(self, frame, index):
        """Note its name."""
        self.told.append(("instruction", frame.code.instructions[index].opname))

    def on_line(self, frame, index, line):
        """Note how far down it is."""
        self.told.append(("line", line - program.__code__.co_firstlineno))

    def on_enter(self, frame, index):
        """Note whose frame."""
        self.told.append(("enter", frame.f_executable.co_name))

    def on_leave(self, frame, index, value):
        """Note whose frame, and its value."""
        self.told.append(("leave", frame.f_executable.co_name, value))

    def on_raise(self, frame, index, error):
        """Note the kind of error."""
        self.told.append(("raise", type(error)))


def test_hooks_are_told_what_happens():
    """Each hook is called at its event, in the order of events."""
    hooks = Everything()
    assert VM(hooks=hooks).call(program) == 10
    calls = [each for each in hooks.told if each[0] in ("enter", "leave")]
    assert calls == [
        ("enter", "program"),
        ("enter", "numbers"),
        ("enter", "add"),
        ("leave", "add", 3),
        ("leave", "numbers", 3),
        ("enter", "numbers"),
        ("enter", "add"),
        ("leave", "add", 7),
        ("leave", "numbers", 7),
        ("enter", "numbers"),
        ("leave", "numbers", None),
        ("leave", "program", 10),
    ]
    assert ("raise", KeyError) in hooks.told
    assert {("line", 2), ("line", 3), ("line", 8)} <= set(hooks.told)
    assert ("instruction", "BINARY_OP") in hooks.told


def test_a_hook_that_raises_is_off(monkeypatch):
    """The program does not see it; it is reported once."""
    reported = []
    monkeypatch.setattr(
        sys, "unraisablehook", lambda args: reported.append(args.exc_type)
    )

    class Broken:
        def on_enter(self, frame, index):
            raise OSError

    assert VM(hooks=Broken()).call(program) == 10
    assert reported == [OSError]


def test_an_object_without_hooks_is_refused():
    """A hook misspelt is no hook."""
    with pytest.raises(TypeError, match="object object has no hook"):
        VM(hooks=object())


class Kept:
    """What a frame may keep."""


def keeps(refs):
    """Have a local of which `refs` is told."""
    local = Kept()
    refs.append(weakref.ref(local))
    return add(1, 1)


def test_no_frame_is_kept():
    """What hooks have seen dies with its frame."""
    refs = []
    gc.disable()
    try:
        VM(hooks=Everything()).call(keeps, refs)
        assert refs[0]() is None
    finally:
        gc.enable()
