"""ThreadState: the frames of one thread, and the exceptions they are handling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from frametools.vm import recursion
from frametools.vm._builtins import RecursionError, min, property, set
from frametools.vm.frame import Owner
from frametools.vm.host import tell

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.vm import VM


class ExcInfo:
    """An item of the stack of handled exceptions: `_PyErr_StackItem`.

    A thread has one, and each generator its own, on top while it runs.
    """

    __slots__ = ("exc_value", "previous")

    def __init__(self) -> None:
        self.exc_value: BaseException | None = None
        self.previous: ExcInfo | None = None


class ThreadState:
    """One thread as one VM sees it: `PyThreadState`."""

    __slots__ = (
        "codes",
        "current_frame",
        "error",
        "exc_info",
        "host_exc",
        "inlining",
        "jumped",
        "profile_function",
        "recursion_limit",
        "room",
        "safe_depth",
        "trace_function",
        "tracing",
        "vm",
        "what_event",
    )

    def __init__(self, vm: VM) -> None:
        self.vm = vm
        self.codes = vm.codes
        self.room = recursion.room()
        self.limit_recursion(vm.recursion_limit)
        self.current_frame: InterpreterFrame | None = None
        """The innermost frame. Read by whoever is called natively."""
        self.exc_info = ExcInfo()
        self.host_exc: BaseException | None = None
        """The handled exception as the host has been told; see `host.tell`."""
        self.error: BaseException | None = None
        """The exception with which an entry frame is being left."""
        self.tracing = 0
        """Above 0 no events are fired: a trace function is running."""
        self.what_event = -1
        """The event whose callback is running."""
        self.trace_function: Any = None
        """What the program gave to `sys.settrace`."""
        self.profile_function: Any = None
        self.jumped: tuple[int, int] | None = None
        """Where the last jump that is watched went, and from where (indexes)."""
        self.inlining: set[int] = set()
        """3.12: ids of frames that a Python function which they call may return to."""

    @property
    def entries(self) -> int:
        """How many times native code has entered the VM and not left. O(depth)."""
        count, frame = 0, self.current_frame
        while frame is not None:
            count += frame.owner is Owner.INTERPRETER
            frame = frame.previous
        return count

    def tell_host(self) -> None:
        """Make what is being handled here what the host handles: `sys.exception()`."""
        handled = self.handled()
        if handled is not self.host_exc:
            tell(self, handled)

    def limit_recursion(self, limit: int) -> None:
        """Set the recursion limit."""
        self.recursion_limit = limit
        self.safe_depth = min(limit, recursion.SAFE_DEPTH)
        """From which depth on `check_depth` is to be asked about each entry."""

    def check_depth(self, depth: int) -> None:
        """Raise RecursionError if native code must not enter the VM that deep."""
        if depth >= self.recursion_limit:
            self.recursion_error()
        recursion.check_room(self.room)

    def recursion_error(self) -> NoReturn:
        """Raise RecursionError, worded as `_Py_CheckRecursiveCall` does."""
        raise RecursionError("maximum recursion depth exceeded")

    def handled(self) -> BaseException | None:
        """Return the exception being handled: `_PyErr_GetTopmostException`."""
        item: ExcInfo | None = self.exc_info
        while item is not None:
            if item.exc_value is not None:
                return item.exc_value
            item = item.previous
        return None
