"""Calls and functions with more than 255 arguments, locals and constants."""

from __future__ import annotations

N = 300


def count(*args, **kwargs):
    return len(args), len(kwargs), sum(args)


def main():
    names = [f"a{i}" for i in range(N)]
    source = f"def many({', '.join(names)}):\n    return {' + '.join(names)}\n"
    source += f"result = many({', '.join(map(str, range(N)))})\n"
    source += f"named = count({', '.join(f'{n}={i}' for i, n in enumerate(names))})\n"
    source += f"values = [{', '.join(f'x{i}' for i in range(N))}]\n"
    space = {"count": count, **{f"x{i}": i for i in range(N)}}
    exec(source, space)
    again = space["many"](*range(N))
    return space["result"], space["named"], sum(space["values"]), again
