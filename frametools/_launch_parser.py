"""What Python says of a script that cannot be decoded; loaded only then."""

from __future__ import annotations

import os

# Nothing may run here: whatever the text before it is, this does not compile.
_NOT_PYTHON = b"\n$\n"
_FILE_INPUT = 257


def as_python_says(source: bytes | str, filename: str, error: Exception) -> Exception:
    """Return what the interpreter raises for a file where `compile` raised `error`.

    Its parser of files words errors of encoding otherwise than that of bytes
    ("Non-UTF-8 code starting with ... in file ..."); all others are the same.
    """
    if isinstance(source, bytes) and _is_undecodable(source, error):
        try:
            return _parse_file(source, filename) or error
        except (ImportError, AttributeError, OSError):  # no ctypes, no room, no POSIX
            pass
    return error


def _is_undecodable(source: bytes, error: Exception) -> bool:
    if b"\0" in source or not getattr(error, "lineno", None):
        return True
    try:
        source.decode()
    except UnicodeDecodeError:
        return True
    return False


def _parse_file(source: bytes, filename: str) -> Exception | None:
    import ctypes
    from tempfile import TemporaryFile

    python = ctypes.pythonapi
    open_descriptor, close = python.fdopen, python.fclose
    open_descriptor.restype = ctypes.c_void_p
    close.argtypes = [ctypes.c_void_p]
    run_file = python.PyRun_FileExFlags
    run_file.restype = ctypes.py_object
    run_file.argtypes = [
        *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int),
        *(ctypes.py_object, ctypes.py_object, ctypes.c_int, ctypes.c_void_p),
    ]
    # A real file: 3.14 duplicates its descriptor, so fmemopen does not do.
    with TemporaryFile() as copy:
        copy.write(source + _NOT_PYTHON)
        copy.seek(0)
        file = open_descriptor(os.dup(copy.fileno()), b"r")
        try:
            run_file(file, os.fsencode(filename), _FILE_INPUT, {}, {}, 0, None)
        except SyntaxError as as_python_says:
            return as_python_says.with_traceback(None)
        finally:
            close(file)
    return None
