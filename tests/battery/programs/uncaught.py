"""An exception leaves the program; it shows neither more nor fewer frames."""

import sys


def inner(n):
    return 1 / n


def outer():
    inner(0)


print("to stdout", flush=True)
print("not flushed")
sys.stderr.write("to stderr\n")
outer()
