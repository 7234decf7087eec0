"""Template strings (3.14 and later): parts, conversions, nested formats."""

from __future__ import annotations

import sys

SOURCE = """
def say(x):
    log.append(x)
    return x

name, width = "World", 7
template = t"Hello {say(name)!r:>{width}}{1 + 1}!"
empty = t""
joined = t"a{name=}" t"b"
"""


def main():
    if sys.version_info < (3, 14):
        return "no template strings"
    names = {"log": []}
    exec(SOURCE, names)
    parts = []
    for template in (names["template"], names["empty"], names["joined"]):
        values = template.interpolations
        parts.append(template.strings)
        parts += [(i.value, i.expression, i.conversion, i.format_spec) for i in values]
    return parts, names["log"]
