"""A traceback's entries by tb_next: functions, lines, and their frames' callers."""

from __future__ import annotations


def fail(n):
    if n == 0:
        return 1 // n
    return fail(n - 1)


def middle():
    return [
        fail(1),
    ]


def main():
    try:
        middle()
    except ZeroDivisionError as error:
        entry = error.__traceback__
    seen, previous = [], None
    while entry is not None:
        code = entry.tb_frame.f_code
        is_called = previous is None or entry.tb_frame.f_back is previous.tb_frame
        line = entry.tb_lineno - code.co_firstlineno
        seen.append((code.co_name, line, is_called, entry.tb_lasti >= 0))
        previous, entry = entry, entry.tb_next
    return seen
