"""The value of a return that waits for `finally` is on the value stack."""

from frametools import vm


def cleanup():
    return 0


def f(x):
    try:
        return x
    finally:
        cleanup()


inside = [s for s in vm.steps(f, 7) if s.before.code.qualname == "cleanup"]
assert inside[0].frames[-2].stack[0] == "7"
