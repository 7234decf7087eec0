"""The tables: each instruction has a handler, and does what it declares."""

from __future__ import annotations

import dis
import os
import re
import sysconfig
from pathlib import Path
from types import CodeType, SimpleNamespace

import pytest

from frametools.vm.versions import EMITTED, HANDLERS, TABLES

OPARGS = {
    "BUILD_SLICE": (2, 3),
    "COPY": (1, 2, 3),
    "SWAP": (2, 3),
    "RAISE_VARARGS": (0, 1, 2),
    "LOAD_COMMON_CONSTANT": (0, 1),
    "LOAD_SPECIAL": (0, 1),
    "CALL_INTRINSIC_1": (1, 2, 3),
    "CALL_INTRINSIC_2": (1, 2),
    "SET_FUNCTION_ATTRIBUTE": (1, 2, 4, 8),
    "RERAISE": (0, 1, 2),
}
COUNTED_OTHERWISE = {
    "PRECALL",  # 3.11 counts the arguments here, but CALL takes them
    "RETURN_VALUE",  # since 3.14 what the caller gets is counted
    "RETURN_GENERATOR",  # until 3.12 what is pushed, when it begins, is not counted
}
HAS_OPARG = set(getattr(dis, "hasarg", ())) or set(range(dis.HAVE_ARGUMENT, 256))


def count(items: str, oparg: int, jump: bool) -> int:
    """Return how many items one side of an effect names."""
    total = 0
    for item in filter(None, (item.strip() for item in items.split(","))):
        array = re.fullmatch(r"\w+\[(.+)\]", item)
        conditional = re.fullmatch(r"\w+ if \((.+)\)", item)
        values = {"oparg": oparg, "jump": jump}
        if array:
            total += int(eval(array[1], values))
        elif conditional:
            total += bool(eval(conditional[1], values))
        else:
            assert re.fullmatch(r"\w+", item), items
            total += 1
    return total


def declared(effect: str, oparg: int, jump: bool) -> int:
    """Return by how much a declared effect changes the depth of the stack."""
    before, after = re.split(r"(?:^|\s)--(?:\s|$)", effect)
    return count(after, oparg, jump) - count(before, oparg, jump)


@pytest.mark.parametrize("opname", sorted(EMITTED))
def test_effect(opname: str) -> None:
    """A handler's declared effect is that of `dis.stack_effect`."""
    op = dis.opmap[opname]
    if opname in COUNTED_OTHERWISE:
        return
    effect = HANDLERS[opname].spec.effect  # type: ignore[attr-defined]
    opargs = OPARGS.get(opname, (0, 1, 2, 3, 5, 256)) if op in HAS_OPARG else (None,)
    for oparg in opargs:
        if opname.startswith("BUILD_CONST") and not oparg:
            continue
        expected = dis.stack_effect(op, oparg, jump=False)
        if opname == "CALL" and "PRECALL" in EMITTED:
            expected += dis.stack_effect(dis.opmap["PRECALL"], oparg)
        assert declared(effect, oparg or 0, False) == expected, (effect, oparg)


@pytest.mark.parametrize("opname", sorted(EMITTED))
def test_chosen_handlers(opname: str) -> None:
    """A handler chosen for one instruction declares the same effect, and says what."""
    from frametools.vm.code import Instruction

    handler = HANDLERS[opname]
    assert handler.__doc__
    spec = handler.spec  # type: ignore[attr-defined]
    names = ("__code__", "f_back", "tb_frame", "other") * 64
    co = SimpleNamespace(co_names=names, co_consts=names)
    stand_in = SimpleNamespace(co=co, nlocalsplus=2)
    if spec.choose is None:
        return
    for oparg in OPARGS.get(opname, (0, 1, 2, 3, 4, 5, 6, 7, 16, 26, 80)):
        try:
            chosen = spec.choose(stand_in, Instruction(0, 0, opname, oparg, None, 2))
        except IndexError:
            continue  # no such operator
        if chosen is None:
            continue
        assert chosen.__doc__
        other = chosen.spec.effect
        for bits in range(8):
            assert declared(other, bits, False) == declared(spec.effect, bits, False)


def test_tables_of_other_versions() -> None:
    """Every handler in every table is one."""
    for table in TABLES.values():
        for handler in table.values():
            assert handler.spec.opname  # type: ignore[attr-defined]
            assert handler.__doc__


def emitted(code: CodeType) -> set[str]:
    """Return the names of all instructions in a code object and those within."""
    found = {instruction.opname for instruction in dis.get_instructions(code)}
    for const in code.co_consts:
        if isinstance(const, CodeType):
            found |= emitted(const)
    return found


def test_what_the_standard_library_compiles_to() -> None:
    """All instructions in a part of the standard library have handlers."""
    stdlib = Path(sysconfig.get_paths()["stdlib"])
    names: set[str] = set()
    for at, path in enumerate(sorted(stdlib.glob("*.py"))):
        if at % (1 if os.environ.get("FRAMETOOLS_ALL") else 12) == 0:
            code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
            names |= emitted(code)
    assert names - {"CACHE", "EXTENDED_ARG"} <= EMITTED
    assert len(names) > 60
