"""The value stack, constants, and the making and taking apart of containers."""

from __future__ import annotations

import opcode as _opcode
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    BaseException,
    TypeError,
    ascii,
    dict,
    format,
    getattr,
    isinstance,
    len,
    list,
    repr,
    set,
    slice,
    str,
    tuple,
    type,
    zip,
)
from frametools.vm.frame import NULL
from frametools.vm.host import raise_plainly
from frametools.vm.host_instruction import perform
from frametools.vm.instruction import inst
from frametools.vm.tracebacks import strip

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler

    Frame = InterpreterFrame
    Stack = list[Any]


_COMMON_CONSTANTS = tuple(getattr(_opcode, "_common_constants", ()))
_CONVERSIONS = (None, str, repr, ascii)


def const(code: Code, instruction: Instruction) -> Any:
    """Prepare the constant that an instruction pushes."""
    return code.co.co_consts[instruction.oparg]


def common_constant(_code: Code, instruction: Instruction) -> Any:
    """Prepare one of the constants that all code shares."""
    return _COMMON_CONSTANTS[instruction.oparg]


@inst("LOAD_CONST", "-- value", const)
def load_const(_frame: Frame, stack: Stack, value: Any) -> None:
    """Push a constant of the code."""
    stack.append(value)


@inst("LOAD_SMALL_INT", "-- value")
def load_small_int(_frame: Frame, stack: Stack, value: int) -> None:
    """Push a number up to 255, which is the oparg."""
    stack.append(value)


@inst("LOAD_COMMON_CONSTANT", "-- value", common_constant)
def load_common_constant(_frame: Frame, stack: Stack, value: Any) -> None:
    """Push a constant that all code shares."""
    stack.append(value)


@inst("POP_TOP", "value --")
def pop_top(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Drop the top of the stack."""
    stack.pop()


@inst("PUSH_NULL", "-- null")
def push_null(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push NULL, where a call may have `self`."""
    stack.append(NULL)


@inst("COPY", "bottom, unused[oparg-1] -- bottom, unused[oparg-1], top")
def copy(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Push what is the oparg-th from the top, which is the first."""
    stack.append(stack[-oparg])


@inst("SWAP", "bottom, unused[oparg-2], top -- top, unused[oparg-2], bottom")
def swap(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Exchange the top and the oparg-th."""
    stack[-oparg], stack[-1] = stack[-1], stack[-oparg]


# Containers


@inst("BUILD_TUPLE", "values[oparg] -- tuple")
def build_tuple(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Make a tuple."""
    if oparg:
        stack[-oparg:] = (tuple(stack[-oparg:]),)
    else:
        stack.append(())


@inst("BUILD_LIST", "values[oparg] -- list")
def build_list(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Make a list."""
    if oparg:
        stack[-oparg:] = (stack[-oparg:],)
    else:
        stack.append([])


@inst("BUILD_SET", "values[oparg] -- set")
def build_set(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Make a set."""
    made: set[Any] = set()
    if oparg:
        for value in stack[-oparg:]:
            made.add(value)
        del stack[-oparg:]
    stack.append(made)


@inst("BUILD_MAP", "values[oparg*2] -- map")
def build_map(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Make a dict of keys and values in turn."""
    made: dict[Any, Any] = {}
    if oparg:
        values = stack[-2 * oparg :]
        # One at a time: the host words the error of an unhashable key in this way.
        for key, value in zip(values[::2], values[1::2]):
            made[key] = value
        del stack[-2 * oparg :]
    stack.append(made)


@inst("BUILD_CONST_KEY_MAP", "values[oparg], keys -- map")
def build_const_key_map(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Make a dict of constant keys."""
    keys = stack.pop()
    made = dict(zip(keys, stack[-oparg:])) if oparg else {}
    if oparg:
        del stack[-oparg:]
    stack.append(made)


@inst("BUILD_STRING", "pieces[oparg] -- str")
def build_string(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Join strings."""
    if oparg:
        stack[-oparg:] = ("".join(stack[-oparg:]),)
    else:
        stack.append("")


@inst("BUILD_SLICE", "args[oparg] -- slice")
def build_slice(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Make a slice of two or three."""
    stack[-oparg:] = (slice(*stack[-oparg:]),)


@inst("LIST_APPEND", "list, unused[oparg-1], v -- list, unused[oparg-1]")
def list_append(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Append to a list further down: a comprehension's."""
    value = stack.pop()
    stack[-oparg].append(value)


set_add_to = set.add


@inst("SET_ADD", "set, unused[oparg-1], v -- set, unused[oparg-1]")
def set_add(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Add to a set further down."""
    value = stack.pop()
    target = stack[-oparg]
    if not isinstance(target, set):  # a program may set __conditional_annotations__
        raise TypeError(f"'{type(target).__name__}' object is not a set")
    set_add_to(target, value)


@inst("MAP_ADD", "map, unused[oparg-1], key, value -- map, unused[oparg-1]")
def map_add(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Set an item of a dict further down."""
    value = stack.pop()
    key = stack.pop()
    stack[-oparg][key] = value


@inst("LIST_EXTEND", "list, unused[oparg-1], iterable -- list, unused[oparg-1]")
def list_extend(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Append all of an iterable to a list further down."""
    iterable = stack.pop()
    kind = type(iterable)
    if kind is list or kind is tuple:
        stack[-oparg].extend(iterable)
    else:
        perform("LIST_EXTEND", 1, stack[-oparg], iterable)


@inst("LIST_TO_TUPLE", "list -- tuple")
def list_to_tuple(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Make a tuple of a list."""
    stack[-1] = tuple(stack[-1])


@inst("SET_UPDATE", "set, unused[oparg-1], iterable -- set, unused[oparg-1]")
def set_update(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Add all of an iterable to a set further down."""
    iterable = stack.pop()
    perform("SET_UPDATE", 1, stack[-oparg], iterable)


@inst("DICT_UPDATE", "dict, unused[oparg-1], update -- dict, unused[oparg-1]")
def dict_update(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Add all items of a mapping to a dict further down."""
    update = stack.pop()
    if type(update) is dict:
        stack[-oparg].update(update)
    else:
        perform("DICT_UPDATE", 1, stack[-oparg], update)


@inst("DICT_MERGE", "dict, unused[oparg-1], update -- dict, unused[oparg-1]")
def dict_merge(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Add keyword arguments: the function, for errors, is further down."""
    update = stack.pop()
    merged = stack[-oparg]
    if type(update) is dict and not merged:
        for key in update:
            if type(key) is not str:
                break
        else:
            merged.update(update)
            return
    below = [None if v is NULL else v for v in stack[-oparg - 3 : -oparg or None]]
    perform("DICT_MERGE", 1, *below[:3], merged, update)


# Unpacking


@inst("UNPACK_SEQUENCE", "seq -- values[oparg]")
def unpack_sequence(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Replace a sequence by its items, the first on top."""
    values = stack[-1]
    kind = type(values)
    if (kind is tuple or kind is list) and len(values) == oparg:
        stack[-1:] = values[::-1]
    else:
        del values
        _unpack(stack, "UNPACK_SEQUENCE", oparg)


@inst("UNPACK_EX", "seq -- before[oparg & 0xFF], rest, after[oparg >> 8]")
def unpack_ex(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Replace a sequence by its items, those between first and last in a list."""
    _unpack(stack, "UNPACK_EX", oparg)


def _unpack(stack: Stack, opname: str, oparg: int) -> None:
    """Unpack the top natively; what cannot be unpacked has gone before that is told."""
    try:
        stack[-1:] = perform(opname, oparg, stack[-1])
    except BaseException as error:
        raised = error
    else:
        return
    strip(raised)
    stack.pop()
    raise_plainly(raised)


# Formatting


def _conversion(_code: Code, instruction: Instruction) -> Any:
    return _CONVERSIONS[instruction.oparg]


@inst("CONVERT_VALUE", "value -- result", _conversion)
def convert_value(_frame: Frame, stack: Stack, convert: Any) -> None:
    """Convert with !s, !r or !a."""
    stack[-1] = convert(stack[-1])


@inst("FORMAT_SIMPLE", "value -- res")
def format_simple(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Format with no format specification."""
    value = stack[-1]
    if type(value) is not str:
        stack[-1] = format(value)


@inst("FORMAT_WITH_SPEC", "value, fmt_spec -- res")
def format_with_spec(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Format."""
    spec = stack.pop()
    stack[-1] = format(stack[-1], spec)


def _choose_format(_code: Code, instruction: Instruction) -> Handler:
    return format_value_with_spec if instruction.oparg & 4 else format_value


def _low_conversion(_code: Code, instruction: Instruction) -> Any:
    return _CONVERSIONS[instruction.oparg & 3]


@inst("FORMAT_VALUE", "value, fmt_spec[(oparg & 4) == 4] -- res", _low_conversion)
def format_value_with_spec(_frame: Frame, stack: Stack, convert: Any) -> None:
    """Convert and format."""
    spec = stack.pop()
    value = stack[-1]
    if convert is not None:
        value = convert(value)
    stack[-1] = format(value, spec)


@inst(
    "FORMAT_VALUE",
    "value, fmt_spec[(oparg & 4) == 4] -- res",
    _low_conversion,
    _choose_format,
)
def format_value(_frame: Frame, stack: Stack, convert: Any) -> None:
    """Convert and format with no format specification."""
    value = stack[-1]
    if convert is not None:
        value = convert(value)
    stack[-1] = value if type(value) is str else format(value)


@inst("BUILD_INTERPOLATION", "value, str, format[oparg & 1] -- interpolation")
def build_interpolation(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Make an interpolation of a t-string."""
    count = 3 if oparg & 1 else 2
    stack[-count:] = (perform("BUILD_INTERPOLATION", oparg, *stack[-count:]),)


@inst("BUILD_TEMPLATE", "strings, interpolations -- template")
def build_template(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Make a t-string."""
    interpolations = stack.pop()
    stack[-1] = perform("BUILD_TEMPLATE", 0, stack[-1], interpolations)
