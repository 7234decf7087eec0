"""f-strings: conversions, nested formats, calls, debugging, and __format__."""

from __future__ import annotations


class Money:
    def __init__(self, amount):
        self.amount = amount

    def __format__(self, spec):
        return f"<{self.amount}:{spec or 'plain'}>"

    def __str__(self):
        return "str"

    def __repr__(self):
        return "répr"


class Wrong:
    def __format__(self, spec):
        return 3


def twice(x):
    return x * 2


def main():
    money, width, name = Money(5), 8, "n"
    try:
        f"{Wrong()}"
    except TypeError as error:
        wrong = str(error)
    return (
        f"{money} {money!s} {money!r} {money!a}",
        f"{money:x} {money!r:>{width}} {3.14159:{width}.{twice(1)}f}|",
        f"{name=} {twice(2)=!s:>4} {{literal}}",
        f"{f'{twice(name)}'}{'' if name else 'empty'}" + f"{lambda_()}",
        "%s-%r" % (money, money),  # noqa: UP031
        "{0.amount} {1[0]} {2:>{3}}".format(money, "ab", "x", 3),
        format(money, "spec"),
        f"{name}",
        f"",  # noqa: F541
        wrong,
    )


lambda_ = lambda: "called"  # noqa: E731
