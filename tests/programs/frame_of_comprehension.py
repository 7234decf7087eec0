"""The names of the frames of lambdas, comprehensions (until 3.11), generators."""

from __future__ import annotations

import sys


def name():
    return sys._getframe(1).f_code.co_name


def main():
    names = [
        (lambda: name())(),
        [name() for _ in range(1)],
        {name() for _ in range(1)},
        {name(): 1 for _ in range(1)},
        list(name() for _ in range(1)),  # noqa: C400
    ]
    qualified = [sys._getframe().f_code.co_qualname for _ in "a"]
    return names, qualified, eval("name()")
