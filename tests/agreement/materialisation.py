"""Which frames have a frame object, before each statement: in the VM, or on the host.

    python materialisation.py vm|host FOLDER NAME...

FOLDER/NAME.rows has a line for each statement of the program that begins: its line, and
the program's frames on the stack, innermost first, `+` where there is a frame object,
`-` where there is none. Audit events of looking at frames have a line, too. At the end
are the suspended generators, coroutines and async generators of the program, and its
frames that are over and kept: on the host those that the garbage collector tracks.

A statement `__look__(LINE)` before each one is what looks. On the host it reads memory
(`host_stack.py`): a trace function, or `sys._getframe` in a callback, would make the
objects that it looks for.
"""

from __future__ import annotations

import ast
import builtins
import gc
import sys
import warnings
from _thread import get_ident
from itertools import islice
from pathlib import Path
from types import (
    AsyncGeneratorType,
    CodeType,
    CoroutineType,
    FrameType,
    GeneratorType,
    ModuleType,
)
from typing import TYPE_CHECKING, Any, NamedTuple

import host_stack

from frametools.monitor import _twin
from frametools.vm import calling, importing, running
from frametools.vm.frame import Owner, Shim
from frametools.vm.frame_object import MODEL_TYPES, FrameObject
from frametools.vm.resumption import SUSPENDED, SUSPENDED_YIELD_FROM
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Frames = Iterable[tuple[CodeType, bool]]

PROGRAMS = Path(__file__).parent.parent / "programs"
AUDITED = ("sys._getframe", "sys._current_frames", "sys._current_exceptions")
DEEPEST = 10
"""How many frames of the program are looked at: deep recursions would be quadratic."""
DEEPEST_OF_ALL = 50
"""How many frames of the host."""
_SUSPENDED = {GeneratorType: "gi_suspended", CoroutineType: "cr_suspended"}
if hasattr(AsyncGeneratorType, "ag_suspended"):
    _SUSPENDED[AsyncGeneratorType] = "ag_suspended"
_SUSPENDED_STATES = (SUSPENDED, SUSPENDED_YIELD_FROM)
_KINDS = frozenset(map(id, _SUSPENDED))


class Side(NamedTuple):
    """How programs are run, and looked at."""

    run: Callable[[CodeType, dict[str, Any]], object]
    look: Callable[[Rows], object]
    """Makes the function that looks before each statement."""
    suspended: Callable[[], Frames]
    over: Callable[[], Iterable[Any]]
    """Gives the frame objects, of whatever code, whose frames are over."""


class Rows:
    """Writes the rows of a program, of the thread that has begun it."""

    def __init__(self, file: str) -> None:
        self.rows: list[str] = []
        self.is_on = False
        self._file = file
        self._ident = get_ident()

    def look(self, line: int, frames: Callable[[], Frames]) -> None:
        """Write which of the program's frames have a frame object."""
        if self.is_on and get_ident() == self._ident:
            self.rows.append(f"{line}: {self._shown(frames())}")

    def suspended(self, frames: Frames) -> None:
        """Write which frames of generators have one, in no order."""
        self.rows += sorted(filter(None, (self._shown([each]) for each in frames)))

    def over(self, frames: Iterable[Any]) -> None:
        """Write which frames are over and kept, in no order."""
        self.rows += sorted(
            f"over: {each.f_code.co_qualname} {each.f_lineno}"
            for each in frames
            if each.f_code.co_filename == self._file
        )

    def audit(self, event: str, _arguments: object) -> None:
        """Write an audit event."""
        if event in AUDITED and self.is_on and get_ident() == self._ident:
            self.rows.append(event)

    def _shown(self, frames: Frames) -> str:
        own = (
            f"{code.co_qualname}{'+' if has_object else '-'}"
            for code, has_object in frames
            if code.co_filename == self._file
        )
        return " ".join(islice(own, DEEPEST))


class Looking(ast.NodeTransformer):
    """Puts a `__look__(LINE)` before each statement."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Change the lists of statements of a node, and what is in it."""
        super().generic_visit(node)
        for field, value in ast.iter_fields(node):
            if type(value) is list and value and isinstance(value[0], ast.stmt):
                setattr(node, field, self._with_looks(node, value))
        return node

    def _with_looks(self, node: ast.AST, body: list[ast.stmt]) -> list[ast.stmt]:
        new: list[ast.stmt] = []
        for each in body:
            is_first = each is body[0] and hasattr(node, "body") and node.body is body
            if not (is_first and _is_text(each)) and not _is_of_future(each):
                look = ast.parse(f"__look__({each.lineno})").body[0]
                for part in ast.walk(look):
                    if "lineno" in part._attributes:
                        ast.copy_location(part, each)
                new.append(look)
            new.append(each)
        return new


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_of_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def looking(path: Path) -> CodeType:
    """Compile a program that looks before each statement, and calls its `main`."""
    tree = ast.parse(path.read_text() + "\nmain()\n")
    code: CodeType = compile(Looking().visit(tree), str(path), "exec")
    return code


# --- in the VM ---


def in_vm() -> Side:
    """Make what runs code in the VM, and looks there."""
    vm = VM()
    importing.stay_active(vm, whole=True)
    models = frozenset(each for each in MODEL_TYPES if MODEL_TYPES[each] in _SUSPENDED)

    def suspended() -> Frames:
        for each in gc.get_objects():
            frame = each.frame if id(type(each)) in models else None
            if frame is not None and frame.frame_state in _SUSPENDED_STATES:
                yield frame.code.co, frame.frame_obj is not None

    def look(rows: Rows) -> object:
        builtin = [].copy  # any builtin that nobody else calls

        @calling.lookaside(builtin)
        def answer(frame: Any, args: list[Any], _kwargs: dict[str, Any]) -> None:
            rows.look(args[0], lambda: _of_vm(frame))

        return builtin

    def run(code: CodeType, names: dict[str, Any]) -> None:
        running.execute(vm, code, names)

    return Side(run, look, suspended, _over_in_vm)


def _over_in_vm() -> Iterable[Any]:
    for each in gc.get_objects():
        if type(each) is FrameObject and each.f_frame.owner is Owner.FRAME_OBJECT:
            yield each


def _of_vm(frame: Any) -> Frames:
    while frame is not None:
        if type(frame) is not Shim:
            yield frame.code.co, frame.frame_obj is not None
        frame = frame.previous


# --- on the host ---


def on_host() -> Side:
    """Make what runs code on this interpreter, and looks there."""

    def suspended() -> Frames:
        for each in gc.get_objects():
            if id(type(each)) in _KINDS and _is_suspended(each):
                yield host_stack.of_generator(each)

    def look(rows: Rows) -> object:
        def looks() -> Frames:
            return host_stack.stack(DEEPEST_OF_ALL)[3:]  # without what looks

        return lambda line: rows.look(line, looks)

    return Side(_twin.run_alone, look, suspended, _tracked)


def _tracked() -> Iterable[FrameType]:
    return [each for each in gc.get_objects() if type(each) is FrameType]


def _is_suspended(generator: Any) -> bool:
    name = _SUSPENDED.get(type(generator))
    return name is not None and bool(getattr(generator, name))


# --- many programs ---


def main(side: str, folder: str, names: list[str]) -> None:
    """Write the rows of programs; one that raises leaves the reason in its own."""
    warnings.simplefilter("ignore")
    why_not = host_stack.why_not()
    if why_not is not None:
        Path(folder, "why_not").write_text(why_not)
        return
    sys.path.insert(0, str(PROGRAMS.parent))
    way = in_vm() if side == "vm" else on_host()
    current: list[Rows] = []
    sys.addaudithook(lambda *event: current[-1].audit(*event) if current else None)
    for name in names:
        path = PROGRAMS / f"{name}.py"
        code = looking(path)
        for is_on in (False, True):
            rows = Rows(str(path))
            current.append(rows)
            module = ModuleType(f"programs.{name}")
            module.__file__ = str(path)
            module.__dict__["__builtins__"] = builtins
            sys.modules[module.__name__] = module
            module.__dict__["__look__"] = way.look(rows)
            gc.collect()
            gc.collect()  # a generator that the first one closed leaves its frame
            gc.disable()
            rows.is_on = is_on
            try:
                way.run(code, module.__dict__)
                rows.is_on = False
                rows.suspended(way.suspended())
                rows.over(way.over())
            except Exception as error:
                rows.rows.append(f"{type(error).__name__}: {error}")
            finally:
                rows.is_on = False
                gc.enable()
        Path(folder, f"{name}.rows").write_text("\n".join(rows.rows))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
