"""Locals read before they are bound, after del, and bound on one path only."""

from __future__ import annotations


def before():
    try:
        return x  # noqa: F821
    except UnboundLocalError as error:
        x = error.args[0]
    return x


def after_del():
    x = 1
    del x
    try:
        del x  # noqa: F821
    except UnboundLocalError as error:
        return error.args[0]


def one_path(take):
    if take:
        x = "bound"
    try:
        return x
    except UnboundLocalError:
        return "unbound"


def empty_loop(values):
    for x in values:
        pass
    try:
        return x
    except UnboundLocalError:
        return "no turn"


def augmented():
    try:
        total += 1  # noqa: F821
    except UnboundLocalError:
        total = 5
    return total


def main():
    paths = one_path(True), one_path(False), empty_loop([1, 2]), empty_loop([])
    return before(), after_del(), paths, augmented()
