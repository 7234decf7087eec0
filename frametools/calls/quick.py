"""The short way: two lines of text for each call, and nothing else is asked for.

For such a function two callbacks are generated, as `dataclasses` generates methods,
with all that is known of it written in: `f"fib(n={n})"`. A logged call then costs 0.8
times what a wrapt decorator costs that writes the same text; else it were 1.3 times
(benchmarks/calls.py). `flow` does the same in the general way, for all else.
`quick_wrapper` has the same for wrappers.
"""

from __future__ import annotations

import sys
from textwrap import indent
from typing import TYPE_CHECKING, Any

from frametools._python import HAS_LOCALS_PROXY
from frametools._secrets import REDACTED
from frametools.calls import flow
from frametools.calls.lines import DEEPEST, INDENT
from frametools.calls.stacks import local, my_stack, running, speaker
from frametools.monitor._twin import NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.calls.functions import Function, Parameter

    Start = Callable[[object, int], None]
    End = Callable[[object, int, object], None]

FRAME = 1 if NAME == "c" else 2
"""How far from a callback the frame is whose event it is told of."""
_BIG = 10**15
"""Smaller integers are compared and written at once."""
_FILE = f"{__file__}.generated"
_MOST = 8
"""Parameters that it is worth while for."""

_TEMPLATE = """
def start(_code, _offset):
    try:
        try:
            stack = local.stack
        except AttributeError:
            stack = my_stack()
        READ
        ASKS
        ENTRY
        depth = stack.depth
        LABEL
        stack.calls.append((key, entry, -1.0, 0.0, is_secret))
        stack.depth = depth + 1
        function.emit(f"{label}{indent}→ {entry}")
    except BaseException as error:
        failed(function, error)

def end(_code, _offset, value):
    depth = -1
    try:
        try:
            stack = local.stack
        except AttributeError:
            stack = my_stack()
        calls = stack.calls
        if not calls:
            return flow_end(function, stack, value)
        call = calls[-1]
        of, entry, _, due, is_secret = call
        if of != key or due or is_secret or entry is None:
            return flow_end(function, stack, value)
        depth = stack.depth - 1
        LABEL
        VALUE
        function.emit(f"{label}{indent}← {entry} = {value}")
    except BaseException as error:
        failed(function, error)
        if depth < 0:  # of `flow_end`
            return
    if stack.calls is calls:
        del calls[-1]
        stack.depth = depth
    else:
        stack.end(call)
"""
_LABEL = f"""
name = stack.name
if "_asyncio" in modules and running.loop() is not None:
    name = speaker(stack)
before = sink.speaker
if name == before:
    label = ""
elif before is None and name is stack.name:
    label = stack.label
else:
    label = sink.label(name)
indent = INDENT[depth] if depth < {DEEPEST} else DEEP
"""
# Until 3.12 `f_locals` leaves a snapshot in the frame, which would keep the arguments
# for as long as it runs. Trace functions need it: see `_frame_values`.
_CLEAR = (
    ""
    if HAS_LOCALS_PROXY
    else "if gettrace() is None and getprofile() is None: values.clear()"
)


def quick_callbacks(function: Function) -> tuple[Start, End]:
    """Make callbacks for PY_START and PY_RETURN, if there are `quick_parameters`.

    An error in them is the sink's, or the program's own: then it goes through.
    """
    named = quick_parameters(function) or []
    reads = [f"x{n} = values[{each.name!r}]" for n, each in enumerate(named)]
    read = "; ".join([f"values = getframe({FRAME}).f_locals", *reads])
    names = made(function, named, _TEMPLATE, {"READ": f"{read}\n{_CLEAR}"})
    return names["start"], names["end"]


def quick_parameters(function: Function) -> list[Parameter] | None:
    """Return the parameters that are written; None if there is more to do."""
    named = function.named_only()
    if named is None or len(named) > _MOST or not function.options.is_plain:
        return None
    return named


def made(
    function: Function, named: list[Parameter], template: str, pieces: dict[str, str]
) -> dict[str, Any]:
    """Run a template; returns its names. A line that is a piece's name stands for it.

    ENTRY writes `x0`, `x1`, ..., the values of the parameters, into `entry`; ASKS tells
    if they ask for a secret; VALUE writes `value`; LABEL finds `label` and `indent` for
    a `depth`.
    """
    entry = [_shown(f"x{n}", each, _told(function, n)) for n, each in enumerate(named)]
    entry.append(f"entry = f{_entry(function, named)}")
    pieces = pieces | {
        "ASKS": f"is_secret = {_asks(function, named)}",
        "ENTRY": "\n".join(entry),
        "VALUE": _shown("value"),
        "LABEL": _LABEL,
    }
    lines = [
        indent(pieces.get(line.strip(), line.strip()), line[: -len(line.lstrip())])
        for line in template.splitlines()
        if line
    ]
    names = _NAMES | {
        "function": function,
        "key": function.key,
        "show": function.show,
        "sink": function.options.sink,
        "told": function.told,
    }
    # The file's name tells tracebacks that it is ours.
    exec(compile("\n".join(lines), _FILE, "exec"), names)
    return names


def _shown(x: str, parameter: Parameter | None = None, first: str = "") -> str:
    """Write what makes a text of a value; integers are texts as they are."""
    if parameter is not None and parameter.is_secret:
        return f"if {x} is not None: {x} = {REDACTED!r}"
    is_other = f"type({x}) is not int or not -{_BIG} < {x} < {_BIG}"
    return f"if {is_other}:{first}\n    {x} = show({x})"


def _told(function: Function, n: int) -> str:
    """Write what hides an argument that the one before it, the nth, may tell."""
    count = len(function.positional)
    if n >= count - 1 or function.options.is_secret is None:
        return ""
    x, value, is_pair = f"x{n}", f"x{n + 1}", count == 2 or function.looks_up
    is_name = f"type({x}) is str" if is_pair else f"type({x}) is str and {x}[:1] == '-'"
    return f"""
    if {is_name} or type({x}) is bytes:
        {value} = told({x}, {value}, is_pair={is_pair})"""


def _asks(function: Function, named: list[Parameter]) -> str:
    """Write what tells if the values of the parameters ask for a secret."""
    if not function.looks_up:
        return "False"
    values = "".join(f"x{n}, " for n in range(len(named)))
    return f"function.asks_for_secret(({values}))"


def _entry(function: Function, named: list[Parameter]) -> str:
    """Write the inside of an f-string: `'f({x0}, b={x1})'`."""
    name = function.name.replace("{", "{{").replace("}", "}}")
    parts = [f"{each.prefix}{{x{n}}}" for n, each in enumerate(named)]
    return repr(f"{name}({', '.join(parts)})")


_NAMES: dict[str, Any] = {
    "DEEP": INDENT[DEEPEST],
    "INDENT": INDENT,
    "contained": flow.contained,
    "flow_end": flow.end,
    "flow_fail": flow.fail,
    "getframe": sys._getframe,
    "getprofile": sys.getprofile,
    "gettrace": sys.gettrace,
    "failed": flow.failed,
    "local": local,
    "modules": sys.modules,
    "my_stack": my_stack,
    "running": running,
    "speaker": speaker,
}
