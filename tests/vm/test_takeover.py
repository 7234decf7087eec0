"""Functions made before the VM are run by it when C code calls them."""

import gc
import weakref

import pytest

import frametools.vm
from frametools.vm import VM


class Number:
    """What C code calls of a class."""

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return Number(self.value + other.value)

    def __len__(self):
        return self.value

    def __eq__(self, other):
        return self.value == other.value

    def __hash__(self):
        return hash(self.value)

    @property
    def doubled(self):
        """Be a property."""
        return 2 * self.value

    @staticmethod
    def negative(value):
        """Be a static method."""
        return -value

    @classmethod
    def one(cls):
        """Be a class method."""
        return cls(1)


def key(value):
    """Be called back by `sorted`."""
    return -value


def program():
    """Have C code call functions of this module."""
    three = Number(1) + Number(2)
    return (
        len(three),
        three.doubled,
        three == Number(3),
        {three: 1}[Number(3)],
        sorted([1, 2], key=key),
        list(map(Number.negative, [1])),
        Number.one().value,
    )


CALLED = {
    "Number.__init__",
    "Number.__add__",
    "Number.__len__",
    "Number.__eq__",
    "Number.__hash__",
    "Number.doubled",
    "Number.negative",
    "Number.one",
    "key",
}


class Entered:
    """The names of all frames."""

    def __init__(self):
        self.names = set()

    def on_enter(self, frame, index):
        """Take the name."""
        self.names.add(frame.f_executable.co_qualname)


def test_the_vm_runs_what_c_code_calls():
    """Methods, properties and keys are frames of the VM, as they are of the host."""
    hooks = Entered()
    assert VM(hooks=hooks).call(program) == program()
    assert hooks.names >= CALLED


def test_functions_have_their_own_code_again():
    """After the run all is as it was, whatever ended it."""
    functions = [program, key, Number.__init__, Number.__add__, Number.negative]
    before = [fn.__code__ for fn in functions]
    frametools.vm.call(program)

    def fails():
        Number(1) + None

    with pytest.raises(AttributeError):
        frametools.vm.call(fails)
    assert [fn.__code__ for fn in functions] == before
    assert all(a is b.__code__ for a, b in zip(before, functions, strict=True))


def test_a_program_sees_the_code_of_functions():
    """While they have a trampoline the program does not see it."""
    assert frametools.vm.call(lambda: key.__code__) is key.__code__


def keeps(refs):
    """Make an instance by C code."""
    number = Number(1)
    refs.append(weakref.ref(number))
    return len(number)


def test_no_frame_is_kept():
    """What was taken over keeps nothing of the run."""
    refs = []
    gc.disable()
    try:
        assert frametools.vm.call(keeps, refs) == 1
        assert refs[0]() is None
    finally:
        gc.enable()


def test_steps_go_into_what_c_code_calls():
    """A class's `__init__` has steps, and its own code between two of them."""
    own = Number.__init__.__code__
    seen = set()
    for step in frametools.vm.steps(program):
        seen.add(step.before.code.qualname)
        assert Number.__init__.__code__ is own
    assert seen >= CALLED
