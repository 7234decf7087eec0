"""The file that the reports of a run are written to, again and again."""

from __future__ import annotations

import os

from frametools._whole_file import Replacing


def write_file(path: str, text: str) -> None:
    """Write a file as a whole or not at all; into what is no file, directly."""
    with Replacing(path) as partial, open(partial, "wb") as out:
        out.write(text.encode())


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
