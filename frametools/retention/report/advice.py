"""What to do about a leak: the `let go` line of a report, in Python's words.

By what is held (an exception, a frame, a generator) and by what holds it. Each piece of
advice is carried out by tests/retention/test_advice.py, which looks whether it helps.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from frametools._paths import printable
from frametools._python import HAS_LAST_EXC
from frametools.retention.leaks import Kind, Through

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.retention.leaks import Holder, Leak

_GENERATORS = ("generator", "coroutine", "async_generator")
_NO_TRACEBACK = "with_traceback(None)"
_SUBSCRIPT = r"\[(?:'[^']*'|\"[^\"]*\"|[^\[\]'\"]*)\]"
_STEP = re.compile(rf"\.\w+|{_SUBSCRIPT}")
_PATH = re.compile(rf"\w+(?:\.\w+|{_SUBSCRIPT})*")
_FIXED = re.compile(r"\.(__\w+__|args|func|cell_contents|\w\w_(frame|await))\b")
"""Steps of a path that are read-only, or that are a library's own affair."""
_WORTH = 1 << 10
"""Bytes for which a caller is worth a word: a bare frame has less."""
_MOST = 4
"""Places that are named; of more, it is said how many there are."""


def advice(leak: Leak) -> str:
    """Say how the frames of a leak are let go: one line of prose and Python."""
    if leak.kind is Kind.CYCLE:
        return _of_cycle(leak)
    if leak.kind is Kind.GROWING:
        return _of_growing(leak)
    if leak.kind is Kind.CLEARED:
        return f"{_joined(_drops(leak))}; the variables are gone already"
    return _joined([*_at_head(leak), *_drops(leak)]) + _callers(leak)


def _joined(ways: list[str]) -> str:
    return ", or ".join(ways) or "retention.release(leak)"


# --- at what is held ---


def _at_head(leak: Leak) -> list[str]:
    """Say what can be done with what is held itself, whoever holds it."""
    head, chain = leak.head, leak.chain
    if head in _GENERATORS:
        return [_of_generator(leak)]
    if len(leak.holders) > 1 or any(map(_has_traceback, leak.holders)):
        return []
    if head == "frame":
        return [] if _is_caller(leak) else ["frame.clear()"]
    if head == "traceback":
        return [] if _is_caller(leak) else ["traceback.clear_frames(tb)"]
    if "__traceback__" in chain:
        return [_of_exception(chain[: chain.index("__traceback__")])]
    return []


def _has_traceback(holder: Holder) -> bool:
    """Tell if what holds an exception has its traceback once more.

    A task and a future of asyncio do, for their `result()`; a log record's `exc_info`;
    `sys.last_traceback`; and the exception that is handled cannot lose it yet.
    """
    return holder.kind.startswith(("asyncio", "log record", "sys.last_", "the exc"))


def _of_exception(before: tuple[str, ...]) -> str:
    """Say how an exception gives its frames up; `before` leads to the traceback.

    `raise ... from None` does not help: it hides `__context__`, and keeps it.
    """
    links = [step for step in before if step in ("__context__", "__cause__")]
    if links:
        return (
            "exc.__cause__ = exc.__context__ = None (`from None` only hides them), "
            "or raise after the except block"
        )
    if any(step.startswith("exceptions") for step in before):
        return f"{_NO_TRACEBACK} on each of exc.exceptions"
    if before:
        return f"{_NO_TRACEBACK} on exc.{'.'.join(before)}"
    return f"exc.{_NO_TRACEBACK}"


def _of_generator(leak: Leak) -> str:
    """Say how a suspended generator ends: its `finally` blocks run then."""
    name = (_itself(leak) if leak.count == 1 else "") or leak.head.rpartition("_")[2]
    if leak.head == "async_generator":
        return f"await {name}.aclose()"
    if leak.head == "generator":
        return f"{name}.close()"
    if any(holder.kind.startswith("asyncio") for holder in leak.holders):
        return "await the task, or task.cancel() and await it"
    return f"{name}.close(), or await it"


def _itself(leak: Leak) -> str:
    """Return the path of what is held, if one holder has it under a path."""
    if len(leak.holders) != 1:
        return ""
    path = _path(leak.holders[0].path)
    return path if path == leak.holders[0].path else ""


def _is_caller(leak: Leak) -> bool:
    """Tell if what keeps the most is a caller, which only f_back leads to."""
    return leak.frame.through is Through.CALLER


def _callers(leak: Leak) -> str:
    if leak.head in _GENERATORS:
        return ""
    callers = [frame for frame in leak.frames if frame.through is Through.CALLER]
    if not any(frame.size >= _WORTH for frame in callers):
        return ""
    call = "frame.clear()" if leak.head == "frame" else "clear_frames()"
    return f"; {call} does not reach the callers"


# --- at what holds it ---


def _drops(leak: Leak) -> list[str]:
    """Say how all holders let go: nothing, or one text."""
    several = leak.count > 1
    found = dict.fromkeys(_drop(holder, several) for holder in leak.holders)
    ways = [way for way in found if way]
    if leak.head in _GENERATORS:
        ways = [way for way in ways if "task" not in way]
    elif not ways:
        return ["retention.release(leak)"]
    if len(ways) < 2:
        return ways
    rest = [f"{len(ways) - _MOST} more"] * (len(ways) > _MOST)
    return ["all of: " + ", ".join(ways[:_MOST] + rest)]


def _drop(holder: Holder, several: bool) -> str:
    """Say how one holder lets go; "" if nothing is known of it."""
    if holder.path.startswith("ContextVar "):
        return _of_context(holder, several)
    for word, drop in _BY_KIND:
        if holder.kind.startswith(word):
            return drop(holder, several)
    return _delete(holder, several)


def _delete(holder: Holder, several: bool) -> str:
    """Write the statement that takes the reference away."""
    path = _path(holder.deletable or holder.path)
    if not path:
        return ""
    if holder.deletable:
        return f"del {path}"
    if several and path.endswith("]"):
        return f"{_without_subscript(path)}.clear()"
    is_attribute = "attribute of" in holder.kind and path == holder.path
    if several and re.search(_SUBSCRIPT, path):
        return f"{re.sub(_SUBSCRIPT, '[...]', path)} = None for each"
    if is_attribute and not path.endswith("]"):
        return f"{path} = None"
    return f"del {path}"


def _path(path: str) -> str:
    """Return a path as far as it can be deleted; "" if it is no Python."""
    begin = _PATH.match(path)
    if begin is None or "..." in path:
        return ""
    found = begin.group()
    fixed = _FIXED.search(found)
    if fixed is not None:
        found = found[: fixed.start()]
    elif found != path and not path.startswith("(?)", len(found)):
        return ""
    return printable(found) if found.isidentifier() or _STEP.search(found) else ""


def _without_subscript(path: str) -> str:
    return path[: list(_STEP.finditer(path))[-1].start()]


def _of_record(holder: Holder, several: bool) -> str:
    path, found, _ = holder.path.partition(".exc_info")
    if not found or not _PATH.fullmatch(path) or several:
        return "record.exc_info = None in the handler that keeps records"
    return f"{printable(path)}.exc_info = None"


_OF_FUTURE = re.compile(r"(\._exception|\._result|\._coro|\(\?\)).*")


def _of_task(holder: Holder, several: bool) -> str:
    """Say how a task lets go: its own reference to the traceback goes by await only."""
    word = "task" if "task" in holder.kind else "future"
    drop = _of_future(holder, several).replace("the future", f"the {word}")
    return f"await the {word} and let go of the exception, or {drop}"


def _of_future(holder: Holder, several: bool) -> str:
    path = _path(_OF_FUTURE.sub("", holder.path))
    if several:
        return "drop the future when it is done (add_done_callback)"
    return f"del {path}" if path else "drop the future"


def _of_cache(holder: Holder, _several: bool) -> str:
    path = _PATH.match(holder.path.partition("(?)")[0])
    return f"{printable(path.group()) if path else 'function'}.cache_clear()"


def _of_context(holder: Holder, _several: bool) -> str:
    name = holder.path.removeprefix("ContextVar ")
    return f"reset(token) or set(None) of ContextVar {printable(name)}"


def _of_thread_local(holder: Holder, several: bool) -> str:
    found = _delete(holder, several)
    return f"{found} in that thread" if found else ""


def _of_local(holder: Holder, _several: bool) -> str:
    name, _, place = holder.path.partition(" in ")
    function = place.partition(" (")[0].replace(".<locals>.", ".")
    found = re.match(r"\w+", name)
    if not found or not function:
        return ""
    return f"del {printable(name)} in {printable(function)}"


def _of_signal(holder: Holder, _several: bool) -> str:
    number = re.search(r"\d+", holder.path)
    return f"signal.signal({number.group() if number else 'number'}, signal.SIG_DFL)"


def _of_suspended(holder: Holder, _several: bool) -> str:
    """Say how the generator ends that has it in a variable."""
    word = holder.kind.removeprefix("local of suspended ").partition(" ")[0]
    path = _path(holder.path)
    name = path if path and path != holder.path else "generator"
    if word == "async":
        return f"await {name}.aclose()"
    return f"{name if word == 'generator' else word}.close()"


def _of_last(_holder: Holder, _several: bool) -> str:
    """Delete all: the interpreter sets them together, and the traceback is one."""
    names = ("sys.last_exc",) * HAS_LAST_EXC + ("sys.last_value", "sys.last_traceback")
    return f"del {', '.join(names)}"


_BY_KIND: tuple[tuple[str, Callable[[Holder, bool], str]], ...] = (
    ("log record", _of_record),
    ("asyncio", _of_task),
    ("concurrent future", _of_future),
    ("lru_cache", _of_cache),
    ("sys.last_", _of_last),
    ("threading.local", _of_thread_local),
    ("local of a running frame", _of_local),
    ("local of suspended", _of_suspended),
    ("the exception being handled", lambda *_: "leave the except block"),
    ("atexit", lambda *_: "atexit.unregister(function)"),
    ("arguments of an atexit", lambda *_: "atexit.unregister(function)"),
    ("signal handler", _of_signal),
    ("sys.gettrace", lambda *_: "sys.settrace(None)"),
    ("sys.getprofile", lambda *_: "sys.setprofile(None)"),
    ("a loop", lambda *_: "the loop has to end"),
    ("no holder", lambda *_: "retention.release(leak)"),
    ("C state", lambda *_: "retention.release(leak)"),
)
"""By how a kind begins; of any other, what the path names is deleted."""


# --- garbage, and one exception again and again ---


def _of_cycle(leak: Leak) -> str:
    """Name the variable that closes the cycle, if it is known by its type."""
    for frame in leak.frames:
        for local in frame.locals:
            if local.type == leak.head:
                name = printable(local.name)
                return f"gc.collect() frees it; `finally: del {name}` avoids the cycle"
    return (
        "gc.collect() frees it; to avoid the cycle, `finally: del` the local that has "
        f"the {printable(leak.head)}"
    )


def _of_growing(leak: Leak) -> str:
    """Advise a new exception for each time; `from None` would not help."""
    fresh = f"raise {printable(leak.head)}(...) anew each time"
    return f"{fresh}, or raise {_itself(leak) or 'exc'}.{_NO_TRACEBACK}"
