"""Every augmented operator, on ints and on a class with all in-place methods."""

from __future__ import annotations

OPERATORS = "+= -= *= /= //= %= **= @= &= |= ^= <<= >>="
NAMES = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift"


class Inplace:
    pass


def method(name):
    def inplace(self, other):
        log.append((name, other))
        return self

    return inplace


for name in NAMES.split():
    setattr(Inplace, f"__i{name}__", method(name))

log = []


def on_numbers(x):
    x += 3
    x -= 1
    x *= 5
    x //= 2
    x **= 2
    x %= 50
    x <<= 2
    x >>= 1
    x |= 9
    x &= 62
    x ^= 5
    x /= 4
    return x


def on_object(x):
    x += 1
    x -= 2
    x *= 3
    x /= 4
    x //= 5
    x %= 6
    x **= 7
    x @= 8
    x &= 9
    x |= 10
    x ^= 11
    x <<= 12
    x >>= 13
    return x


def main():
    log.clear()
    x = Inplace()
    same = on_object(x) is x
    return on_numbers(4), same, [n for n, _ in log] == NAMES.split(), len(log)
