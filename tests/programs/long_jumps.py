"""Loops and branches over more code than one byte can tell: extended arguments."""

from __future__ import annotations

BODY = "\n".join(f"        total += x{i % 7} * {i + 300}" for i in range(120))
SOURCE = f"""
def far(n):
    x0, x1, x2, x3, x4, x5, x6 = range(7)
    total = 0
    for turn in range(n):
        if turn == 1:
            continue
        if turn > 2:
            break
{BODY}
    else:
        total = -total
    while n is not None:
        try:
{BODY.replace("        ", "            ")}
        except ValueError:
            pass
        n = n - 1 if n > 1 else None
    return total

def many_names():
{chr(10).join(f"    v{i} = {i}" for i in range(300))}
    def inner():
        nonlocal v299
        v299 += v0
        return v299
    del v256
    return inner(), v255, v257
"""


def main():
    names = {}
    exec(SOURCE, names)
    return [names["far"](n) for n in (1, 2, 5)], names["many_names"]()
