"""From a program's text to its code, as the interpreter itself compiles it."""

from __future__ import annotations

import sys

from frametools._python import COMMAND_IS_DEDENTED, COMMAND_IS_IN_LINECACHE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

    from frametools._launch_find import Program


def compile_program(program: Program) -> CodeType:
    """Return the code of a program that has a text; raises what plain Python shows."""
    source = program.source
    if isinstance(source, str):
        return _compile_command(source)
    if program.is_bytecode:
        return _load_bytecode(source)
    try:
        return compile(source, program.target, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        failure: Exception = error
    from frametools._launch_parser import as_python_says

    raise as_python_says(source, program.target, failure)


def _compile_command(source: str) -> CodeType:
    """Compile the text of -c."""
    if COMMAND_IS_DEDENTED:
        source = _dedent(source)
    code = compile(source, "<string>", "exec", dont_inherit=True)
    if COMMAND_IS_IN_LINECACHE:
        import linecache

        register = getattr(linecache, "_register_code", None)
        if register is not None:
            has_codes = hasattr(linecache, "_interactive_cache")
            register(code if has_codes else "<string>", source, "<string>")
    return code


def _dedent(source: str) -> str:
    """Dedent as `_PyUnicode_Dedent`, which is textwrap's but for speed."""
    lines = [line for line in source.splitlines() if line.strip(" \t")]
    if lines and all(line[0] in " \t" for line in lines):
        from textwrap import dedent

        return dedent(source)
    return source


def _load_bytecode(source: bytes) -> CodeType:
    """Return the code in a .pyc file; RuntimeErrors as in `run_pyc_file`."""
    import marshal

    if source[:4] != sys.modules["_frozen_importlib_external"].MAGIC_NUMBER:
        raise RuntimeError("Bad magic number in .pyc file")
    code = marshal.loads(source[16:])
    if not isinstance(code, type(_load_bytecode.__code__)):
        raise RuntimeError("Bad code object in .pyc file")
    return code
