"""ThreadState: what a VM knows of a thread."""

from __future__ import annotations

from _thread import get_ident

from frametools.vm import VM


def test_entries_are_counted() -> None:
    """Calls within the VM are none; each call back from native code is one."""
    vm = VM()
    counted: list[int] = []

    class Counter:
        def __index__(self) -> int:  # called by C
            counted.append(vm.threads[get_ident()].entries)
            return 0

    def deeper() -> int:
        return [7][Counter()]

    def program() -> None:
        deeper()
        sorted([1], key=lambda _: deeper())

    count = vm.function(Counter.__index__)  # type: ignore[arg-type]
    Counter.__index__ = count  # type: ignore[method-assign]
    vm.call(program)
    assert counted == [2, 3]
    assert vm.threads[get_ident()].entries == 0
