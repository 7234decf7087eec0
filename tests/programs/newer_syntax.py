"""Syntax that came later: each piece runs where the interpreter can compile it."""

from __future__ import annotations

import warnings

PIECES = [
    "result = f'{'nested'}' + f'{'a' + \"b\"}'",
    "result = f'{f'{f'{1 + 1}'}'}'",
    "try:\n    1 // 0\nexcept ZeroDivisionError, KeyError:\n    result = 'no brackets'",
    "result = [*x for x in [[1, 2], [3]]]",
    "result = {**d for d in [{'a': 1}, {'b': 2}]}",
    "result = list(*x for x in [[1], [2, 3]])",
    "lazy import json\nresult = json.dumps([1])",
]


def attempt(source):
    names = {}
    try:
        code = compile(source, "<compiled>", "exec")
    except SyntaxError:
        return "no such syntax"
    exec(code, names)
    return names["result"]


def main():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [attempt(source) for source in PIECES]
