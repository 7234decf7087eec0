"""Jumps by `frame.f_lineno`: what is legal, and the words for what is not."""

from __future__ import annotations

import pytest
from event_programs import both

FUNCTION = """
import sys

class Context:
    def __enter__(self):
        return self
    def __exit__(self, *args):
        return False

def f(out):
    out.append(1)
    for i in range(2):
        out.append(3)
        out.append(4)
    try:
        out.append(6)
        1 / 0
    except ZeroDivisionError as error:
        out.append(9)
        out.append(10)
    finally:
        out.append(12)
    with Context() as file:
        out.append(14)
        out.append(15)
    later = 16
    out.append(17)
    return later
"""

OBSERVER = """
def observe(start, to, event="line"):
    out, first = [], f.__code__.co_firstlineno
    def trace(frame, what, arg):
        if frame.f_code is f.__code__:
            if what == event and frame.f_lineno == first + start and trace:
                sys.settrace(None)
                frame.f_trace = None
                try:
                    sys.settrace(trace)
                    frame.f_trace = trace
                    frame.f_lineno = to if isinstance(to, str) else first + to
                finally:
                    sys.settrace(None)
            return trace
    import warnings
    sys.settrace(trace)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            out.append(f(out))
        except Exception as error:
            out.append((type(error).__name__, str(error)))
        finally:
            sys.settrace(None)
    return out
"""

JUMPS = [
    *[(1, to) for to in (-1, 2, 3, 5, 6, 9, 12, 14, 15, 16, 17, 40)],
    *[(3, to) for to in (1, 4, 5, 6, 9, 16)],
    *[(6, to) for to in (1, 3, 9, 12, 16)],
    *[(9, to) for to in (1, 3, 10, 12, 16)],
    *[(14, to) for to in (3, 6, 12, 15, 16)],
    *[(17, to) for to in (1, 3, 16)],
    (1, "x"),
]


@pytest.mark.parametrize(("start", "to"), JUMPS)
def test_jumps_do_as_on_the_host(start: int, to: object) -> None:
    """The function goes on at the line, or the same ValueError is raised."""
    expected, observed = both(FUNCTION, OBSERVER, start, to)
    assert observed == expected


@pytest.mark.parametrize("event", ["call", "return"])
def test_other_events_do_not_jump(event: str) -> None:
    """Only a `line` event may jump."""
    start = 0 if event == "call" else 18
    expected, observed = both(FUNCTION, OBSERVER, start, 5, event)
    assert observed == expected
