"""Exceptions: raised, handled and left as the host does."""

# ruff: noqa: PT017

from __future__ import annotations

import gc
import sys
import traceback
import warnings
import weakref
from typing import TYPE_CHECKING, Any

import error_place_programs
import except_star_programs
import generator_error_programs
import pytest
import raise_programs
import with_programs
from listing import programs

from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable


with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)  # PEP 765: `finally` that returns
    import finally_programs

PROGRAMS = programs(
    error_place_programs,
    except_star_programs,
    finally_programs,
    generator_error_programs,
    raise_programs,
    with_programs,
)


def chain(error: BaseException | None, depth: int = 6) -> Any:
    """Describe an exception with what hangs on it."""
    if error is None or not depth:
        return None
    return (
        repr(error),
        getattr(error, "__notes__", None),
        error.__suppress_context__,
        [(tb.tb_lineno, name(tb)) for tb in entries(error)],
        chain(error.__context__, depth - 1),
        chain(error.__cause__, depth - 1),
        [chain(inner, depth - 1) for inner in getattr(error, "exceptions", ())],
    )


def entries(error: BaseException) -> list[Any]:
    """Return the entries of a traceback."""
    found, entry = [], error.__traceback__
    while entry is not None:
        found.append(entry)
        entry = entry.tb_next
    return found


def name(entry: Any) -> str:
    """Return the name of the code of an entry."""
    return entry.tb_frame.f_code.co_qualname  # type: ignore[no-any-return]


def outcome(function: Callable[..., Any]) -> tuple[str, Any]:
    """Call a function; return what it returns, or all that can be said of the error."""
    try:
        return "returned", function()
    except BaseException as error:
        # Without this function's own entry, which would have different carets.
        error.__traceback__ = error.__traceback__.tb_next  # type: ignore[union-attr]
        text = "".join(traceback.format_exception(error))
        return text, chain(error)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_programs(program: Callable[..., Any]) -> None:
    """Each program ends in the VM as it does under the host, to the caret."""
    native = outcome(program)
    observed = outcome(VM().function(program))
    assert observed[0] == native[0]
    assert observed == native
    assert sys.exception() is None


def make_and_handle(made: list[Any]) -> str:
    """Handle an exception and let go of it."""

    class Noted(Exception):
        pass

    class Local:
        pass

    def inner() -> None:
        local = Local()
        made.append(weakref.ref(local))
        error = Noted()
        made.append(weakref.ref(error))
        raise error.with_traceback(None)

    try:
        try:
            inner()
        except Noted:
            sys.exc_info()  # the host is told of it
            raise
    except Noted as error:
        str(error)
    return "done"


def test_nothing_of_ours_keeps_an_exception() -> None:
    """What is raised is freed as early as under the host, with no collector."""
    gc.collect()
    gc.disable()
    try:
        native: list[Any] = []
        make_and_handle(native)
        made: list[Any] = []
        VM().function(make_and_handle)(made)
        alive = [item() is not None for item in made]
        assert alive == [item() is not None for item in native]
    finally:
        gc.enable()


def freed_at_once(made: list[Any]) -> bool:
    """Say if an exception is gone when it has been handled."""

    class Noted(Exception):
        pass

    try:
        error = Noted()
        made.append(weakref.ref(error))
        try:
            raise error
        finally:
            del error
    except Noted:
        sys.exc_info()
        max([1], key=lambda n: n)
    return made[0]() is None


def test_exceptions_are_freed_when_handled() -> None:
    """The host is told again when what it was told of has been handled."""
    gc.disable()
    try:
        assert freed_at_once([])
        assert VM().function(freed_at_once)([])
    finally:
        gc.enable()


def test_host_handles_what_it_did() -> None:
    """After a call what the host handles is what it handled before."""

    def inside() -> str:
        seen = repr(sys.exception())
        try:
            raise KeyError("inner")
        except KeyError:
            return seen + repr(sys.exception())

    vm_inside = VM().function(inside)
    try:
        raise ValueError("outer")
    except ValueError as error:
        assert vm_inside() == "ValueError('outer')KeyError('inner')"
        assert sys.exception() is error
    assert sys.exception() is None


def test_leaving_keeps_contexts() -> None:
    """An exception that leaves the VM has no context that it had not inside."""

    def inside(error: BaseException) -> None:
        try:
            raise error
        except ValueError as caught:
            caught.__context__ = None
            raise

    error = ValueError("kept")
    vm_inside = VM().function(inside)
    try:
        raise KeyError("handled outside")
    except KeyError:
        try:
            vm_inside(error)
        except ValueError as left:
            assert left is error
            assert left.__context__ is None


def test_wrong_split() -> None:
    """A `split` that answers nonsense is a TypeError: 3.13 crashes."""

    class Odd(ExceptionGroup[ValueError]):
        def split(self, _kind: object) -> Any:  # type: ignore[override]
            return 3

    def inside() -> None:
        try:
            raise Odd("o", [ValueError()])
        except* KeyError:
            pass

    with pytest.raises(TypeError, match="must return a tuple, not int"):
        VM().function(inside)()
