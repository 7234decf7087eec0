"""A finally runs while a value waits to be returned, and cannot rebind it."""

from __future__ import annotations

log = []


def value_waits():
    x = 1
    try:
        return x
    finally:
        x = 2
        log.append(x)


def object_waits():
    items = []
    try:
        return items
    finally:
        items.append("changed")


def replaced_by_error():
    try:
        return log.append("returning")
    finally:
        raise ValueError("instead")


def main():
    log.clear()
    seen = [value_waits(), object_waits()]
    try:
        replaced_by_error()
    except ValueError as error:
        seen.append((str(error), error.__context__))
    return seen, list(log)
