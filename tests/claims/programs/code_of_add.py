"""A code object has bytecode, constants, names, stack size, flags and lines."""

import inspect


def add(a, b):
    c = a + b + 1000
    return str(c)


code = add.__code__
assert isinstance(code.co_code, bytes)
assert code.co_code
assert 1000 in code.co_consts
assert code.co_names == ("str",)
assert code.co_varnames == ("a", "b", "c")
assert code.co_stacksize >= 2
assert code.co_flags & inspect.CO_OPTIMIZED
assert {line for _, _, line in code.co_lines()} >= {7, 8}
