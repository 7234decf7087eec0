"""Lists, dicts and sets that change while a loop goes over them."""

from __future__ import annotations


def grow(items):
    for item in items:
        if len(items) < 6:
            items.append(item * 10)
    return items


def shrink(items):
    seen = []
    for item in items:
        seen.append(item)
        items.remove(item)
    return seen, items


def dict_changes(table):
    try:
        for key in table:
            table[key + "x"] = 1
    except RuntimeError as error:
        return str(error)


def set_changes(items):
    try:
        for item in items:
            items.discard(item)
    except RuntimeError as error:
        return str(error)


def rebound(items):
    for items in items:
        pass
    return items


def main():
    changed = dict_changes({"a": 1}), set_changes({1, 2})
    return grow([1, 2]), shrink([1, 2, 3, 4]), changed, rebound([1, 2])
