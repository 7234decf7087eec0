"""Functions made in a loop share its variable; a default argument keeps a value."""

from __future__ import annotations


def main():
    late = [lambda: i for i in range(3)]
    early = [lambda i=i: i for i in range(3)]
    made = [(lambda n: lambda: n)(i) for i in range(3)]
    lazily = [f() for f in (lambda: i for i in range(3))]
    functions = []
    for n in range(3):

        def read():
            return n

        functions.append(read)
    n = "after"
    return (
        [f() for f in late],
        [f() for f in early],
        [f() for f in made],
        lazily,
        [f() for f in functions],
    )
