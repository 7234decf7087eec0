"""How events reach a builder: one protocol, one backend for each mechanism."""

from __future__ import annotations

import os

from frametools._python import HAS_MONITORING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any, Protocol, TypeVar

    from frametools.monitor._core import TreeBuilder

    Builder = TypeVar("Builder", bound=TreeBuilder)

    class Backend(Protocol):
        """Leads the interpreter's events to a builder, and away again."""

        wants: Callable[[CodeType], bool] | None
        """What the builder is made with: whether a code object is to be shown."""

        def start(self, builder: TreeBuilder, skip: int = 0) -> None:
            """Start `builder` and its events; MonitorError if the way is taken.

            The `skip` innermost frames of the caller are left out of those that
            run already.
            """

        def stop(self) -> None:
            """Stop both and give everything back; may be called again."""


class MonitorError(RuntimeError):
    """Monitoring cannot begin; the message is one line for the user."""


ALL_FRAMES = 1_000_000
"""A `skip` of more than a stack can hold: no frame that runs already is shown."""

_package = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

HIDDEN = tuple(
    _package + name for name in ("monitor" + os.sep, "profile" + os.sep, "_")
)
"""File name prefixes of the code that observes: no tool shows its own frames."""


def choose(wants: Callable[[CodeType], bool] | None = None) -> Backend:
    """Return the backend of this interpreter: sys.monitoring, or setprofile.

    `wants` says of a code object whether it is to be shown; it is asked once. A
    builder is made with the backend's own `wants`, which switches events on for
    what is wanted, where the interpreter can do that.
    """
    if HAS_MONITORING:
        from frametools.monitor.pep669 import Monitoring

        return Monitoring(wants)
    from frametools.monitor.settrace import Profile

    return Profile(wants)


def build(kind: type[Builder], /, *args: Any, **options: Any) -> Builder:
    """Make a builder; MonitorError when as many as there can be are at work."""
    try:
        return kind(*args, **options)
    except RuntimeError as error:
        raise MonitorError(str(error)) from None
