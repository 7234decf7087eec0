"""`Did you mean ...?` is what the interpreter itself says, on every Python."""

from __future__ import annotations

import io
import sys
import traceback
from contextlib import redirect_stderr

import pytest

from frametools import tracebacks
from frametools._python import TRACEBACK_SUGGESTS
from tests.tracebacks.programs import failure

FAILS = {
    "attribute": "Some().bluch",
    "attribute of another case": "Some().BLECH",
    "attribute that is far": "Some().xyz",
    "attribute that is the nearest": "Some().camelCasf",
    "attribute without ASCII": "Some().b\u00e4rlein",
    "attribute of None": "None.__clas__",
    "attribute that is long": "Some()." + "a" * 50 + "b",
    "attribute of many": "many.name_17x",
    "method of a built-in": "[].appendd(1)",
    "local": "numbers",
    "parameter": "parametex",
    "cell": "cellx",
    "free variable": "(lambda: cellx, cell)[0]()",
    "global": "somee",
    "builtin": "pritn",
    "local before a builtin": "prinx",
    "module": "decimal.Decimal",
    "unbound local": "numbex; numbex = 1",
    "attribute of self": "blech",
    "import": "from collections import namedtuplo",
    "module in it": "import collections.abx",
    "raised by hand": "raise NameError('no', name='numbers')",
    "without a name": "raise AttributeError('no')",
    "a name that is no text": "raise NameError('no', name=7)",
    "something else": "raise KeyError('numbers')",
}
SOURCE = """
class Some:
    def __init__(self):
        self.blech = self.camelCase = self.camelCasE = self.b\u00e4rlain = 1
        setattr(self, "a" * 50, 1)

many = type("Many", (), {f"name_{n}": n for n in range(1000)})
some = 1

def main(parameter=1, print=2, self=Some()):
    number, cell = Thing(), 1
    use = lambda: cell
    FAILS
"""


def plain(exc: BaseException) -> str:
    """Give what `traceback` writes, or, where that suggests nothing, the interpreter.

    On 3.12 both do, and differ in a "?".
    """
    if TRACEBACK_SUGGESTS:
        return "".join(traceback.format_exception(exc))
    stream = io.StringIO()
    with redirect_stderr(stream):
        sys.__excepthook__(type(exc), exc, exc.__traceback__)
    return stream.getvalue()


@pytest.mark.parametrize("fails", FAILS)
def test_suggestions_are_those_of_the_interpreter(fails: str) -> None:
    """The last line is the same; reading it leaves nothing."""
    exc = failure(SOURCE.replace("FAILS", FAILS[fails]))
    expected = plain(exc).splitlines()[-1]
    assert tracebacks.format(exc).splitlines()[-1] == expected


@pytest.mark.parametrize("fails", ["attribute", "local", "global", "builtin"])
def test_there_are_suggestions(fails: str) -> None:
    """On every Python: the comparison above is not of nothing."""
    exc = failure(SOURCE.replace("FAILS", FAILS[fails]))
    assert "Did you mean" in tracebacks.format(exc)
