"""The depth that the default limit allows: one frame less would be seen."""

import sys

deepest = 0


def down(n):
    global deepest
    deepest = n
    down(n + 1)


print(sys.getrecursionlimit())
try:
    down(1)
except RecursionError as error:
    print(error)
print(deepest)
