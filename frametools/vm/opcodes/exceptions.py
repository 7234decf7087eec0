"""Raising and handling exceptions, `except*`, and `with` statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._python import (
    CHECKS_CAUSE_INSTANCE,
    KEEPS_GROUP_WITHOUT_MATCH,
    WRAPPED_HAS_TRACEBACK,
)
from frametools._safe_repr.classes import of_class
from frametools.vm import unwind
from frametools.vm._builtins import (
    AssertionError,
    BaseException,
    BaseExceptionGroup,
    RuntimeError,
    TypeError,
    any,
    getattr,
    id,
    isinstance,
    issubclass,
    len,
    list,
    set,
    tuple,
    type,
)
from frametools.vm.calling import CallSite, call, call_site
from frametools.vm.frame import NULL, Owner
from frametools.vm.host import call_told, get_context, get_traceback, set_traceback
from frametools.vm.instruction import inst
from frametools.vm.objects import is_method
from frametools.vm.resumption import begin_handling, pause_handling
from frametools.vm.tracebacks import add_entry
from frametools.vm.unwind import raise_error

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame

    Frame = InterpreterFrame
    Stack = list[Any]

_HEAP_TYPE = 1 << 9
_is_subclass = type.__subclasscheck__
"""PyType_IsSubtype, for classes whose metaclass says otherwise."""
_set_cause = BaseException.__dict__["__cause__"].__set__
_get_cause = BaseException.__dict__["__cause__"].__get__
_GENERATOR = Owner.GENERATOR


# Handling


@inst("PUSH_EXC_INFO", "exc -- prev_exc, exc")
def push_exc_info(frame: Frame, stack: Stack, _oparg: int) -> None:
    """Begin to handle the exception; what was handled before stays below it."""
    info = frame.thread.exc_info
    if frame.owner is _GENERATOR and frame.exc_info is None:
        info = begin_handling(frame)
    error = stack[-1]
    stack[-1] = info.exc_value
    stack.append(error)
    info.exc_value = error


@inst("POP_EXCEPT", "prev_exc --")
def pop_except(frame: Frame, stack: Stack, _oparg: int) -> None:
    """End handling an exception: what was handled before is again."""
    thread = frame.thread
    info = thread.exc_info
    error = info.exc_value
    info.exc_value = before = stack.pop()
    if before is None and frame.owner is _GENERATOR:
        pause_handling(frame, info)
    if thread.host_exc is error and error is not before:
        thread.tell_host()  # it would keep the exception alive


@inst("CHECK_EXC_MATCH", "exc, match_type -- exc, b")
def check_exc_match(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Say if an `except` clause is the one for the exception."""
    match_type = stack[-1]
    if type(match_type) is type and issubclass(match_type, BaseException):
        stack[-1] = issubclass(type(stack[-2]), match_type)
        return
    check_exception_type(match_type)
    stack[-1] = matches(stack[-2], match_type)


def is_exception_class(value: Any) -> bool:
    """PyExceptionClass_Check: no `__subclasscheck__` and no `__class__` is asked."""
    return issubclass(type(value), type) and _is_subclass(BaseException, value)


def check_exception_type(match_type: Any) -> None:
    """Refuse what is no exception class: `_PyEval_CheckExceptTypeValid`."""
    kinds = match_type if isinstance(match_type, tuple) else (match_type,)
    for kind in tuple.__iter__(kinds):
        if not is_exception_class(kind):
            raise TypeError(
                "catching classes that do not inherit from BaseException is not allowed"
            )


def matches(error: BaseException, match_type: Any) -> bool:
    """PyErr_GivenExceptionMatches, of a valid class or tuple of classes."""
    if issubclass(type(match_type), tuple):
        return any(matches(error, kind) for kind in tuple.__iter__(match_type))
    return _is_subclass(match_type, type(error))


# except*


@inst("CHECK_EG_MATCH", "exc, match_type -- rest, match")
def check_eg_match(frame: Frame, stack: Stack, _oparg: int) -> None:
    """Split an exception into what an `except*` clause takes and the rest."""
    match_type = stack[-1]
    check_exception_type(match_type)
    kinds = match_type if isinstance(match_type, tuple) else (match_type,)
    for kind in tuple.__iter__(kinds):
        if issubclass(kind, BaseExceptionGroup):
            raise TypeError(
                "catching ExceptionGroup with except* is not allowed. "
                "Use except instead."
            )
    rest, match = _split(frame, stack[-2], match_type)
    if match is None and KEEPS_GROUP_WITHOUT_MATCH:
        rest = stack[-2]
    stack[-2:] = rest, match
    if match is not None:
        thread = frame.thread
        handled, thread.exc_info.exc_value = thread.exc_info.exc_value, match
        if thread.host_exc is handled:
            thread.tell_host()


def _split(frame: Frame, error: BaseException | None, match_type: Any) -> Any:
    """Return (rest, match): `_PyEval_ExceptionGroupMatch`."""
    if error is None:
        return None, None
    is_group = _is_subclass(BaseExceptionGroup, type(error))
    if matches(error, match_type):
        if is_group:
            return None, error
        group = BaseExceptionGroup("", (error,))
        if WRAPPED_HAS_TRACEBACK:
            set_traceback(group, add_entry(frame, None, frame.instr_ptr))
        return None, group
    if not is_group:
        return error, None
    split = error.split  # type: ignore[attr-defined]
    pair = call_told(frame.thread, split, match_type)
    kind = type(error).__name__
    if not isinstance(pair, tuple):
        raise TypeError(f"{kind}.split must return a tuple, not {type(pair).__name__}")
    if len(pair) < 2:
        raise TypeError(
            f"{kind}.split must return a 2-tuple, got tuple of size {len(pair)}"
        )
    return pair[1], pair[0]


@inst("PREP_RERAISE_STAR", "orig, excs -- val")
def prep_reraise_star_op(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Make what is raised after a `try` with `except*` clauses, or None."""
    excs = stack.pop()
    stack[-1] = prep_reraise_star(stack[-1], excs)


def prep_reraise_star(orig: BaseException, excs: list[Any]) -> BaseException | None:
    """Combine what clauses raised with what is left: `_PyExc_PrepReraiseStar`."""
    if not excs:
        return None
    if not _is_subclass(BaseExceptionGroup, type(orig)):
        naked: BaseException | None = excs[0]  # only one clause can have run
        return naked
    raised: list[BaseException] = []
    reraised: list[BaseException] = []
    for error in excs:
        if error is not None:
            (reraised if _has_metadata_of(error, orig) else raised).append(error)
    again = _projection(orig, reraised)
    if not raised:
        return again
    if again is not None:
        raised.append(again)
    return BaseExceptionGroup("", raised) if len(raised) > 1 else raised[0]


def _has_metadata_of(error: BaseException, orig: BaseException) -> bool:
    return (
        _notes(error) is _notes(orig)
        and get_traceback(error) is get_traceback(orig)
        and _get_cause(error) is _get_cause(orig)
        and get_context(error) is get_context(orig)
    )


def _notes(error: BaseException) -> Any:
    return getattr(error, "__notes__", None)


def _projection(orig: Any, keep: list[BaseException]) -> BaseException | None:
    """Return the part of a group with the leaves of `keep` in its own structure."""
    wanted: set[int] = set()
    for error in keep:
        _add_leaves(error, wanted)
    if not wanted:
        return None

    def is_wanted(error: BaseException) -> bool:
        is_group = _is_subclass(BaseExceptionGroup, type(error))
        return not is_group and id(error) in wanted

    found: BaseException | None = BaseExceptionGroup.subgroup(orig, is_wanted)
    return found


def _add_leaves(error: Any, found: set[int]) -> None:
    if _is_subclass(BaseExceptionGroup, type(error)):
        for inner in error.exceptions:
            _add_leaves(inner, found)
    else:
        found.add(id(error))


# Raising


@inst("RERAISE", "values[oparg], exc -- values[oparg]")
def reraise(frame: Frame, stack: Stack, oparg: int) -> Frame | None:
    """Go on with an exception that was caught, from where it was raised at first."""
    error = stack.pop()
    return unwind.reraise(frame, error, stack[-oparg] if oparg else -1)


@inst("RAISE_VARARGS", "args[oparg] --")
def raise_one(frame: Frame, stack: Stack, _oparg: int) -> Frame | None:
    """`raise error`."""
    error = stack.pop()
    if not issubclass(type(error), BaseException):
        error = _made(frame, error)
    return raise_error(frame, error)


def _of_one(_code: Code, instruction: Instruction) -> Any:
    return raise_one if instruction.oparg == 1 else None


@inst("RAISE_VARARGS", "args[oparg] --", choose=_of_one)
def raise_varargs(frame: Frame, stack: Stack, oparg: int) -> Frame | None:
    """`raise`, `raise error`, or `raise error from cause`: `do_raise`."""
    if not oparg:
        handled = frame.thread.handled()
        if handled is None:
            raise RuntimeError("No active exception to reraise")
        return unwind.reraise(frame, handled)
    cause = stack.pop() if oparg == 2 else NULL
    error = stack.pop()
    if not issubclass(type(error), BaseException):
        error = _made(frame, error)
    if cause is not NULL:
        if is_exception_class(cause):
            cause = _cause_instance(frame, cause)
        elif cause is not None and not _is_subclass(BaseException, type(cause)):
            raise TypeError("exception causes must derive from BaseException")
        _set_cause(error, cause)
    return raise_error(frame, error)


def _new(frame: Frame, kind: Any) -> Any:
    """Instantiate an exception class, whose `__init__` may be the program's."""
    if kind.__flags__ & _HEAP_TYPE:
        return call_told(frame.thread, kind)
    return kind()


def _made(frame: Frame, kind: Any) -> Any:
    """Return the exception that `raise kind` is to raise."""
    if not is_exception_class(kind):
        raise TypeError("exceptions must derive from BaseException")
    return _instance(frame, kind)


def _instance(frame: Frame, kind: Any) -> Any:
    error = _new(frame, kind)
    if not _is_subclass(BaseException, type(error)):
        raise TypeError(
            f"calling {kind!r} should have returned an instance of BaseException, "
            f"not {type(error)!r}"
        )
    return error


def _cause_instance(frame: Frame, kind: Any) -> Any:
    if CHECKS_CAUSE_INSTANCE:
        return _instance(frame, kind)
    cause = _new(frame, kind)
    # The host stores what is no exception, which no Python code can do.
    return cause if _is_subclass(BaseException, type(cause)) else None


@inst("LOAD_ASSERTION_ERROR", "-- AssertionError")
def load_assertion_error(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push the class that `assert` raises, whatever the name means now."""
    stack.append(AssertionError)


# with


def lookup_special(owner: Any, name: str) -> tuple[Any, Any] | None:
    """Look up a special method: `_PyObject_LookupSpecialMethod`, 3.14.

    Returns (function, owner), or (bound, NULL) if it is no plain method, or None.
    """
    kind = type(owner)
    found = of_class(kind, name, NULL)
    if found is NULL:
        return None
    if is_method(found):
        return found, owner
    if of_class(type(found), "__get__", NULL) is NULL:
        return found, NULL
    return type(found).__get__(found, owner, kind), NULL


def _bound(found: tuple[Any, Any]) -> Any:
    function, owner = found
    return function if owner is NULL else function.__get__(owner, type(owner))


def _refuse_with(manager: Any) -> None:
    """Raise the host's TypeError for what cannot be used in a `with` statement."""
    with manager:
        pass


def _refuse_async_with(manager: Any) -> None:
    async def refuse() -> None:
        async with manager:
            pass

    coroutine = refuse()
    try:
        coroutine.send(None)
    finally:
        coroutine.close()


def _enter(
    frame: Frame, stack: Stack, site: CallSite, enter: str, leave: str, refuse: Any
) -> Frame | None:
    frame.thread.tell_host()
    manager = stack.pop()
    entering = lookup_special(manager, enter)
    leaving = None if entering is None else lookup_special(manager, leave)
    if entering is None or leaving is None:
        refuse(manager)
        raise TypeError(f"{type(manager).__name__!r} object has no {enter}, {leave}")
    stack.append(_bound(leaving))
    function, owner = entering
    return call(frame, stack, site, function, [] if owner is NULL else [owner], {})


@inst("BEFORE_WITH", "mgr -- exit, res", prepare=call_site)
def before_with(frame: Frame, stack: Stack, site: CallSite) -> Frame | None:
    """Push `mgr.__exit__`, and call `mgr.__enter__`."""
    return _enter(frame, stack, site, "__enter__", "__exit__", _refuse_with)


@inst("BEFORE_ASYNC_WITH", "mgr -- exit, res", prepare=call_site)
def before_async_with(frame: Frame, stack: Stack, site: CallSite) -> Frame | None:
    """Push `mgr.__aexit__`, and call `mgr.__aenter__`."""
    return _enter(frame, stack, site, "__aenter__", "__aexit__", _refuse_async_with)


_SPECIAL = (
    ("__enter__", _refuse_with),
    ("__exit__", _refuse_with),
    ("__aenter__", _refuse_async_with),
    ("__aexit__", _refuse_async_with),
)


def _special(_code: Code, instruction: Instruction) -> tuple[str, Any]:
    return _SPECIAL[instruction.oparg]


@inst("LOAD_SPECIAL", "owner -- attr, self_or_null", prepare=_special)
def load_special(frame: Frame, stack: Stack, special: tuple[str, Any]) -> None:
    """Push a method of a context manager, to be called by what follows."""
    name, refuse = special
    frame.thread.tell_host()
    owner = stack[-1]
    found = lookup_special(owner, name)
    if found is None:
        refuse(owner)
        raise TypeError(f"{type(owner).__name__!r} object has no {name}")
    stack[-1:] = found


@inst(
    "WITH_EXCEPT_START",
    "exit, lasti, unused, val -- exit, lasti, unused, val, res",
    prepare=call_site,
)
def with_except_start(frame: Frame, stack: Stack, site: CallSite) -> Frame | None:
    """Call `__exit__` with the exception that left the block."""
    error = stack[-1]
    args = [type(error), error, get_traceback(error)]
    return call(frame, stack, site, stack[-4], args, {})


@inst(
    "WITH_EXCEPT_START",
    "exit, self_or_null, lasti, unused, val "
    "-- exit, self_or_null, lasti, unused, val, res",
    prepare=call_site,
)
def with_except_start_and_self(
    frame: Frame, stack: Stack, site: CallSite
) -> Frame | None:
    """Call `__exit__`, which stands apart from its object, with the exception."""
    error = stack[-1]
    args = [type(error), error, get_traceback(error)]
    if stack[-4] is not NULL:
        args.insert(0, stack[-4])
    return call(frame, stack, site, stack[-5], args, {})
