"""Which frames have a frame object, before each statement: in the VM, or on the host.

    python materialisation.py vm|host FOLDER NAME...

FOLDER/NAME.rows has a line for each statement of the program that begins: its line, and
the program's frames on the stack, innermost first, `+` where there is a frame object,
`-` where there is none. Audit events of looking at frames have a line, too. At the end
are the suspended generators, coroutines and async generators of the program.

A statement `__look__(LINE)` before each one is what looks. On the host it reads memory
(`host_stack.py`): a trace function, or `sys._getframe` in a callback, would make the
objects that it looks for.
"""

from __future__ import annotations

import ast
import gc
import sys
import warnings
from _thread import get_ident
from itertools import islice
from pathlib import Path
from types import AsyncGeneratorType, CodeType, CoroutineType, GeneratorType, ModuleType
from typing import TYPE_CHECKING, Any

import host_stack

from frametools.monitor import _twin
from frametools.vm import calling, importing, running
from frametools.vm.frame import Shim
from frametools.vm.frame_object import MODEL_TYPES
from frametools.vm.resumption import SUSPENDED, SUSPENDED_YIELD_FROM
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Frames = Iterable[tuple[CodeType, bool]]
    Run = Callable[[CodeType, dict[str, Any]], object]

PROGRAMS = Path(__file__).parent.parent / "programs"
AUDITED = ("sys._getframe", "sys._current_frames", "sys._current_exceptions")
DEEPEST = 10
"""How many frames are looked at: a deep recursion would be quadratic."""
_SUSPENDED = {GeneratorType: "gi_suspended", CoroutineType: "cr_suspended"}
if hasattr(AsyncGeneratorType, "ag_suspended"):
    _SUSPENDED[AsyncGeneratorType] = "ag_suspended"
_SUSPENDED_STATES = (SUSPENDED, SUSPENDED_YIELD_FROM)
_KINDS = frozenset(map(id, _SUSPENDED))


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

    def audit(self, event: str, _arguments: object) -> None:
        """Write an audit event."""
        if event in AUDITED and self.is_on and get_ident() == self._ident:
            self.rows.append(event)

    def _shown(self, frames: Frames) -> str:
        own = [
            f"{code.co_qualname}{'+' if has_object else '-'}"
            for code, has_object in frames
            if code.co_filename == self._file
        ]
        return " ".join(own)


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


def in_vm() -> tuple[Run, Callable[[Rows], object], Callable[[], Frames]]:
    """Make what runs code in the VM, what looks, and what looks at generators."""
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
            rows.look(args[0], lambda: islice(_of_vm(frame), DEEPEST))

        return builtin

    return lambda code, names: running.execute(vm, code, names), look, suspended


def _of_vm(frame: Any) -> Frames:
    while frame is not None:
        if type(frame) is not Shim:
            yield frame.code.co, frame.frame_obj is not None
        frame = frame.previous


# --- on the host ---


def on_host() -> tuple[Run, Callable[[Rows], object], Callable[[], Frames]]:
    """Make what runs code on this interpreter, and what looks there."""

    def suspended() -> Frames:
        for each in gc.get_objects():
            if id(type(each)) in _KINDS and _is_suspended(each):
                yield host_stack.of_generator(each)

    def look(rows: Rows) -> object:
        def looks() -> Frames:
            return host_stack.stack(DEEPEST + 3)[3:]  # without what looks

        return lambda line: rows.look(line, looks)

    return _twin.run_alone, look, suspended


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
    run, make_look, suspended = in_vm() if side == "vm" else on_host()
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
            sys.modules[module.__name__] = module
            module.__dict__["__look__"] = make_look(rows)
            gc.collect()
            gc.disable()
            rows.is_on = is_on
            try:
                run(code, module.__dict__)
                rows.is_on = False
                rows.suspended(suspended())
            except Exception as error:
                rows.rows.append(f"{type(error).__name__}: {error}")
            finally:
                rows.is_on = False
                gc.enable()
        Path(folder, f"{name}.rows").write_text("\n".join(rows.rows))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
