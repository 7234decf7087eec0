"""A traceback gets an entry for each frame that it passes, and again if reraised."""

from __future__ import annotations


def names(error):
    entry, found = error.__traceback__, []
    while entry is not None:
        found.append(entry.tb_frame.f_code.co_name)
        entry = entry.tb_next
    return found


def fail():
    raise ValueError


def reraise():
    try:
        fail()
    except ValueError as error:
        seen.append(names(error))
        raise


def raise_error():
    try:
        reraise()
    except ValueError as error:
        seen.append(names(error))
        raise error


def emptied():
    try:
        raise_error()
    except ValueError as error:
        raise error.with_traceback(None)


seen = []


def main():
    seen.clear()
    for function in (raise_error, emptied):
        try:
            function()
        except ValueError as error:
            seen.append(names(error))
    return list(seen)
