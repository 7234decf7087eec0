"""Every cell has a slot of its own behind the fast locals."""

from frametools import vm


def outer(parameter):
    def inner():
        return parameter

    return inner


assert [s.name for s in vm.layout(outer).slots if s.kind == "cell"] == ["parameter"]
