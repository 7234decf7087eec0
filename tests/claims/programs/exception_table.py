"""Handlers are in the code: co_exceptiontable; `try` itself costs no instruction."""

import dis


def f(x):
    try:
        return 10 / x
    except ZeroDivisionError:
        return 0


assert f.__code__.co_exceptiontable
names = {i.opname for i in dis.get_instructions(f)}
assert not names & {"SETUP_FINALLY", "POP_BLOCK", "SETUP_EXCEPT"}
assert (f(5), f(0)) == (2.0, 0)
