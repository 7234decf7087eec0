"""What CPython's other test files found: each function tells the same anywhere."""

from __future__ import annotations

import gc
import inspect
import opcode
import sys
import warnings
from typing import Any

import pytest


def attributes_that_are_missing() -> Any:
    def generator() -> Any:
        yield

    things = [sys._getframe(), generator()]
    return [hasattr(thing, "__module__") for thing in things]


def loop_over_a_generator_with_a_value() -> Any:
    def generator() -> Any:
        yield 0
        return 123

    def loop() -> None:
        for _ in generator():
            pass

    events = []

    def trace(frame: Any, event: str, arg: Any) -> Any:
        events.append((event, frame.f_code.co_name, frame.f_lineno, repr(arg)))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        loop()
    finally:
        sys.settrace(before)
    return events


def who_refers_to_code() -> Any:
    def function() -> None: ...

    found = gc.get_referrers(function.__code__)
    return [thing.__name__ for thing in found if inspect.isfunction(thing)]


def unknown_opcode() -> Any:
    def function() -> None: ...

    op = opcode.opname.index("<229>")
    raw = function.__code__.co_code
    first = raw.index(bytes((opcode.opmap["RESUME"],)))
    raw = raw[:first] + bytes((op,)) + raw[first + 1 :]
    function.__code__ = function.__code__.replace(co_code=raw)
    if sys.version_info < (3, 13):  # the process crashes
        return None
    try:
        function()
    except SystemError as error:
        return str(error)


def native_compile_has_no_futures() -> Any:
    names = {"__name__": "x", "compile": compile}
    source = "code = compile('x: int = 1', 'f', 'exec')"
    exec(compile(source, "f", "exec", dont_inherit=True), names)
    return names["code"].co_flags, names["code"].co_names


def warnings_are_given_once() -> Any:
    seen = []
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = lambda *args: seen.append(str(args[0]))
        for count in range(3):
            warnings.warn("once", stacklevel=1)
            names: dict[str, Any] = {}
            # A signature that the VM has not seen yet.
            exec(f"def f({', '.join('abcdefghij'[: 7 + count])}, /): 1", names)
            names["f"](*range(7 + count))
    return seen


def warnings_are_registered_with_the_caller() -> Any:
    names: dict[str, Any] = {"__name__": "registering"}
    exec("import warnings\ndef warn(): warnings.warn('once')", names)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("module")
        names["warn"]()
        names["warn"]()
    return len(seen), sorted(map(str, names["__warningregistry__"]))


def warn_of_a_module_imported_anew() -> Any:
    kept = {name: sys.modules.pop(name) for name in ("warnings", "_warnings")}
    names: dict[str, Any] = {}
    try:
        exec("from _warnings import warn", names)
        exec("def outer(): inner()\ndef inner(): warn('deep', stacklevel=2)", names)
    finally:
        sys.modules.update(kept)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        names["outer"]()
    return [(warning.filename, warning.lineno) for warning in seen]


def sizes() -> Any:
    def generator() -> Any:
        yield

    return [sys.getsizeof(each) for each in (sys._getframe(), generator())]


def depth_as_the_tests_of_cpython_see_it() -> Any:
    module = pytest.importorskip("_testinternalcapi")
    if not hasattr(module, "get_recursion_depth"):
        return None

    def deeper() -> int:
        return module.get_recursion_depth()

    return deeper() - module.get_recursion_depth()


def nothing_is_handled_now() -> Any:
    return list(sys._current_exceptions().values())[:1]


def lines_of_code_while_traced() -> Any:
    co = nothing_is_handled_now.__code__
    found, before = 0, sys.gettrace()
    sys.settrace(lambda frame, *_: None)
    try:
        sys._getframe().f_trace = lambda *_: None
        for _ in co.co_lines():
            found += 1
    finally:
        sys.settrace(before)
    return found
