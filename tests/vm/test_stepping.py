"""vm.steps: a program stops after each instruction, and tells what it did."""

from __future__ import annotations

import dis
import gc
import sys
import threading
import traceback
import weakref
from itertools import pairwise
from typing import Any

import pytest

from frametools import vm
from frametools.snapshot import Step
from frametools.vm import importing
from frametools.vm.importing import _LOADERS


@pytest.fixture(autouse=True)
def nothing_active(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests decorate functions, whose VM stays active."""
    monkeypatch.setattr(importing, "_active", [])
    importing._remove()


def product(a, b, c):
    """No branches."""
    return (a + b) * c


def twice(x):
    """One call."""
    return product(x, x, x)


def opnames(steps: Any) -> list[str]:
    """Name the instructions of steps."""
    return [step.instruction.opname for step in steps]


def of(function: Any) -> list[tuple[int, str]]:
    """What `dis` says a function without branches executes."""
    skipped = ("EXTENDED_ARG", "CACHE")
    found = dis.get_instructions(function)
    return [(i.offset, i.opname) for i in found if i.opname not in skipped]


def test_each_instruction_is_a_step() -> None:
    """A function without branches executes what `dis` lists."""
    steps = vm.steps(product, 1, 2, 3)
    found = [(s.instruction.offset, s.instruction.opname) for s in steps]
    assert found == of(product)
    assert steps.result == 9


def test_the_stack_is_continuous() -> None:
    """Each step begins with the stack with which the one before it ended."""
    before: tuple[str | None, ...] = ()
    for number, step in enumerate(vm.steps(product, 1, 2, 3)):
        assert step.number == number
        assert step.before.stack == before
        before = step.frames[-1].stack if step.frames else ()


def test_frames_and_localsplus() -> None:
    """The frames of callers are there, with their owner, names and values."""
    inner = [s for s in vm.steps(twice, 4) if s.depth == 1]
    frames = inner[0].frames
    assert [frame.code.qualname for frame in frames] == ["twice", "product"]
    assert {frame.owner for frame in frames} == {"THREAD"}
    assert (frames[0].names, frames[0].localsplus) == (("x",), ("4",))
    assert frames[1].names == ("a", "b", "c")
    assert inner[-1].changes[0][:3:2] == ("return", "product")
    assert inner[-1].changes[0].value == "32"


def test_changes() -> None:
    """A step tells what was pushed, popped and set."""

    def assign(x):
        y = x  # noqa: F841

    kinds = [
        (change.kind, change.name, change.value)
        for step in vm.steps(assign, 7)
        for change in step.changes
    ]
    assert ("push", "", "7") in kinds
    assert ("pop", "", "7") in kinds
    assert ("set", "y", "7") in kinds
    assert kinds[-1] == ("return", assign.__qualname__, "None")


def test_cells() -> None:
    """A cell shows what it holds; an empty slot is None."""

    def outer():
        value = 1

        def inner():
            return value

        return inner

    slots = [step.frames[-1].localsplus for step in vm.steps(outer) if step.frames]
    at = vm.layout(outer).names.index("value")
    assert "cell()" in {slot[at] for slot in slots}
    assert slots[-1][at] == "cell(1)"
    stacks = [step.before.stack for step in vm.steps(outer)]
    assert ("(cell(1),)",) in stacks
    assert slots[0][1 - at] is None


def test_exceptions() -> None:
    """A step says what was raised, and which exceptions are being handled."""

    def program():
        try:
            [].nothing  # noqa: B018
        except AttributeError:
            return 1

    steps = list(vm.steps(program))
    raised = [step for step in steps if step.raised]
    assert [step.instruction.opname for step in raised][:1] == ["LOAD_ATTR"]
    assert raised[0].raised is not None
    assert raised[0].raised.startswith("AttributeError(")
    handled = [step for step in steps if step.handled]
    assert handled[0].instruction.opname == "PUSH_EXC_INFO"
    assert steps[-1].handled == ()


def raising(steps: Any) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """List what raised, what, and which frames were left."""
    return [
        (
            step.instruction.opname,
            step.raised,
            tuple(c.kind for c in step.changes if c.kind not in ("push", "pop")),
        )
        for step in steps
        if step.raised or any(c.kind == "raise" for c in step.changes)
    ]


def test_raise_and_reraise() -> None:
    """`raise` raises, caught in its frame or not; so does what lets it go on."""

    def program():
        try:
            raise ValueError("x")
        except TypeError:
            pass
        except ValueError as error:
            return str(error)

    def passes():
        try:
            fails()
        except TypeError:
            pass

    def fails():
        raise ValueError

    def outer():
        try:
            passes()
        except ValueError:
            return 1

    assert raising(vm.steps(program)) == [("RAISE_VARARGS", "ValueError('x')", ())]
    assert raising(vm.steps(outer)) == [
        ("RAISE_VARARGS", "ValueError()", ("unwind",)),
        ("RERAISE", "ValueError()", ()),
        ("RERAISE", "ValueError()", ("unwind",)),
    ]


def test_native_calls_raise() -> None:
    """A native call that raises after what it called back has returned says so."""

    def program():
        numbers = (i for i in ())
        try:
            next(numbers)
        except StopIteration:
            return 1

    def escapes():
        return next(i for i in ())

    ((_, raised, kinds),) = raising(vm.steps(program))
    assert (raised, kinds) == (None, ("return", "raise"))
    found: list[Step] = []
    steps = vm.steps(escapes)
    found.extend(steps)
    with pytest.raises(StopIteration):
        _ = steps.result
    changes = [change[:2] for change in found[-1].changes]
    assert changes == [("return", 1), ("raise", 0), ("unwind", 0)]
    assert found[-1].changes[1].value == "StopIteration()"


def test_offsets_on_the_stack() -> None:
    """Where unwinding pushes the offset of what raised it is no int of the program."""

    def program():
        try:
            return 1 / 0
        finally:
            str(1)

    found = []
    with pytest.raises(ZeroDivisionError):
        found.extend(vm.steps(program))
    finally_ends = [s.instruction.offset for s in found if s.raised][1]
    (text,) = {v for s in found for v in s.before.stack if v and "lasti" in v}
    assert text == f"<lasti {finally_ends}>"


def test_offsets_on_the_stack_of_a_coroutine() -> None:
    """Native code has entered, and a step begins at the handler: as anywhere else."""

    class Manager:
        async def __aenter__(self):
            return self

        async def __aexit__(self, *_error):
            return True

    async def program():
        async with Manager():
            raise ValueError(1)

    def run():
        coroutine = program()
        try:
            coroutine.send(None)
        except StopIteration:
            return 1

    found = list(vm.steps(run))
    at = next(s.instruction.offset for s in found if s.raised)
    texts = {v for s in found for v in s.before.stack if v and "lasti" in v}
    assert texts == {f"<lasti {at}>"}
    assert str(at >> 1) not in {v for s in found for v in s.before.stack}


def test_a_step_costs_the_same_at_any_depth() -> None:
    """Frames that wait are shown by the same object as in the step before."""

    def nested(n):
        return nested(n - 1) if n else [0][0]

    steps = list(vm.steps(nested, 30))
    deep = [step.frames for step in steps if len(step.frames) == 31]
    assert len(deep) > 3
    for one, next_one in pairwise(deep):
        assert all(map(lambda a, b: a is b, one[:-1], next_one[:-1]))


def test_secrets() -> None:
    """A local that is named like a secret is not shown; a value has no name."""

    def login(password):
        api_key = password
        return len(api_key)

    found = list(vm.steps(login, "hunter2"))
    assert found[0].before.localsplus[0] == "<redacted>"
    assert {s.before.localsplus[1] for s in found} == {None, "<redacted>"}
    found = list(vm.steps(lambda password: password is None, None))
    assert found[0].before.localsplus[0] == "None"


def test_long_values_tell_their_size() -> None:
    """That a list has grown is seen, however long it is."""

    def program():
        return [i for i in range(100)]  # noqa: C416

    grown = [c.value for s in vm.steps(program) for c in s.changes if c.value]
    assert any(text.endswith("… (77 items)") for text in grown)


def test_what_the_program_raises_comes_after_its_last_step() -> None:
    """The iterator raises what the program raises, with the program's frames."""

    def fails():
        return 1 / 0

    steps = vm.steps(fails)
    found = []
    with pytest.raises(ZeroDivisionError) as caught:
        found.extend(steps)
    assert found[-1].raised is not None
    assert [change.kind for change in found[-1].changes] == ["unwind"]
    assert caught.traceback[-1].name == "fails"


def test_native_reentry() -> None:
    """Steps of what native code calls back come in order, with their callers."""

    def program():
        def key(x):
            return -x

        return sorted([1, 2], key=key)

    steps = vm.steps(program)
    names = [step.before.code.qualname.rpartition(".")[2] for step in steps]
    assert steps.result == [2, 1]
    inside = names.count("key")
    at = names.index("key")
    assert names[at : at + inside] == ["key"] * inside
    assert inside % 2 == 0
    assert inside >= 2 * len(of(lambda x: -x))


def test_native_first() -> None:
    """A call that begins in native code gives its steps when it has ended."""

    def key(x):
        return -x

    steps = vm.steps(sorted, [1, 2], key=key)
    assert len(list(steps)) == 2 * len(of(key))
    assert steps.result == [2, 1]


def test_generators() -> None:
    """A generator's frame belongs to it, is resumed, and yields."""

    def numbers():
        yield 1

    def program():
        return list(numbers()) + [x for x in numbers()]  # noqa: C416

    steps = list(vm.steps(program))
    own = [s for s in steps if s.before.owner == "GENERATOR"]
    assert own
    kinds = {change.kind for step in steps for change in step.changes}
    assert {"yield", "resume", "return"} <= kinds


def test_the_program_advances_with_the_iterator() -> None:
    """Nothing runs before it is asked for."""
    said: list[int] = []

    def program():
        said.append(1)
        said.append(2)

    steps = vm.steps(program)
    assert said == []
    seen = [tuple(said) for _step in steps]
    assert sorted(set(seen)) == [(), (1,), (1, 2)]


def test_closing_half_way_leaves_nothing() -> None:
    """Closed, it lets go of the program, its values and the import system."""

    class Value:
        pass

    def program(value):
        kept = value
        while True:
            kept = [kept]

    value = Value()
    dead = weakref.ref(value)
    with vm.steps(program, value) as steps:
        del value
        found = [next(steps) for _ in range(40)]
    with pytest.raises(RuntimeError, match="has not returned"):
        _ = steps.result
    with pytest.raises(StopIteration):
        next(steps)
    assert dead() is None
    assert len(found) == 40
    assert "exec" not in vars(sys.modules[_LOADERS[0]])


def test_steps_keep_nothing_alive() -> None:
    """A step is text and numbers: what it shows can go."""

    class Value:
        pass

    def program():
        return id(Value())

    def use(value):
        return value

    value = Value()
    dead = weakref.ref(value)
    steps = list(vm.steps(use, value))
    del value
    gc.collect()
    assert dead() is None
    assert all(isinstance(step, Step) for step in steps)
    with pytest.raises(AttributeError):
        steps[0].number = 3  # type: ignore[misc]
    assert list(vm.steps(program))[-1].frames == ()


def test_reprs_are_bounded_and_silent() -> None:
    """Values are cut, secrets left out, and code that `repr` runs is no step."""

    class Loud:
        def __repr__(self):
            return "loud" * 100

    def use(value):
        return value

    steps = list(vm.steps(use, Loud()))
    assert opnames(steps) == [name for _, name in of(use)]
    assert all(len(value or "") <= 60 for s in steps for value in s.before.localsplus)


def test_two_runs_are_equal() -> None:
    """No address is in a step: the same program has the same steps."""

    def program():
        return object(), twice(1)

    assert list(vm.steps(program)) == list(vm.steps(program))


def test_other_threads_are_not_told() -> None:
    """Only the thread that takes the steps is shown."""

    def work(found):
        found.append(threading.get_ident())

    def program():
        found: list[int] = []
        thread = threading.Thread(target=work, args=(found,))
        thread.start()
        thread.join()
        return found

    steps = vm.steps(program)
    assert "work" not in {s.before.code.qualname.rpartition(".")[2] for s in steps}
    assert len(steps.result) == 1


def test_native_code_has_no_steps() -> None:
    """What is all native gives its result, no steps."""
    steps = vm.steps(len, [1])
    with pytest.raises(RuntimeError, match="no result"):
        _ = steps.result
    assert list(steps) == []
    assert steps.result == 1


def test_wrong_arguments() -> None:
    """What cannot be called raises as a call does."""
    with pytest.raises(TypeError, match=r"product\(\) missing 3 required"):
        next(vm.steps(product))


def test_there_is_room_on_the_stack_of_the_host() -> None:
    """Native code may call back as deeply as the program's limit allows."""
    before = sys.getrecursionlimit()

    def deep(n):
        return n if n == 20 else min([n], key=lambda _: deep(n + 1)) and 0

    here = len(traceback.extract_stack()) + 100
    sys.setrecursionlimit(here)
    try:
        steps = vm.steps(deep, 0)
        assert all(step.raised is None for step in steps)
        assert sys.getrecursionlimit() == here
    finally:
        sys.setrecursionlimit(before)
    assert steps.result == 0
