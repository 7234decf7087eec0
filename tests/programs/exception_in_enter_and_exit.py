"""Exceptions in __enter__ and in __exit__, with and without one in the body."""

from __future__ import annotations


class Manager:
    def __init__(self, enter=None, leave=None):
        self.enter = enter
        self.leave = leave

    def __enter__(self):
        if self.enter:
            raise self.enter
        log.append("entered")

    def __exit__(self, kind, error, traceback):
        log.append(repr(error))
        if self.leave:
            raise self.leave


log = []


def attempt(outer, inner, body=None):
    log.clear()
    try:
        with outer, inner:
            if body:
                raise body
    except Exception as error:
        return repr(error), repr(error.__context__), list(log)
    return list(log)


def main():
    good = Manager()
    return (
        attempt(good, Manager(enter=ValueError("enter"))),
        attempt(good, Manager(leave=ValueError("leave"))),
        attempt(good, Manager(leave=ValueError("leave")), KeyError("body")),
        attempt(Manager(leave=TypeError("l")), Manager(leave=ValueError("m"))),
    )
