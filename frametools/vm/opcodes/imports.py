"""Import statements."""

from __future__ import annotations

import builtins
import warnings
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    BaseException,
    ImportError,
    SyntaxError,
    compile,
    eval,
    exec,
    getattr,
    tuple,
)
from frametools.vm.calling import CallSite, call, lookaside
from frametools.vm.frame import NULL
from frametools.vm.host_instruction import (
    hide_callee,
    host_code,
    perform_in,
    perform_in_module,
)
from frametools.vm.instruction import inst
from frametools.vm.opcodes.names import mapped, name_of
from frametools.vm.special_names import GETTERS

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler

    Frame = InterpreterFrame
    Stack = list[Any]

_LAZY, _EAGER = 1, 2


class ImportSite(CallSite):
    """The operand of an IMPORT_NAME: a call of `__import__`, and the name."""

    __slots__ = ("name",)

    name: str


def import_site(code: Code, instruction: Instruction) -> ImportSite:
    """Prepare an import."""
    site = ImportSite(instruction)
    site.name = code.co.co_names[instruction.oparg]
    return site


def import_site_above_bits(code: Code, instruction: Instruction) -> ImportSite:
    """Prepare an import whose two lowest bits say if it is lazy or eager."""
    site = ImportSite(instruction)
    site.name = code.co.co_names[instruction.oparg >> 2]
    return site


@inst("IMPORT_NAME", "level, fromlist -- res", import_site)
def import_name(frame: Frame, stack: Stack, site: ImportSite) -> Frame | None:
    """Call the `__import__` of the frame's builtins."""
    fromlist = stack.pop()
    level = stack.pop()
    function = mapped(frame.f_builtins, "__import__")
    if function is NULL:
        raise ImportError("__import__ not found")
    arguments = [site.name, frame.f_globals, frame.f_locals, fromlist, level]
    return call(frame, stack, site, function, arguments, {})


def _choose_import(_code: Code, instruction: Instruction) -> Handler | None:
    return None if instruction.oparg & _EAGER else import_name_maybe_lazy


@inst("IMPORT_NAME", "level, fromlist -- res", import_site_above_bits)
def import_name_maybe_lazy(
    frame: Frame, stack: Stack, site: ImportSite
) -> Frame | None:
    """Import when the name is first used, if the statement or the mode says so."""
    if frame.f_locals is not frame.f_globals:
        if site.oparg & _LAZY:
            raise SyntaxError("'lazy import' is only allowed at module level")
        return import_name(frame, stack, site)
    found = perform_in_module(
        frame.f_globals, "IMPORT_NAME", site.oparg & 3, *stack[-2:], name=site.name
    )
    stack[-2:] = (found,)
    return None


@inst("IMPORT_NAME", "level, fromlist -- res", import_site_above_bits, _choose_import)
def import_name_eager(frame: Frame, stack: Stack, site: ImportSite) -> Frame | None:
    """Call `__import__`: a statement that is never lazy."""
    return import_name(frame, stack, site)


@inst("IMPORT_FROM", "from -- from, res", name_of)
def import_from(frame: Frame, stack: Stack, name: str) -> None:
    """Push an attribute of a module, or else a submodule."""
    getter = GETTERS.get(name)
    if getter is not None:
        value = getter(frame, stack[-1])
        if value is not NULL:
            stack.append(value)
            return
    found = perform_in(frame.f_globals, "IMPORT_FROM", 0, stack[-1], name=name)
    stack.append(found[1])


def all_from(frame: Frame, opname: str, oparg: int, module: Any) -> None:
    """Put all public names of a module into the namespace."""
    if frame.f_locals is frame.f_globals:
        perform_in_module(frame.f_globals, opname, oparg, module)
        return
    host = host_code(opname, oparg, in_module=True)
    code = host.code.replace(co_consts=(module,))
    try:
        exec(code, frame.f_globals, frame.f_locals)
    except BaseException as error:
        hide_callee(error)
        raise


@inst("IMPORT_STAR", "from --")
def import_star(frame: Frame, stack: Stack, _oparg: int) -> None:
    """Put all public names of a module into the namespace."""
    all_from(frame, "IMPORT_STAR", 0, stack.pop())


def answer_lazy_import(frame: Frame, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """__lazy_import__(): it must be called by a module."""
    if frame.f_locals is not frame.f_globals:
        return NULL
    consts = {"f": _lazy_import, "args": args, "kwargs": kwargs}
    code = _CALL.replace(co_consts=tuple(consts[const] for const in _CALL.co_consts))
    try:
        return eval(code, frame.f_globals)
    except BaseException as error:
        hide_callee(error)
        raise


with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # "str object is not callable"
    _CALL = compile("'f'(*'args', **'kwargs')", "<lazy import>", "eval")
_lazy_import = getattr(builtins, "__lazy_import__", None)
if _lazy_import is not None:
    lookaside(_lazy_import)(answer_lazy_import)
