"""The host's own instruction, alone in a function: exact meaning and wording.

    perform("UNPACK_SEQUENCE", 2, 5)  ->  cannot unpack non-iterable int object

runs a function whose code is only

    RESUME; LOAD_FAST 0; ...; LOAD_FAST n-1; the instruction; RETURN_VALUE

Handlers do the common case themselves and leave the rest, and the errors, to it. A code
object that is not well-formed could crash the process. So an instruction must stand in
`_SHAPES`; what it pops and pushes must agree with `dis.stack_effect`; the operands must
be of the kinds that the instruction does not check itself; and before the first use the
smallest of such functions is tried.
"""

from __future__ import annotations

import builtins
import dis
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools.vm._builtins import (
    BaseException,
    KeyError,
    SystemError,
    bytes,
    dict,
    enumerate,
    frozenset,
    getattr,
    isinstance,
    len,
    list,
    object,
    range,
    set,
    str,
    tuple,
    type,
)
from frametools.vm.calling import hide, one_line
from frametools.vm.instruction import cache_entries

if TYPE_CHECKING:
    from collections.abc import Callable

FILENAME = "<instruction>"

_opmap = dict(dis.opmap)
_stack_effect = dis.stack_effect
_HAS_OPARG = frozenset(getattr(dis, "hasarg", None) or range(dis.HAVE_ARGUMENT, 256))


class Shape(NamedTuple):
    """What an instruction needs and leaves on a stack that has nothing else."""

    kinds: tuple[type[Any], ...]
    """Of its operands, bottom first: `object` where it takes any."""
    leaves: int
    """How many items are on the stack after it, with operands that stay."""


class HostCode(NamedTuple):
    """Code that executes one instruction."""

    code: CodeType
    operands: int
    """How many."""
    checked: tuple[tuple[int, type[Any]], ...]
    """Indexes of those that must be of a kind."""


def _any(count: int, leaves: int = 1) -> Shape:
    return Shape((object,) * count, leaves)


_SHAPES: dict[str, Callable[[int], Shape]] = {
    "UNPACK_SEQUENCE": lambda oparg: _any(1, oparg),
    "UNPACK_EX": lambda oparg: _any(1, (oparg & 255) + 1 + (oparg >> 8)),
    "LIST_EXTEND": lambda _: Shape((list, object), 1),
    "SET_UPDATE": lambda _: Shape((set, object), 1),
    "DICT_UPDATE": lambda _: Shape((dict, object), 1),
    "DICT_MERGE": lambda _: Shape((object, object, object, dict, object), 4),
    "MATCH_MAPPING": lambda _: _any(1, 2),
    "MATCH_SEQUENCE": lambda _: _any(1, 2),
    "MATCH_KEYS": lambda _: Shape((object, tuple), 3),
    "MATCH_CLASS": lambda _: Shape((object, object, tuple), 1),
    "BUILD_INTERPOLATION": lambda oparg: Shape(
        (object, str, object) if oparg & 1 else (object, str), 1
    ),
    "BUILD_TEMPLATE": lambda _: Shape((tuple, tuple), 1),
    "CALL_INTRINSIC_1": lambda _: _any(1),
    "CALL_INTRINSIC_2": lambda _: _any(2),
    "PRINT_EXPR": lambda _: _any(1, 0),
    "LOAD_GLOBAL": lambda _: _any(0),
    "IMPORT_NAME": lambda _: _any(2),
    "IMPORT_FROM": lambda _: _any(1, 2),
    "IMPORT_STAR": lambda _: _any(1, 0),
}
"""By name; called with the oparg."""

_codes: dict[tuple[str, int, str | None, bool], HostCode] = {}
_functions: dict[tuple[str, int], tuple[Any, HostCode]] = {}
_NO_GLOBALS: dict[str, Any] = {"__builtins__": builtins.__dict__}
"""What an iterable's C code sees as globals: to import, it looks the builtins up."""


def perform(opname: str, oparg: int, *operands: Any) -> Any:
    """Execute one instruction on operands.

    Returns the item that it leaves on the stack; if it unpacks, or leaves none or
    several, a tuple of them, bottom first. Costs about 0.3 us above the instruction.
    """
    try:
        function, host = _functions[opname, oparg]
    except KeyError:
        host = host_code(opname, oparg)
        function = FunctionType(host.code, _NO_GLOBALS)
        _functions[opname, oparg] = function, host
    check(host, operands)
    return function(*operands)


def perform_in(
    global_names: dict[str, Any],
    opname: str,
    oparg: int,
    *operands: Any,
    name: str | None = None,
) -> Any:
    """Execute an instruction that reads globals, or asks in which module it is."""
    host = host_code(opname, oparg, name)
    check(host, operands)
    return FunctionType(host.code, global_names)(*operands)


def perform_in_module(
    global_names: dict[str, Any],
    opname: str,
    oparg: int,
    *operands: Any,
    name: str | None = None,
) -> Any:
    """Execute an instruction that wants to be at a module's top level.

    The globals are its locals, too.
    """
    host = host_code(opname, oparg, name, in_module=True)
    check(host, operands)
    code = host.code.replace(co_consts=operands or (None,))
    with_names = FunctionType(code, global_names)
    try:
        return with_names()
    except BaseException as error:
        hide_callee(error)
        raise


def hide_callee(error: BaseException) -> None:
    """Take out of a traceback the entry below its first: code that is not `HIDDEN`."""
    first = error.__traceback__
    if first is not None and first.tb_next is not None:
        first.tb_next = first.tb_next.tb_next


def check(host: HostCode, operands: tuple[Any, ...]) -> None:
    """Refuse operands that the host would take to be something else."""
    if len(operands) != host.operands:
        raise SystemError(f"{host.code.co_name} takes {host.operands} operands")
    for at, kind in host.checked:
        if not isinstance(operands[at], kind):
            raise SystemError(
                f"bad operand of {host.code.co_name}: {type(operands[at]).__name__}"
            )


def host_code(
    opname: str, oparg: int, name: str | None = None, in_module: bool = False
) -> HostCode:
    """Return the code that executes one instruction.

    Its parameters are the operands. With `in_module` they are its constants instead,
    to be replaced, and its globals are its locals. `name` is its only name.
    """
    key = opname, oparg, name, in_module
    found = _codes.get(key)
    if found is None:
        if not _codes:
            _self_test()
        found = _codes[key] = _make(opname, oparg, name, in_module)
    return found


def _make(opname: str, oparg: int, name: str | None, in_module: bool) -> HostCode:
    kinds, leaves = _SHAPES[opname](oparg)
    count = len(kinds)
    op = _opmap[opname]
    effect = _stack_effect(op, oparg if op in _HAS_OPARG else None)
    if effect != leaves - count:
        raise SystemError(f"{opname} {oparg} is not as known")
    raw = _unit("RESUME", 0)
    for at in range(count):
        raw += _unit("LOAD_CONST" if in_module else "LOAD_FAST", at)
    raw += _unit(opname, oparg)
    if leaves != 1 or opname.startswith("UNPACK"):
        raw += _unit("BUILD_TUPLE", leaves)
    raw += _unit("RETURN_VALUE", 0)
    parameters = 0 if in_module else count
    code = _template.__code__.replace(
        co_code=raw,
        co_flags=0 if in_module else _template.__code__.co_flags,
        co_argcount=parameters,
        co_nlocals=parameters,
        co_varnames=tuple([f"operand{at}" for at in range(parameters)]),
        co_names=() if name is None else (name,),
        co_consts=(None,) * (count or 1),
        co_stacksize=count + leaves + 4,
        co_filename=FILENAME,
        co_name=opname,
        co_qualname=opname,
        co_linetable=one_line(raw),
        co_exceptiontable=b"",
    )
    hide(code)
    checked = [(at, kind) for at, kind in enumerate(kinds) if kind is not object]
    return HostCode(code, count, tuple(checked))


def _template() -> None: ...


def _unit(opname: str, oparg: int) -> bytes:
    """Encode an instruction: EXTENDED_ARGs before it, empty inline caches behind."""
    raw = b""
    for shift in (24, 16, 8):
        if oparg >> shift:
            raw += bytes((_opmap["EXTENDED_ARG"], oparg >> shift & 255))
    return raw + bytes((_opmap[opname], oparg & 255)) + bytes(2 * cache_entries(opname))


def _self_test() -> None:
    """Try the smallest: it loads, builds and returns."""
    host = _make("UNPACK_SEQUENCE", 2, None, False)
    known = dis.Bytecode(host.code)
    names = [i.opname for i in known if i.opname not in ("CACHE", "EXTENDED_ARG")]
    expected = ["RESUME", "LOAD_FAST", "UNPACK_SEQUENCE", "BUILD_TUPLE", "RETURN_VALUE"]
    if names != expected or FunctionType(host.code, {})((1, 2)) != (2, 1):
        raise SystemError("this interpreter's instructions are not as known")
