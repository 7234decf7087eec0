"""match on literals, values, captures, alternatives, guards and as."""

from __future__ import annotations

import sys
import types

colors = types.SimpleNamespace(RED=1, BLUE=2)


def kind(value):
    match value:
        case None | True | False:
            return "singleton"
        case colors.RED | colors.BLUE as color:
            return "value", color
        case -1 | 2.5 | 3 - 4j:
            return "number"
        case "text" | b"bytes":
            return "literal"
        case int(n) if n > 100:
            return "guarded", n
        case int() | float() as number:
            return "class", number
        case str(s):
            return "string", s
        case _ if sys is None:
            return "never"
    return "nothing matched"


def main():
    values = [None, True, 1, 2, -1, 2.5, 3 - 4j, "text", b"bytes", 101, 50, "s", ()]
    return [kind(value) for value in values]
