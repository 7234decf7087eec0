"""How native code calls back into the VM: functions whose code is a trampoline.

A function that the VM makes is a real `function`, with the signature, name, flags and
free variables of the original, so that `inspect` and all of C take it for what it is;
but its code says only

    def name(a, b, *args, c, **kwargs):
        arguments = [a, b, c, args, kwargs]
        del a, b, c, args, kwargs
        try:
            return ENTER(CODE, arguments, lambda: (cell, ...))
        except:
            STRIP()  # nothing of ours is left in the traceback:
            raise    # a bare `raise` adds no entry

The host binds the arguments and words the errors; the lambda hands over the closure,
the globals and the builtins. The list becomes the frame's `localsplus`: nothing else
keeps an argument alive. A trampoline is compiled once per shape of signature (150 us)
and made per code object with `code.replace` (about 5 us).
"""

from __future__ import annotations

import _warnings
import sys
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    AttributeError,
    SyntaxWarning,
    chr,
    compile,
    getattr,
    iter,
    len,
    list,
    next,
    range,
    str,
    tuple,
    type,
)
from frametools.vm.calling import hide, remember
from frametools.vm.code import CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS
from frametools.vm.frame import NULL, THREAD, InterpreterFrame, Shim
from frametools.vm.interpreter import evaluate
from frametools.vm.thread import ExcInfo
from frametools.vm.tracebacks import strip_handled

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.code import Code

sys_exception = sys.exception
new_object: Any = object.__new__

_KEPT_FLAGS = 0x10 | 0x20 | 0x80 | 0x100 | 0x200 | 0xFFF0000
"""CO_NESTED, the four kinds of resumable code, `from __future__`, 3.14's docstring
and method flags: what `inspect` and C read of a code object."""

_templates: dict[tuple[int, ...], CodeType] = {}
_ENTER, _CODE, _STRIP = "\0enter", "\0code", "\0strip"


def enter(code: Code, localsplus: list[Any], func: Callable[..., Any]) -> Any:
    """Run a frame for native code: what every trampoline calls.

    `func` has the closure, globals and builtins of the function. Costs about 1 us
    above what a call within the VM costs.
    """
    try:
        thread = code.vm.local.thread
    except AttributeError:
        thread = code.vm.new_thread()
    caller = thread.current_frame
    depth = 0 if caller is None else caller.depth
    if depth >= thread.safe_depth:
        thread.check_depth(depth)
    missing = code.nlocalsplus - len(localsplus)
    if missing:
        localsplus += [NULL] * missing
    # Shim() and InterpreterFrame() in place: that saves a third of their cost.
    shim = new_object(Shim)
    shim.thread = thread
    shim.previous = caller
    shim.depth = depth
    shim.localsplus = []
    frame = new_object(InterpreterFrame)
    frame.code = code
    frame.previous = shim
    frame.f_funcobj = func
    frame.f_globals = func.__globals__
    frame.f_builtins = func.__builtins__  # type: ignore[attr-defined,unused-ignore]
    frame.localsplus = localsplus
    frame.thread = thread
    frame.depth = depth + 1
    frame.instr = iter(code.ops)
    frame.owner = THREAD
    frame.frame_obj = frame.generator = frame.f_locals = None
    if caller is None:
        return enter_outermost(frame, shim)
    host_exc = sys_exception()
    if host_exc is thread.host_exc:
        return evaluate(frame, shim)
    return enter_handling(frame, shim, host_exc)


def enter_handling(
    frame: InterpreterFrame, shim: Shim, host_exc: BaseException | None
) -> Any:
    """Run a frame for native code that is handling an exception of its own."""
    thread = frame.thread
    before, told = thread.exc_info, thread.host_exc
    thread.exc_info = item = ExcInfo()
    item.exc_value = thread.host_exc = host_exc
    item.previous = before
    try:
        return evaluate(frame, shim)
    finally:
        thread.exc_info, thread.host_exc = before, told


def enter_outermost(frame: InterpreterFrame, shim: Shim) -> Any:
    """Run a thread's first frame, with room on the host's stack for all that follow."""
    thread = frame.thread
    thread.vm.begin()
    try:
        return enter_handling(frame, shim, sys_exception())
    finally:
        del frame
        thread.vm.end()


def run_code(
    code: Code,
    global_names: dict[str, Any],
    local_names: Any,
    closure: tuple[Any, ...] = (),
) -> Any:
    """Run the code of a module, a class body or an `exec`: `PyEval_EvalCode`.

    Its frame has `local_names` as namespace. The code is run as if called natively
    from the current frame of this thread.
    """
    vm = code.vm
    try:
        thread = vm.local.thread
    except AttributeError:
        thread = vm.new_thread()
    caller = thread.current_frame
    depth = 0 if caller is None else caller.depth
    if depth >= thread.safe_depth:
        thread.check_depth(depth)
    shim = Shim(thread, caller, depth)
    depth += 1
    # Has the builtins that belong to the globals, and the closure.
    func = (
        FunctionType(trampoline(code), global_names, None, None, closure)
        if closure
        else FunctionType(_nothing, global_names)
    )
    frame = InterpreterFrame(
        code,
        shim,
        func,
        global_names,
        func.__builtins__,  # type: ignore[attr-defined,unused-ignore]
        [NULL] * code.nlocalsplus,
        thread,
        depth,
    )
    if not code.co.co_flags & CO_OPTIMIZED:
        frame.f_locals = local_names
    if caller is None:
        return enter_outermost(frame, shim)
    return enter_handling(frame, shim, sys_exception())


def enter_namespace(
    code: Code, _localsplus: list[Any], func: Callable[..., Any]
) -> Any:
    """Run a function made of a module's code: its namespace is its globals."""
    names = func.__globals__
    return run_code(code, names, names, func.__closure__ or ())


_nothing = (lambda: None).__code__


def trampoline(code: Code) -> CodeType:
    """Return the code that stands for `code` in function objects."""
    made = code.trampoline
    if made is None:
        made = _make(code)
        code.trampoline_ref = remember(code.vm.codes, made, code)
        hide(made)
    return made


def _make(code: Code) -> CodeType:
    co = code.co
    flags = co.co_flags & (CO_VARARGS | CO_VARKEYWORDS)
    shape = (
        co.co_argcount,
        co.co_posonlyargcount,
        co.co_kwonlyargcount,
        flags,
        len(co.co_freevars),
    )
    template = _templates.get(shape)
    if template is None:
        template = _templates[shape] = _compile(*shape)
    consts = {
        _ENTER: enter if co.co_flags & CO_OPTIMIZED else enter_namespace,
        _CODE: code,
        _STRIP: strip_handled,
        "\0doc": _docstring(co),
    }
    named = co.co_argcount + co.co_kwonlyargcount + flags.bit_count()
    return template.replace(
        co_consts=tuple(
            consts.get(const, const) if type(const) is str else const
            for const in template.co_consts
        ),
        co_name=co.co_name,
        co_qualname=co.co_qualname,
        co_filename=co.co_filename,
        co_firstlineno=co.co_firstlineno,
        co_varnames=co.co_varnames[:named] + template.co_varnames[named:],
        co_freevars=co.co_freevars,
        co_flags=template.co_flags & ~_KEPT_FLAGS | co.co_flags & _KEPT_FLAGS,
    )


def _docstring(co: CodeType) -> object:
    return co.co_consts[0] if co.co_consts and type(co.co_consts[0]) is str else None


_QUIETLY = "ignore", None, SyntaxWarning, None, 0


def _compile_quietly(source: str) -> CodeType:
    """Compile without "'str' object is not callable": it will be.

    Not with `warnings.catch_warnings`: a program may be just importing `warnings` anew,
    and it would make all that has been warned of be warned of again.
    """
    changed = []
    for module in sys.modules.get("warnings"), _warnings:
        filters = getattr(module, "filters", None)
        if type(filters) is list and filters[:1] != [_QUIETLY]:
            filters.insert(0, _QUIETLY)
            changed.append(filters)
    try:
        return compile(source, "<trampoline>", "exec", dont_inherit=True)
    finally:
        for filters in changed:
            if _QUIETLY in filters:
                filters.remove(_QUIETLY)


def _compile(
    argcount: int, positional_only: int, keyword_only: int, flags: int, free: int
) -> CodeType:
    names = [f"a{at}" for at in range(argcount + keyword_only + flags.bit_count())]
    rest = iter(names)
    parameters = [next(rest) for _ in range(argcount)]
    if positional_only:
        parameters.insert(positional_only, "/")
    by_name = [next(rest) for _ in range(keyword_only)]
    if flags & CO_VARARGS:
        parameters.append("*" + next(rest))
    elif by_name:
        parameters.append("*")
    parameters += by_name
    if flags & CO_VARKEYWORDS:
        parameters.append("**" + next(rest))
    cells = [f"c{at:06}" for at in range(free)]
    closure = "".join(cell + "," for cell in cells)
    source = f"""\
def outer({", ".join(cells)}):
    def inner({", ".join(parameters)}):
        {chr(0) + "doc"!r}
        arguments = [{", ".join(names)}]
        {"del " + ", ".join(names) if names else ""}
        try:
            return {_ENTER!r}({_CODE!r}, arguments, lambda: ({closure}))
        except:
            {_STRIP!r}()
            raise
"""
    module = _compile_quietly(source)
    outer = next(c for c in module.co_consts if type(c) is CodeType)
    return next(c for c in outer.co_consts if type(c) is CodeType)
