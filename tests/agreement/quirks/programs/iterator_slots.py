"""An iterator takes two slots of the value stack."""

import dis
import sys


def inner():
    yield 1


def outer():
    yield from inner()


made = outer()
next(made)
assert made.gi_yieldfrom.gi_code is inner.__code__, "found in another slot"
operand = 0 if sys.version_info >= (3, 13) else None  # refused before
assert dis.stack_effect(dis.opmap["GET_ITER"], operand) == 1
