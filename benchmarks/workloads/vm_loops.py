"""What a virtual machine is timed with: four loops, and calls from native code.

    vm_loops.py NAME ROUNDS

Run as a program it prints the least seconds of one, so that any interpreter of Python
can be given it.
"""

import sys
import time


def fib(n=16):
    """Calls: 3,193 of them."""
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def loop(n=10000):
    """Local names, arithmetic, a jump: 14 instructions a turn."""
    total = i = 0
    while i < n:
        total = total + i % 7
        i += 1
    return total


def excepts(n=2000):
    """An error raised and handled, two other turns through the same `try`."""
    caught = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                raise ValueError(i)
        except ValueError:
            caught += 1
    return caught


def items(n):
    """Yield numbers."""
    for i in range(n):  # noqa: UP028 - each item is to pass through Python
        yield i


def generators(n=4000):
    """A generator's items, summed."""
    total = 0
    for value in items(n):
        total += value
    return total


def same(x):
    """The smallest body: what is called back."""
    return x


def called_back(n=3000):
    """Calls made by native code."""
    list(map(same, range(n)))


def called(n=3000):
    """The same calls made by Python code."""
    for x in range(n):
        same(x)


def not_called(n=3000):
    """All of that but the call."""
    for x in range(n):
        same  # noqa: B018
        x  # noqa: B018


RESULTS = {"fib": 987, "loop": 29994, "excepts": 667, "generators": 7998000}
LOOPS = tuple(RESULTS)
REENTRY = ("called_back", "called", "not_called")


def seconds(name):
    """Time one of them once."""
    function = globals()[name]
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main(name, rounds):
    """Print the least seconds of all rounds."""
    if globals()[name]() != RESULTS[name]:
        sys.exit(f"{name}: a wrong result")
    print(name, min([seconds(name) for _ in range(rounds)]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
