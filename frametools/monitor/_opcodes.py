"""Instructions of CPython 3.11, for where it has no events: opcode.opmap there."""

from __future__ import annotations

RETURN_VALUE, YIELD_VALUE, FOR_ITER, SEND, RESUME = 83, 86, 93, 123, 151
