"""Arguments are evaluated from left to right, then bound; defaults only once."""

from __future__ import annotations

log = []


def said(value):
    log.append(value)
    return value


def function(a, b=said("default"), *args, c=said("keyword default"), **kwargs):
    return a, b, args, c, kwargs


def get():
    log.append("callee")
    return function


def main():
    log.clear()
    seen = [
        get()(said(1), *said([2, 3]), c=said(4), **said({"d": 5})),
        function(said(1), *said([2]), *said([3]), e=said(6), **said({"f": 7})),
        function(c=said(1), *said([2])),  # noqa: B026
    ]
    try:
        function(said(1), said(2) // 0, said(3))
    except ZeroDivisionError:
        log.append("never called")
    return seen, list(log)
