"""Instructions that the recorders ask for, by number."""

from __future__ import annotations

from opcode import opmap

from frametools._python import LASTI_IS_BEHIND_YIELD

UNSTARTED: int = opmap["POP_TOP" if LASTI_IS_BEHIND_YIELD else "RETURN_GENERATOR"]
"""What `f_lasti` of a generator that never ran is at."""

RETURN_VALUE, YIELD_VALUE, FOR_ITER, SEND, RESUME = 83, 86, 93, 123, 151
"""On CPython 3.11, where it has no events; `opcode.opmap` is larger there."""
