"""In which order the variables of a frame die.

Up to 3.13 `_PyFrame_ClearLocals` (Python/frame.c) clears `localsplus` first to last. Of
a list, which it is here, the last item dies first, as in CPython from 3.14 on.
"""

from __future__ import annotations

from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any
from weakref import ref

from frametools._python import CLEARS_LOCALS_FORWARD
from frametools.vm._builtins import len, setattr
from frametools.vm.frame import NULL

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.generator import Resumable

NOBODY_ELSE = 4
"""What sys.getrefcount says, in a handler that the loop calls, of a frame that nothing
else refers to: its thread does, the loop, the handler and this call."""


class Ending(ref):  # type: ignore[type-arg]
    """Turns a frame's `localsplus` around as the frame dies, of which it is a part.

    Not before: as long as something may show the variables, each has its place. Nothing
    is turned around if the garbage collector takes both at once. It is all in C: where
    this is called a signal's exception would be lost.
    """

    __slots__ = ("reverse",)


def die_in_order(frame: InterpreterFrame) -> None:
    """Have the variables of a frame that has ended die in CPython's order."""
    if CLEARS_LOCALS_FORWARD and len(frame.localsplus) > 1:
        ending: Any = Ending(frame, _reverse)
        ending.reverse = frame.localsplus.reverse
        frame.ending = ending


def forget(frame: InterpreterFrame) -> None:
    """Have the variables and the value stack die of a frame that may be asked for.

    Finalizers may look at it while they run: it is already empty then.
    """
    localsplus = frame.localsplus
    values = localsplus.copy()
    localsplus[:] = [NULL] * frame.code.nlocalsplus
    if CLEARS_LOCALS_FORWARD:
        values.reverse()
    del values


def forsake(gen: Resumable, frame: InterpreterFrame) -> None:
    """Have a frame go with its generator, which has ignored GeneratorExit.

    What it handles is the generator's in CPython (`gi_exc_state`), and goes with that.
    Here it is the frame's, and has that one in its traceback.
    """
    die_in_order(frame)
    item = frame.exc_info
    if item is not None:
        frame.generator = ref(gen, partial(setattr, item, "exc_value"))


_reverse: Any = methodcaller("reverse")
