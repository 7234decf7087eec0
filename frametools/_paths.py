"""Paths of source files, short enough to read; and text that a terminal can show.

    .../lib/python3.13/json/decoder.py      json/decoder.py     standard library
    .../site-packages/flask/app.py          flask/app.py        installed
    /home/me/shop/cart.py                   cart.py             from /home/me/shop
    <frozen importlib._bootstrap>           importlib._bootstrap

`short_path` goes by the path alone: the file need not be there, nor be of this machine.
"""

from __future__ import annotations

import os

_PACKAGES = ("/site-packages/", "/dist-packages/")
FROZEN = "<frozen "


def short_path(path: str, home: str = "") -> str:
    """Cut off what says nothing: where packages are, or the directory `home`."""
    if path.startswith(FROZEN) and path.endswith(">"):
        return path[len(FROZEN) : -1]
    package = in_package(path)
    if package:
        return package
    path = path.replace("\\", "/")
    home = home.replace("\\", "/").rstrip("/") + "/"
    return path[len(home) :] if len(home) > 1 and path.startswith(home) else path


def here() -> str:
    """Return the current directory; nothing if it is there no more."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def in_package(path: str) -> str:
    """Return the part behind the folder of packages, or of the library; else ""."""
    path = path.replace("\\", "/")
    for folder in _PACKAGES:
        if folder in path:
            return path.rpartition(folder)[2]
    return _in_standard_library(path)


def is_installed(path: str) -> bool:
    """True for a file that an installer put there."""
    path = path.replace("\\", "/")
    return any(folder in path for folder in _PACKAGES)


def is_standard(path: str) -> bool:
    """True for a file of the standard library, frozen ones too.

    So it is for what is installed below its folder: ask `is_installed` first.
    """
    is_frozen = path.startswith(FROZEN)
    return is_frozen or bool(_in_standard_library(path.replace("\\", "/")))


def _in_standard_library(path: str) -> str:
    """Return the part after `/lib/python3.13/`, or nothing."""
    if "/lib/python3." not in path:
        return ""
    version, slash, rest = path.rpartition("/lib/python3.")[2].partition("/")
    return rest if slash and version.rstrip("t").isdigit() else ""


def printable(text: str) -> str:
    """Escape what a terminal would obey or could not show."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
