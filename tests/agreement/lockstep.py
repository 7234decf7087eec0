"""Frames of many programs before each instruction: in the VM, or on the host.

    python lockstep.py vm|host FOLDER PROGRAM.py...

FOLDER/PROGRAM.free.rows and FOLDER/PROGRAM.kept.rows have a line for each instruction
of the program's own code, import and `main()`: code, offset, owner, depth of calls,
named slots, value stack. Objects are known by their type and a number: in `free`, where
they die as they do, by their place in the row; in `kept` none dies before the end, and
the number is that of the object in the whole run. So two runs have the same rows if,
and only if, their objects correspond one to one.
"""

from __future__ import annotations

import dis
import gc
import re
import sys
import traceback
import warnings
from _thread import get_ident
from itertools import islice
from pathlib import Path
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any

import host_frames
from earlier import set_aside

from frametools._python import HAS_MONITORING
from frametools.monitor import _twin
from frametools.vm import importing, running
from frametools.vm.event_kinds import CALL, INSTRUCTION
from frametools.vm.frame import NULL, Shim
from frametools.vm.frame_object import MODEL_TYPES
from frametools.vm.instrumentation import add_tool, remove_tool
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

MODES = ("free", "kept")
DEEPEST = 30
"""How many frames are looked at for the depth: a deep recursion would be quadratic."""
COMPILED = ("<compiled>", "made.py")
"""File names of code that the programs compile."""

_name_of_type = type.__dict__["__name__"].__get__
_ADDRESS = re.compile("0x[0-9a-f]+")


def _number(value: complex) -> str:
    return repr(value) if type(value) is not int or abs(value) < 1 << 64 else hex(value)


def _text(value: str | bytes) -> str:
    return _ADDRESS.sub("0x", repr(value))


_BY_VALUE: dict[int, Callable[[Any], str]] = {
    id(bool): repr,
    id(int): _number,
    id(host_frames.TaggedInt): _number,
    id(float): _number,
    id(complex): _number,
    id(str): _text,
    id(bytes): _text,
    id(type(None)): repr,
}
"""Objects that the interpreter may or may not share: not told apart if equal. By the
id of their type: a metaclass of a program may refuse to hash it."""
_qualname_of = FunctionType.__dict__["__qualname__"].__get__
_NAMES: dict[int, Callable[[Any], str]] = {
    id(type): _name_of_type,
    id(FunctionType): _qualname_of,
    id(BuiltinFunctionType): BuiltinFunctionType.__dict__["__name__"].__get__,
    id(CodeType): CodeType.__dict__["co_qualname"].__get__,
    id(ModuleType): lambda module: str(ModuleType.__getattribute__(module, "__name__")),
}
"""Of what has one: it is shown besides."""


_METHODS = frozenset(
    map(id, (MethodDescriptorType, WrapperDescriptorType, ClassMethodDescriptorType))
)


def _is_of_model(value: Any) -> bool:
    """Say if it is a method of a class of the VM that stands for one of the host's."""
    if type(value) is not FunctionType:
        return False
    return str(value.__globals__.get("__name__")).startswith("frametools.vm.")


_SET_CLOSURE = bytes((dis.opmap.get("SET_FUNCTION_ATTRIBUTE", 0), 8))


class _Unfinished:
    """A function that gets its closure: the VM makes it anew with that."""

    def __init__(self, function: FunctionType) -> None:
        self.function = function


class Rows:
    """Writes the rows of a run."""

    def __init__(self, own: str, *, keeps: bool, models: dict[int, type]) -> None:
        self.rows: list[str] = []
        self.slots = 0
        self._own = own
        self._keeps = keeps
        self._models = models
        self._known: dict[int, tuple[str, Any]] = {}
        self._ident = get_ident()

    def is_own(self, code: CodeType) -> bool:
        """Say if code is the program's."""
        file = code.co_filename
        return file in COMPILED or file.startswith(self._own)

    def depth(self, codes: Iterator[CodeType]) -> int:
        """Count the program's frames, given the code of all from the innermost on."""
        nearest = islice(codes, DEEPEST)
        return sum(map(self.is_own, nearest))

    def wants(self, code: CodeType) -> bool:
        """Say if code is the program's, and in this thread."""
        return self.is_own(code) and get_ident() == self._ident

    def add(
        self, code: CodeType, offset: int, owner: str, depth: int, slots: list[Any]
    ) -> None:
        """Write a row."""
        if not self._keeps:
            self._known.clear()
        names = host_frames.names(code)
        self.slots += len(slots)
        if code.co_code[offset : offset + 2] == _SET_CLOSURE:
            slots[-1] = _Unfinished(slots[-1])
        values = [self._shown(value) for value in slots]
        count = len(names)
        named = zip(names, values[:count], strict=True)
        place = f"{code.co_qualname}+{offset} {owner} {depth}"
        variables = ", ".join(f"{name}={value}" for name, value in named)
        self.rows.append(f"{place} | {variables} | {', '.join(values[count:])}")

    def lost(self) -> None:
        """Write that a row could not be made: no error reaches the program."""
        self.rows.append(traceback.format_exc().replace("\n", " "))

    def _shown(self, value: Any) -> str:
        kind = type(value)
        if id(kind) in _BY_VALUE:
            return _BY_VALUE[id(kind)](value)
        if value is NULL or value is host_frames.Null:
            return "NULL"
        if id(kind) in _METHODS or _is_of_model(value):
            return f"method {value.__name__}"
        if kind is _Unfinished:
            return f"function {_qualname_of(value.function)} without closure"
        known = self._known.get(id(value))
        if known is None:
            words = self._words(kind, value)
            known = f"{words}#{len(self._known)}", value if self._keeps else None
            self._known[id(value)] = known
        return known[0]

    def _words(self, kind: type, value: Any) -> str:
        if kind is MethodType and _is_of_model(value.__func__):
            return f"{_name_of_type(BuiltinFunctionType)} {value.__func__.__name__}"
        words = _name_of_type(self._models.get(id(kind), kind))
        name_of = _NAMES.get(id(kind))
        return words if name_of is None else f"{words} {name_of(value)}"


# --- in the VM ---


def in_vm() -> Callable[[CodeType, Rows | None], None]:
    """Make what runs code in the VM, and writes its rows."""
    vm = VM()
    importing.stay_active(vm, whole=True)

    def run(code: CodeType, rows: Rows | None) -> None:
        names = {"__name__": "__main__"}
        if rows is None:
            running.execute(vm, code, names)
            return
        told = _of_vm(rows)
        callbacks = {INSTRUCTION: told, CALL: _nothing}
        tool = add_tool(vm, set(callbacks), callbacks, takes_offsets=True)
        try:
            running.execute(vm, code, names)
        finally:
            remove_tool(vm, tool)

    return run


def _of_vm(rows: Rows) -> Callable[[Any, int], None]:
    def told(frame: Any, offset: int) -> None:
        try:
            code = frame.code.co
            if rows.wants(code):
                depth = rows.depth(_codes_in_vm(frame))
                owner = frame.owner.name
                rows.add(code, offset, owner, depth, frame.localsplus.copy())
        except Exception:
            rows.lost()

    return told


def _nothing(*_: object) -> None:
    """Watch CALL: methods of C are then pushed unbound, not bound, as it saves time."""


def _codes_in_vm(frame: Any) -> Iterator[CodeType]:
    while frame is not None:
        if type(frame) is not Shim:
            yield frame.code.co
        frame = frame.previous


# --- on the host ---


def on_host() -> Callable[[CodeType, Rows | None], None]:
    """Make what runs code on this interpreter, and writes its rows."""

    def run(code: CodeType, rows: Rows | None) -> None:
        names = {"__name__": "__main__"}
        if rows is None:
            _twin.run_alone(code, names)
            return
        watch = _monitored if HAS_MONITORING else _traced
        watch(rows, lambda: _twin.run_alone(code, names))

    return run


def _tell(rows: Rows, frame: FrameType, offset: int) -> None:
    try:
        found = host_frames.read(frame, offset)
        depth = rows.depth(_codes_on_host(frame))
        rows.add(frame.f_code, offset, found.owner, depth, found.localsplus)
    except Exception:
        rows.lost()


def _codes_on_host(frame: FrameType | None) -> Iterator[CodeType]:
    while frame is not None:
        yield frame.f_code
        frame = frame.f_back


def _monitored(rows: Rows, run: Callable[[], object]) -> None:
    monitoring = sys.monitoring

    def told(code: CodeType, offset: int) -> object:
        if not rows.is_own(code):
            return monitoring.DISABLE
        if rows.wants(code):
            _tell(rows, sys._getframe(1), offset)
        return None

    tool, event = 3, monitoring.events.INSTRUCTION
    monitoring.use_tool_id(tool, "lockstep")
    monitoring.register_callback(tool, event, _twin.guard(told))
    monitoring.set_events(tool, event)
    try:
        run()
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)


def _traced(rows: Rows, run: Callable[[], object]) -> None:
    def trace(frame: FrameType, event: str, _argument: object) -> object:
        if not rows.wants(frame.f_code):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            _tell(rows, frame, frame.f_lasti)
        return trace

    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(None)


# --- many programs ---


def main(side: str, folder: str, paths: Iterable[str]) -> None:
    """Write the rows of programs; one that raises leaves the reason in its own."""
    warnings.simplefilter("ignore")
    why_not = host_frames.why_not()
    if why_not is not None:
        Path(folder, "why_not").write_text(why_not)
        return
    run = in_vm() if side == "vm" else on_host()
    models = MODEL_TYPES if side == "vm" else {}
    for path in map(Path, paths):
        if str(path.parent.parent) not in sys.path:
            sys.path.insert(0, str(path.parent.parent))
        name = f"{path.parent.name}.{path.stem}"
        code = compile(f"import {name}\n{name}.main()\n", "<lockstep>", "exec")
        total = {}
        set_aside()
        for mode in (None, *MODES):
            sys.modules.pop(name, None)
            rows = Rows(f"{path.parent}/", keeps=mode == "kept", models=models)
            gc.collect()
            gc.disable()
            try:
                run(code, None if mode is None else rows)
            except Exception as error:
                rows.rows.append(f"{type(error).__name__}: {error}")
            finally:
                gc.enable()
            total[mode] = rows
        for mode in MODES:
            text = "\n".join([*total[mode].rows, f"{total[mode].slots} slots"])
            Path(folder, f"{path.stem}.{mode}.rows").write_text(text)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
