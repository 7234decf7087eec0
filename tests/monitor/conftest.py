"""What the tests of the monitor share: both twins, the programs, a plain counter."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import os
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType, ModuleType, SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any

import pytest

from frametools._python import HAS_MONITORING
from frametools.calltree import CallTree
from frametools.monitor import recorder, treebuilder
from frametools.monitor.backend import ALL_FRAMES, HIDDEN, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

try:
    from frametools.monitor import _core
except ImportError as error:
    _core = None
    WHY_NOT = f"the C core is not built ({error})"

PROGRAMS = Path(__file__).parent.parent / "programs"
RESUME_OPCODE = __import__("opcode").opmap["RESUME"]


# --- twins ---


@pytest.fixture(params=["c", "python"])
def twin(request: pytest.FixtureRequest) -> SimpleNamespace:
    """The builders of one twin; every test that takes it runs on both."""
    if request.param == "python":
        builders = treebuilder.TreeBuilder, recorder.Recorder
    elif _core is None:
        pytest.skip(WHY_NOT)
    else:
        builders = _core.TreeBuilder, _core.Recorder
    made = builders[0]()
    flags = int.from_bytes(made.image()[28:32], sys.byteorder)
    assert bool(flags & 16) == (request.param == "python")
    return SimpleNamespace(
        name=request.param, TreeBuilder=builders[0], Recorder=builders[1]
    )


@pytest.fixture
def both_twins() -> tuple[type, type]:
    """The recorders of both, for tests that compare them."""
    if _core is None:
        pytest.skip(WHY_NOT)
    return _core.Recorder, recorder.Recorder


@contextlib.contextmanager
def _observing(
    make: Callable[..., Any],
    *,
    wants: Any = None,
    skip: int = ALL_FRAMES,
    **options: Any,
) -> Iterator[Any]:
    backend = choose(wants)
    builder = make(wants=backend.wants, hide=HIDDEN, **options)
    backend.start(builder, skip)
    try:
        yield builder
    finally:
        backend.stop()


@pytest.fixture
def observing() -> Callable[..., Any]:
    """A context manager that makes a builder and leads the events to it."""
    return _observing


@pytest.fixture
def observe() -> Callable[..., Any]:
    """Run a function under a builder, and give the builder."""

    def run(
        make: Callable[..., Any],
        function: Callable[[], object],
        wants: Any = None,
        **options: Any,
    ) -> Any:
        backend = choose(wants)
        builder = make(wants=backend.wants, hide=HIDDEN, **options)
        with _without_gc():
            backend.start(builder, ALL_FRAMES)
            try:
                function()
            finally:
                backend.stop()
        return builder

    return run


@contextlib.contextmanager
def _without_gc() -> Iterator[None]:
    """Keep out what runs when the collector does, such as hypothesis' callback."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


# --- programs ---


def load(name: str) -> ModuleType:
    """Import a program of tests/programs under its own name."""
    spec = importlib.util.spec_from_file_location(
        f"programs.{name}", PROGRAMS / f"{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


NAMES = sorted(path.stem for path in PROGRAMS.glob("[a-z]*.py"))


@pytest.fixture(params=NAMES)
def program(request: pytest.FixtureRequest) -> ModuleType:
    """Each of tests/programs; it ran once, so that what it imports is there."""
    return prepared(request.param)


def prepared(name: str) -> ModuleType:
    """Load a program and let it run once, or skip it where it cannot run."""
    if name.startswith("greenlet"):
        pytest.importorskip("greenlet", reason="the program needs greenlet")
    if name == "fork" and not hasattr(os, "fork"):
        pytest.skip("the program needs os.fork")
    module = load(name)
    module.main()
    return module


@pytest.fixture
def load_program() -> Callable[[str], ModuleType]:
    """Give one program by its name, after one run."""
    return prepared


def is_of(filename: str, program: ModuleType) -> bool:
    """True for a program's own code, and for what it made of strings."""
    return filename == program.__file__ or filename in {
        "<string>",
        "<compiled>",
        "made.py",
    }


# --- the plain counter ---


class PlainCounter:
    """Counts calls as a user of sys.setprofile would; knows nothing of frametools."""

    def __init__(self, program: ModuleType) -> None:
        self.program = program
        self.calls: Counter[tuple[str, int]] = Counter()
        self.enters = self.leaves = 0

    def profile(self, frame: FrameType, event: str, argument: object) -> None:
        """Count one event."""
        code = frame.f_code
        if not is_of(code.co_filename, self.program):
            return
        if event == "call":
            self.enters += 1
            instruction = code.co_code[frame.f_lasti : frame.f_lasti + 2]
            if instruction[0] == RESUME_OPCODE and instruction[1] & 3 == 0:
                self.calls[code.co_qualname, code.co_firstlineno] += 1
        elif event == "return":
            self.leaves += 1

    def run(self, function: Callable[[], object]) -> None:
        """Run a function; threads that it starts count too."""
        threading.setprofile(self.profile)
        sys.setprofile(self.profile)
        try:
            function()
        finally:
            sys.setprofile(None)
            threading.setprofile(None)


@pytest.fixture
def count_plainly() -> Callable[[ModuleType], PlainCounter]:
    """Run a program's main() under a plain counter."""

    def count(program: ModuleType) -> PlainCounter:
        counter = PlainCounter(program)
        counter.run(program.main)
        return counter

    return count


@pytest.fixture
def calls_of() -> Callable[[CallTree, ModuleType], Counter[tuple[str, int]]]:
    """Sum the calls of a program's functions in a tree."""

    def calls(tree: CallTree, program: ModuleType) -> Counter[tuple[str, int]]:
        found: Counter[tuple[str, int]] = Counter()
        for node in tree.walk():
            ref = tree.ref(node)
            if tree.kind[node] == 0 and is_of(ref.filename, program):
                found[ref.qualname, ref.firstlineno] += tree.calls[node]
        return +found

    return calls


# --- and no frame is kept ---


@pytest.fixture(autouse=True)
def keeps_no_frame() -> Iterator[None]:
    """After every test: no frame or traceback of a program is alive.

    Those named `kept_by_...` keep theirs, until here.
    """
    yield
    for name, module in sys.modules.items():
        if name.startswith("programs.kept_by_"):
            vars(module).clear()
    sys.last_exc = sys.last_value = sys.last_traceback = None  # type: ignore[assignment]
    gc.collect()
    kept = [thing for thing in gc.get_objects() if _is_of_a_program(thing)]
    assert not kept
    gc.freeze()  # each search looks at what is new only: of 3,000 tests, it adds up


def _is_of_a_program(thing: object) -> bool:
    if isinstance(thing, TracebackType):
        thing = thing.tb_frame
    if not isinstance(thing, FrameType):
        return False
    filename = thing.f_code.co_filename
    return filename.startswith(str(PROGRAMS)) or filename == "<string>"


@pytest.fixture
def has_monitoring() -> bool:
    """True where events come from sys.monitoring, not from sys.setprofile."""
    return HAS_MONITORING
