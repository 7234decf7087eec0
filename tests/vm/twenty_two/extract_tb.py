"""traceback: extract_tb, walk_stack, print_exc with carets, an uncaught error."""

import sys
import traceback


def deep(n):
    if n == 0:
        return {"a": {"b": None}}["a"]["b"]["c"]
    return deep(n - 1) + 1


def stack():
    return [frame.name for frame in traceback.extract_stack()]


try:
    deep(2)
except TypeError as error:
    for entry in traceback.extract_tb(error.__traceback__):
        print(entry.name, entry.lineno, entry.colno, entry.end_colno, entry.line)
    traceback.print_exc(file=sys.stdout)
    print(traceback.format_exception_only(error))
print(stack(), (lambda: stack())())
print(sys._getframe().f_lineno, sys._getframe().f_code.co_name)


class Problem(Exception):
    pass


def fails():
    try:
        deep(0)
    except TypeError as error:
        raise Problem("one", 2) from error


fails()
