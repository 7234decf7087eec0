"""Long tracebacks: cycles of any period are folded, head and tail are kept."""

from __future__ import annotations

from frametools import tracebacks
from tests.tracebacks.programs import failure, program, raised


def test_mutual_recursion_is_folded() -> None:
    """Two functions that call each other take a few lines; head and tail are there."""
    exc = failure("""
        def main():
            even(500)

        def even(n, thing=None):
            if n == 0:
                thing = Thing()
                raise KeyError("bottom")
            odd(n - 1)

        def odd(n):
            even(n - 1)
    """)
    assert tracebacks.format(exc).count("\n") < 40
    assert (
        "  ... the 2 frames above repeated 248 more times ...\n"
        in tracebacks.format(exc)
    )
    assert "      n = 500\n" in tracebacks.format(exc)
    assert "      n = 499\n" in tracebacks.format(exc)
    assert "      n = 1\n" in tracebacks.format(exc)
    assert "      n = 250\n" not in tracebacks.format(exc)


def chain(count: int) -> BaseException:
    """Give the error of a chain of different functions."""
    lines = [f"def f{n}(x):\n    y = x + 1\n    f{n + 1}(y)\n" for n in range(count)]
    end = f"def f{count}(x):\n    thing = Thing()\n    raise ValueError(x)\n"
    return raised(program("".join([*lines, end]))["f0"], 0)


def test_different_frames_are_kept_at_head_and_tail() -> None:
    """Ten at the head, twenty at the tail, unless told otherwise."""
    exc = chain(200)
    text = tracebacks.format(exc)
    assert text.count('  File "app.py"') == 30
    assert "in f9\n" in text
    assert "  ... 171 frames left out ...\n" in text
    assert "in f181\n" in text
    assert tracebacks.format(exc, head=1, tail=1).count("  File") == 2
    assert tracebacks.format(exc, head=None).count("  File") == 201
    assert tracebacks.format(exc, tail=None).count("      x = ") == 201


HIDING = """
    def main():
        thing = Thing()
        check(1)

    def check(x):
        __tracebackhide__ = True
        deeper(x)

    def deeper(x):
        __tracebackhide__ = True
        assert x == 2
"""


def test_frames_that_hide_are_folded() -> None:
    """Frames marked `__tracebackhide__` are counted, or shown if asked for."""
    exc = failure(HIDING)
    text = tracebacks.format(exc)
    assert text.count("  File") == 1
    assert "  ... 2 frames hidden ...\nAssertionError\n" in text
    assert tracebacks.format(exc, show_hidden=True).count("  File") == 3


def test_a_traceback_of_hidden_frames_only_is_shown() -> None:
    """If nothing would be left, nothing is hidden."""
    exc = failure("""
        def main():
            x = Thing()
            __tracebackhide__ = True
            1 / 0
    """)
    assert tracebacks.format(exc).count("  File") == 1


def test_one_frame_at_least_is_shown() -> None:
    """No bound takes the last one away."""
    text = tracebacks.format(chain(9), head=0, tail=0)
    assert text.count("  File") == 1
    assert "in f9\n" in text
