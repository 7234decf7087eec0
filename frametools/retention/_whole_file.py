"""A file that is written again and again, and is whole whenever it is read."""

from __future__ import annotations

import os


def write_file(path: str, text: str) -> None:
    """Write a file as a whole or not at all; into what is no file, directly."""
    data = text.encode()
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as out:
            out.write(data)
        return
    partial = f"{path}.{os.getpid()}.part"
    try:
        with open(partial, "wb") as out:
            out.write(data)
        os.replace(partial, path)
    except BaseException:
        if os.path.exists(partial):
            os.unlink(partial)
        raise


def objection(path: str) -> str:
    """Say why a file is not to be written; empty if it may."""
    if os.path.isdir(path):
        return f"{path} is a directory"
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"cannot write {path}: there is no folder {folder}"
    is_new = not os.path.exists(path)
    if not os.access(folder if is_new else path, os.W_OK):
        return f"cannot write {path}"
    if not os.path.isfile(path):
        return ""
    with open(path, "rb") as file:
        begin = file.read(1)
    return "" if begin in (b"", b"{", b"[") else f"{path} is no JSON; it is left alone"
