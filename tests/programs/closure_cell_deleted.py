"""del of a captured variable: its cell is empty, in all functions that share it."""

from __future__ import annotations


def deleted_outside():
    x = 1

    def read():
        return x

    seen = [read()]
    del x
    try:
        read()
    except NameError as error:
        seen += [type(error).__name__, error.name, str(error)]
    try:
        return seen, x  # noqa: F821
    except UnboundLocalError as error:
        seen.append(str(error))
    x = 2
    return seen, read()


def deleted_inside():
    x = 1

    def delete():
        nonlocal x
        del x

    delete()
    try:
        delete()
    except NameError as error:
        return str(error), delete.__closure__[0] == delete.__closure__[0]


def empty():
    def read():
        return later

    try:
        read.__closure__[0].cell_contents
    except ValueError as error:
        seen = str(error)
    later = 1
    return seen, read()


def main():
    return deleted_outside(), deleted_inside(), empty()
