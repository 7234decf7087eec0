"""eval, exec and compile, many times over the same text."""

from __future__ import annotations


def main():
    total = 0
    names = {"one": 1}
    for i in range(50):
        total += eval("one + i", names, {"i": i})
        exec("def made(x):\n    return x + 1", names)
        total += names["made"](i)
    code = compile("[n * 2 for n in range(3)]", "<compiled>", "eval")
    return total, [eval(code) for _ in range(2)]
