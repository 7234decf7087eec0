"""`try` is SETUP_FINALLY, an instruction that pushes a block, and POP_BLOCK."""

import dis


def g3():
    try:
        yield 1
    except ZeroDivisionError:
        yield 2


found = {i.opname for i in dis.get_instructions(g3)}
assert found >= {"SETUP_FINALLY", "POP_BLOCK"}
