"""A frame without a handler is unwound, and the exception comes to the caller."""

from frametools import vm


def inner():
    raise KeyError(1)


def middle():
    inner()


def outer():
    try:
        middle()
    except KeyError:
        return "handled"


result, recording = vm.run(outer)
assert result == "handled"
unwound = [e.code.qualname for e in recording if e.kind.name == "PY_UNWIND"]
assert unwound == ["inner", "middle"]
