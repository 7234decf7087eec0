"""A program may replace or delete any builtin: the VM does not notice.

Every builtin that code of the VM reads when it runs is bound in its own module.
"""

from __future__ import annotations

import builtins
import dis
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import CodeType

import pytest

import frametools.vm

BEFORE_OR_AFTER = ("__main__", "_runner", "show")
"""What runs before the program does, and after."""
NAMES = [
    name
    for _, name, _ in pkgutil.walk_packages(
        frametools.vm.__path__, frametools.vm.__name__ + "."
    )
    if name.rpartition(".")[2] not in BEFORE_OR_AFTER
]


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of functions, which runs later; a module's and a class's not."""
    for const in code.co_consts:
        if isinstance(const, CodeType):
            if const.co_flags & inspect.CO_OPTIMIZED:
                yield const
            yield from _functions(const)


@pytest.mark.parametrize("name", NAMES)
def test_builtins_are_bound(name: str) -> None:
    """No function of the module looks a builtin up."""
    module = importlib.import_module(name)
    source = inspect.getsource(module)  # not the loader's code: pytest has rewritten it
    code = compile(source, name, "exec")
    unbound = {
        instruction.argval
        for function in _functions(code)
        for instruction in dis.get_instructions(function)
        if instruction.opname == "LOAD_GLOBAL"
        and hasattr(builtins, instruction.argval)
        and instruction.argval not in vars(module)
    }
    assert unbound == set()
