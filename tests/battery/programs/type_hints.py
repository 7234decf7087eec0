"""get_type_hints finds the names of __main__."""

from __future__ import annotations

import typing


class Node:
    next: Node | None
    value: typing.Annotated[int, "unit"]


def visit(node: Node) -> list[Node]:
    return [node]


print(typing.get_type_hints(Node))
print(typing.get_type_hints(visit))
print("annotations" in globals())
