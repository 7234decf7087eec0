"""Attributes: loading (also as a method, of a superclass), storing, deleting."""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    bool,
    delattr,
    getattr,
    setattr,
    super,
    type,
)
from frametools.vm.frame import NULL
from frametools.vm.instruction import inst
from frametools.vm.opcodes.names import name_above_bit, name_of
from frametools.vm.special_names import GETTERS, SETTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler

    Frame = InterpreterFrame
    Stack = list[Any]
    Special = tuple[Callable[..., Any], str]


def special_getter(code: Code, instruction: Instruction) -> Special:
    """Prepare a name with what may answer for it."""
    name = name_above_bit(code, instruction)
    return GETTERS[name], name


def special_getter_all_bits(code: Code, instruction: Instruction) -> Special:
    """Prepare a name with what may answer for it: the oparg is only the name's."""
    name = name_of(code, instruction)
    return GETTERS[name], name


def special_setter(code: Code, instruction: Instruction) -> Special:
    """Prepare a name with what may set it."""
    name = name_of(code, instruction)
    return SETTERS[name], name


# LOAD_ATTR


@inst("LOAD_ATTR", "owner -- attr", name_of)
def load_attr_only(_frame: Frame, stack: Stack, name: str) -> None:
    """Replace an object by one of its attributes."""
    stack[-1] = getattr(stack[-1], name)


@inst("LOAD_ATTR", "owner -- attr, self_or_null[oparg & 1]", name_above_bit)
def load_attr(_frame: Frame, stack: Stack, name: str) -> None:
    """Replace an object by one of its attributes."""
    stack[-1] = getattr(stack[-1], name)


@inst("LOAD_ATTR", "owner -- attr, self_or_null[oparg & 1]", name_above_bit)
def load_attr_push_self(_frame: Frame, stack: Stack, name: str) -> None:
    """Push an attribute to call: a method as function and self, or with NULL."""
    owner = stack[-1]
    attr = getattr(owner, name)
    if type(attr) is MethodType and attr.__self__ is owner:
        stack[-1] = attr.__func__
        stack.append(owner)
    else:
        stack[-1] = attr
        stack.append(NULL)


@inst("LOAD_ATTR", "owner -- method_or_null[oparg & 1], attr", name_above_bit)
def load_attr_null_first(_frame: Frame, stack: Stack, name: str) -> None:
    """Push an attribute to call: a method as function and self, or behind NULL."""
    owner = stack[-1]
    attr = getattr(owner, name)
    if type(attr) is MethodType and attr.__self__ is owner:
        stack[-1] = attr.__func__
        stack.append(owner)
    else:
        stack[-1] = NULL
        stack.append(attr)


@inst("LOAD_METHOD", "owner -- method_or_null, attr", name_of)
def load_method(_frame: Frame, stack: Stack, name: str) -> None:
    """Push an attribute to call: a method as function and self, or behind NULL."""
    owner = stack[-1]
    attr = getattr(owner, name)
    if type(attr) is MethodType and attr.__self__ is owner:
        stack[-1] = attr.__func__
        stack.append(owner)
    else:
        stack[-1] = NULL
        stack.append(attr)


def _answer(frame: Frame, owner: Any, special: Special) -> Any:
    """Return what the VM says an attribute is, or what the host says."""
    getter, name = special
    value = getter(frame, owner)
    return getattr(owner, name) if value is NULL else value


@inst("LOAD_ATTR", "owner -- attr, self_or_null[oparg & 1]", special_getter)
def load_special_attr(frame: Frame, stack: Stack, special: Special) -> None:
    """Replace an object by an attribute that the VM may answer for."""
    stack[-1] = _answer(frame, stack[-1], special)


@inst("LOAD_ATTR", "owner -- attr", special_getter_all_bits)
def load_special_attr_only(frame: Frame, stack: Stack, special: Special) -> None:
    """Replace an object by an attribute that the VM may answer for."""
    stack[-1] = _answer(frame, stack[-1], special)


@inst("LOAD_ATTR", "owner -- attr, self_or_null[oparg & 1]", special_getter)
def load_special_attr_push_null(frame: Frame, stack: Stack, special: Special) -> None:
    """Push an attribute to call that the VM may answer for, and NULL."""
    stack[-1] = _answer(frame, stack[-1], special)
    stack.append(NULL)


@inst("LOAD_ATTR", "owner -- method_or_null[oparg & 1], attr", special_getter)
def load_special_attr_null_first(frame: Frame, stack: Stack, special: Special) -> None:
    """Push NULL and an attribute to call that the VM may answer for."""
    attr = _answer(frame, stack[-1], special)
    stack[-1] = NULL
    stack.append(attr)


@inst("LOAD_METHOD", "owner -- method_or_null, attr", special_getter_all_bits)
def load_special_method(frame: Frame, stack: Stack, special: Special) -> None:
    """Push NULL and an attribute to call that the VM may answer for."""
    attr = _answer(frame, stack[-1], special)
    stack[-1] = NULL
    stack.append(attr)


def _choose_attr(code: Code, instruction: Instruction) -> Handler | None:
    special = name_above_bit(code, instruction) in GETTERS
    if instruction.oparg & 1:
        return load_special_attr_push_null if special else None
    return load_special_attr if special else load_attr


def _choose_attr_null_first(code: Code, instruction: Instruction) -> Handler | None:
    special = name_above_bit(code, instruction) in GETTERS
    if instruction.oparg & 1:
        return load_special_attr_null_first if special else None
    return load_special_attr if special else load_attr


def _choose_attr_only(code: Code, instruction: Instruction) -> Handler | None:
    special = name_of(code, instruction) in GETTERS
    return load_special_attr_only if special else None


def _choose_method(code: Code, instruction: Instruction) -> Handler | None:
    special = name_of(code, instruction) in GETTERS
    return load_special_method if special else None


def _choosing(handler: Any, choose: Any) -> None:
    handler.spec = handler.spec._replace(choose=choose)


_choosing(load_attr_push_self, _choose_attr)
_choosing(load_attr_null_first, _choose_attr_null_first)
_choosing(load_attr_only, _choose_attr_only)
_choosing(load_method, _choose_method)


# Attributes of a superclass


def _super_name(code: Code, instruction: Instruction) -> tuple[str, bool]:
    """Prepare the name, and whether `super` was written with its arguments."""
    return code.co.co_names[instruction.oparg >> 2], bool(instruction.oparg & 2)


def _super_attr(stack: Stack, named: tuple[str, bool]) -> tuple[Any, Any]:
    """Pop the three operands; return the attribute and self."""
    self = stack.pop()
    cls = stack.pop()
    global_super = stack.pop()
    name, has_arguments = named
    if global_super is super or has_arguments:
        found = global_super(cls, self)
    else:  # a program's own, called as written
        found = global_super()
    return getattr(found, name), self


def _choose_super(_code: Code, instruction: Instruction) -> Handler | None:
    return None if instruction.oparg & 1 else load_super_attr


@inst(
    "LOAD_SUPER_ATTR",
    "global_super, class, self -- attr, self_or_null[oparg & 1]",
    _super_name,
)
def load_super_attr(_frame: Frame, stack: Stack, named: tuple[str, bool]) -> None:
    """Push `super().name`."""
    stack.append(_super_attr(stack, named)[0])


@inst(
    "LOAD_SUPER_ATTR",
    "global_super, class, self -- attr, self_or_null[oparg & 1]",
    _super_name,
    _choose_super,
)
def load_super_attr_push_self(
    _frame: Frame, stack: Stack, named: tuple[str, bool]
) -> None:
    """Push `super().name` to call."""
    attr, self = _super_attr(stack, named)
    if type(attr) is MethodType and attr.__self__ is self:
        stack.append(attr.__func__)
        stack.append(self)
    else:
        stack.append(attr)
        stack.append(NULL)


@inst(
    "LOAD_SUPER_ATTR",
    "global_super, class, self -- method_or_null[oparg & 1], attr",
    _super_name,
    _choose_super,
)
def load_super_attr_null_first(
    _frame: Frame, stack: Stack, named: tuple[str, bool]
) -> None:
    """Push `super().name` to call."""
    attr, self = _super_attr(stack, named)
    if type(attr) is MethodType and attr.__self__ is self:
        stack.append(attr.__func__)
        stack.append(self)
    else:
        stack.append(NULL)
        stack.append(attr)


# Storing and deleting


def _choose_store(code: Code, instruction: Instruction) -> Handler | None:
    return store_special_attr if name_of(code, instruction) in SETTERS else None


@inst("STORE_ATTR", "v, owner --", special_setter)
def store_special_attr(frame: Frame, stack: Stack, special: Special) -> None:
    """Set an attribute that the VM may set itself."""
    setter, name = special
    owner = stack.pop()
    value = stack.pop()
    if setter(frame, owner, value) is NULL:
        setattr(owner, name, value)


@inst("STORE_ATTR", "v, owner --", name_of, _choose_store)
def store_attr(_frame: Frame, stack: Stack, name: str) -> None:
    """Set an attribute."""
    owner = stack.pop()
    setattr(owner, name, stack.pop())


@inst("DELETE_ATTR", "owner --", name_of)
def delete_attr(_frame: Frame, stack: Stack, name: str) -> None:
    """Delete an attribute."""
    delattr(stack.pop(), name)
