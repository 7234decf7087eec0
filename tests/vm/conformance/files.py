"""CPython's own test files that the VM is held to, and where each is found."""

from __future__ import annotations

import importlib.util

FILES = tuple(
    "test_" + name
    for name in """
    grammar scope generators generator_stop yield_from coroutines asyncgen with
    contextlib contextlib_async raise exceptions except_star exception_group
    exception_variations traceback super descr class decorators funcattrs
    keywordonlyarg positional_only_arg extcall call unpack unpack_ex patma
    named_expressions listcomps setcomps dictcomps genexps fstring tstring type_params
    type_aliases builtin types functools enum dataclasses typing collections
    asyncio.test_tasks threading frame sys_settrace sys_setprofile monitoring
    """.split()
)
"""Every one, in the order of the table. A version lacks those of later syntax."""

FAST = tuple(
    "test_" + name
    for name in """
    grammar scope generators generator_stop yield_from raise except_star super class
    decorators funcattrs keywordonlyarg unpack_ex listcomps frame
    """.split()
)
"""Those of every ordinary test run: each area once, seconds each."""


def module_name(file: str) -> str:
    """Return what to import for `file`: "test_with" is "test.test_with"."""
    return file if file.startswith("test.") else f"test.{file}"


def is_here(file: str) -> bool:
    """Whether this Python comes with that file of tests."""
    try:
        return importlib.util.find_spec(module_name(file)) is not None
    except ImportError:
        return False


def here(files: tuple[str, ...] = FILES) -> list[str]:
    """Return the files that this Python comes with."""
    return [file for file in files if is_here(file)]
