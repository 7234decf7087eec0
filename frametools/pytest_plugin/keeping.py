"""What pytest keeps itself, and lets go of in its own time: no test is to blame.

Some of it pytest drops a moment after the last hook of a test, or when the next test
begins: that is dropped here, before anybody is blamed for it. Suspended generators of
pytest, and of hook wrappers that are under way, belong to what is running.
"""

from __future__ import annotations

import gc
import sys
from contextlib import _GeneratorContextManager
from types import FrameType, GeneratorType, MethodType
from typing import TYPE_CHECKING, Any
from warnings import WarningMessage

import _pytest
import pluggy

from frametools._frame_values import frame_of, local_values

if TYPE_CHECKING:
    import pytest

_PACKAGES = tuple(
    str(module.__file__).removesuffix("__init__.py") for module in (_pytest, pluggy)
)
_OWN = (__file__.removesuffix("keeping.py"),)
_RUNNERS = (f"{sys.modules['os'].__file__.removesuffix('os.py')}unittest/case.py",)  # type: ignore[union-attr]


def is_file_of_pytest(file: str) -> bool:
    """Tell if code is of pytest, pluggy, this plugin, or runs a unittest.TestCase."""
    return file.startswith(_PACKAGES) or file.startswith(_OWN) or file in _RUNNERS


def let_go(item: pytest.Item) -> None:
    """Drop what pytest drops after a test, before the next one begins.

    Values of fixtures, the instance of the test's class, and log records of teardown.
    """
    test: Any = item
    if hasattr(test, "_request"):  # as runtestprotocol does, a moment later
        test._request = False
        test.funcargs = None
    if getattr(test, "_instance", None) is not None:
        del test._instance  # both are made anew when they are asked for
        test._obj = None
    logging: Any = item.config.pluginmanager.get_plugin("logging-plugin")
    for name in ("caplog_handler", "report_handler"):
        handler = getattr(logging, name, None)
        if handler is not None:
            handler.reset()  # as the next phase of any test does


def is_generator_of_pytest(found: object) -> bool:
    """Tell if something is a suspended generator of pytest, pluggy or this plugin."""
    if type(found) is FrameType:
        return False
    frame = frame_of(found)
    return frame is not None and is_file_of_pytest(frame.f_code.co_filename)


def kept_by_wrappers() -> set[int]:
    """Return the ids of the generators of hook wrappers that are not finished.

    `_multicall` of pluggy has them in its variables. With them what warnings have as
    their source, until pytest shows them: coroutines that were never awaited.
    """
    found: set[int] = set()
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "_multicall":
            wrappers = dict(local_values(frame)).get("teardowns")
            found.update(*map(_generators_of, wrappers or ()))  # type: ignore[call-overload]
            found.update(*map(_warned, wrappers or ()))  # type: ignore[call-overload]
            del wrappers
        frame = frame.f_back
    return found


def _generators_of(wrapper: object) -> set[int]:
    """Return the ids of a generator, and of one that it wraps: old-style hooks."""
    frame = frame_of(wrapper)
    if frame is None:
        return set()
    values = [value for _, value in local_values(frame)]
    return {id(wrapper), *(id(v) for v in values if type(v) is GeneratorType)}


def _warned(wrapper: object) -> set[int]:
    """Return the ids of the sources of warnings recorded `with` a wrapper's manager."""
    found: set[int] = set()
    for each in gc.get_referents(wrapper):
        manager = each.__self__ if type(each) is MethodType else each
        if type(manager) is _GeneratorContextManager:
            frame = frame_of(manager.gen)
            log = dict(local_values(frame)).get("log") if frame is not None else None
            if type(log) is list:
                found |= {id(w.source) for w in log if type(w) is WarningMessage}
    return found
