"""The handler of each instruction on each version: a common table, differences.

A new version is a new table at the end. Names that two versions share but mean
differently have a handler each, named for what it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools.vm._builtins import (
    getattr,
)
from frametools.vm.opcodes import (
    attribute_access,
    calls,
    control,
    data,
    exceptions,
    generators,
    imports,
    intrinsics,
    jumps_on_any,
    locals,
    matching,
    names,
    operators,
)

if TYPE_CHECKING:
    from types import ModuleType

    from frametools.vm.instruction import Handler

    Table = dict[str, Handler]


def _of(module: ModuleType, opnames: str) -> Table:
    """Collect the handlers of a module that are named as their instructions."""
    return {name: getattr(module, name.lower()) for name in opnames.split()}


COMMON: Table = {
    **_of(control, "RESUME NOP RETURN_VALUE"),
    **dict.fromkeys(
        ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"), control.jump
    ),
    **_of(
        locals,
        "LOAD_FAST STORE_FAST DELETE_FAST MAKE_CELL COPY_FREE_VARS LOAD_DEREF "
        "STORE_DEREF DELETE_DEREF",
    ),
    **_of(
        names,
        "STORE_GLOBAL DELETE_GLOBAL LOAD_NAME STORE_NAME DELETE_NAME LOAD_BUILD_CLASS "
        "SETUP_ANNOTATIONS",
    ),
    **_of(attribute_access, "STORE_ATTR DELETE_ATTR"),
    **_of(
        operators,
        "BINARY_OP STORE_SUBSCR DELETE_SUBSCR GET_LEN IS_OP CONTAINS_OP UNARY_NEGATIVE "
        "UNARY_INVERT UNARY_NOT",
    ),
    **_of(
        data,
        "LOAD_CONST POP_TOP PUSH_NULL COPY SWAP BUILD_TUPLE BUILD_LIST BUILD_SET "
        "BUILD_MAP BUILD_STRING BUILD_SLICE LIST_APPEND SET_ADD MAP_ADD LIST_EXTEND "
        "SET_UPDATE DICT_UPDATE DICT_MERGE UNPACK_SEQUENCE UNPACK_EX",
    ),
    **_of(matching, "MATCH_MAPPING MATCH_SEQUENCE MATCH_KEYS MATCH_CLASS"),
    **_of(imports, "IMPORT_NAME IMPORT_FROM"),
    **_of(
        exceptions,
        "PUSH_EXC_INFO POP_EXCEPT CHECK_EXC_MATCH CHECK_EG_MATCH RERAISE RAISE_VARARGS "
        "WITH_EXCEPT_START",
    ),
    **_of(calls, "CALL_FUNCTION_EX MAKE_FUNCTION"),
    **_of(generators, "RETURN_GENERATOR YIELD_VALUE SEND GET_AWAITABLE GET_AITER"),
    **_of(generators, "GET_ANEXT END_ASYNC_FOR"),
}

_POP_JUMPS: Table = _of(
    control,
    "POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE POP_JUMP_IF_NONE POP_JUMP_IF_NOT_NONE",
)

_POP_JUMPS_ON_ANY: Table = {
    **_POP_JUMPS,
    **_of(jumps_on_any, "POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE"),
}

_TWO_WAY_JUMPS: Table = {
    name.replace("POP_JUMP", f"POP_JUMP_{way}"): handler
    for name, handler in _POP_JUMPS_ON_ANY.items()
    for way in ("FORWARD", "BACKWARD")
}

_UNTIL_312: Table = {
    "LOAD_GLOBAL": names.load_global_null_first,
    **_of(locals, "LOAD_CLOSURE"),
    **_of(data, "FORMAT_VALUE"),
    **_of(calls, "KW_NAMES"),
    "UNARY_NOT": operators.unary_not_of_any,
    "CALL": calls.call_null_first,
    "CALL_FUNCTION_EX": calls.call_function_ex_null_first,
    "MAKE_FUNCTION": calls.make_function_with_attributes,
}

_UNTIL_313: Table = {
    **_of(operators, "BINARY_SUBSCR"),
    **_of(data, "BUILD_CONST_KEY_MAP"),
    **_of(exceptions, "LOAD_ASSERTION_ERROR BEFORE_WITH BEFORE_ASYNC_WITH"),
}

_UNTIL_314: Table = {
    "GET_ITER": control.get_iter,
    **_of(generators, "GET_YIELD_FROM_ITER"),
}

V311: Table = {
    **COMMON,
    **_UNTIL_312,
    **_UNTIL_313,
    **_UNTIL_314,
    **_TWO_WAY_JUMPS,
    **_of(jumps_on_any, "JUMP_IF_FALSE_OR_POP JUMP_IF_TRUE_OR_POP"),
    **_of(calls, "PRECALL"),
    **_of(locals, "LOAD_CLASSDEREF"),
    **_of(attribute_access, "LOAD_METHOD"),
    **_of(operators, "UNARY_POSITIVE"),
    **_of(data, "LIST_TO_TUPLE"),
    **_of(imports, "IMPORT_STAR"),
    **_of(intrinsics, "PRINT_EXPR"),
    **_of(generators, "ASYNC_GEN_WRAP"),
    "PREP_RERAISE_STAR": exceptions.prep_reraise_star_op,
    "LOAD_FAST": locals.load_fast_checked,
    "LOAD_ATTR": attribute_access.load_attr_only,
    "COMPARE_OP": operators.compare_op_by_number,
    "FOR_ITER": control.for_iter_natively,
    "SEND": generators.send_popping,
}

_SINCE_312: Table = {
    **_POP_JUMPS,
    **_of(locals, "LOAD_FAST_CHECK LOAD_FAST_AND_CLEAR LOAD_FROM_DICT_OR_DEREF"),
    **_of(names, "LOAD_LOCALS LOAD_FROM_DICT_OR_GLOBALS"),
    **_of(operators, "BINARY_SLICE STORE_SLICE"),
    **_of(intrinsics, "CALL_INTRINSIC_1 CALL_INTRINSIC_2"),
    **_of(generators, "CLEANUP_THROW END_SEND"),
}

V312: Table = {
    **COMMON,
    **_UNTIL_312,
    **_UNTIL_313,
    **_UNTIL_314,
    **_SINCE_312,
    **_POP_JUMPS_ON_ANY,
    **_of(control, "RETURN_CONST"),
    "LOAD_ATTR": attribute_access.load_attr_null_first,
    "LOAD_SUPER_ATTR": attribute_access.load_super_attr_null_first,
    "COMPARE_OP": operators.compare_op_above_mask,
    "FOR_ITER": control.for_iter_popping,
    "END_FOR": control.end_for_pair,
}

_SINCE_313: Table = {
    "LOAD_FROM_DICT_OR_GLOBALS": names.load_from_dict_or_any_globals,
    "LOAD_ATTR": attribute_access.load_attr_push_self,
    "LOAD_SUPER_ATTR": attribute_access.load_super_attr_push_self,
    "LOAD_GLOBAL": names.load_global_push_null,
    "CALL": calls.call_positional,
    "END_FOR": control.end_for,
    **_of(calls, "CALL_KW SET_FUNCTION_ATTRIBUTE MAKE_FUNCTION"),
    **_of(operators, "COMPARE_OP TO_BOOL"),
    **_of(locals, "LOAD_FAST_LOAD_FAST STORE_FAST_LOAD_FAST STORE_FAST_STORE_FAST"),
    **_of(data, "CONVERT_VALUE FORMAT_SIMPLE FORMAT_WITH_SPEC"),
}

V313: Table = {
    **COMMON,
    **_UNTIL_313,
    **_UNTIL_314,
    **_SINCE_312,
    **_SINCE_313,
    **_of(control, "RETURN_CONST"),
    "CALL_FUNCTION_EX": calls.call_function_ex_maybe,
    "FOR_ITER": control.for_iter_popping,
}

_SINCE_314: Table = {
    "NOT_TAKEN": control.nop,
    **_of(locals, "LOAD_FAST_BORROW LOAD_FAST_BORROW_LOAD_FAST_BORROW"),
    **_of(
        data,
        "LOAD_SMALL_INT LOAD_COMMON_CONSTANT BUILD_INTERPOLATION BUILD_TEMPLATE",
    ),
    **_of(exceptions, "LOAD_SPECIAL"),
    "WITH_EXCEPT_START": exceptions.with_except_start_and_self,
}

V314: Table = {
    **COMMON,
    **_UNTIL_314,
    **_SINCE_312,
    **_SINCE_313,
    **_SINCE_314,
    **_of(control, "FOR_ITER POP_ITER"),
}

V315: Table = {
    **COMMON,
    **_SINCE_312,
    **_SINCE_313,
    **_SINCE_314,
    "LOAD_GLOBAL": names.load_global_maybe_lazy_push_null,
    "IMPORT_NAME": imports.import_name_eager,
    "GET_ITER": control.get_iter_pair,
    "FOR_ITER": control.for_iter_pair,
    "POP_ITER": control.pop_iter_pair,
    "SEND": generators.send_pair,
    "END_SEND": generators.end_send_pair,
    "CLEANUP_THROW": generators.cleanup_throw_pair,
}

INTRINSIC_HANDLERS: Table = {
    **_of(
        intrinsics,
        "INTRINSIC_IMPORT_STAR INTRINSIC_UNARY_POSITIVE INTRINSIC_LIST_TO_TUPLE",
    ),
    "INTRINSIC_PREP_RERAISE_STAR": exceptions.prep_reraise_star_op,
    "INTRINSIC_ASYNC_GEN_WRAP": generators.async_gen_wrap,
    "INTRINSIC_STOPITERATION_ERROR": generators.stopiteration_error,
}
