"""Where code is, short enough to read: names and paths of functions."""

from __future__ import annotations

from frametools.events import CodeKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.events import CodeRef

_PACKAGES = ("/site-packages/", "/dist-packages/")


def printable(text: str) -> str:
    """Escape what a terminal would obey or could not show."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def short_path(path: str, home: str = "") -> str:
    """Cut what says nothing off a path: the program's directory, site-packages."""
    if path.startswith("<frozen ") and path.endswith(">"):
        return path[8:-1]
    path = path.replace("\\", "/")
    for folder in _PACKAGES:
        if folder in path:
            return path.rpartition(folder)[2]
    standard = _in_standard_library(path)
    if standard:
        return standard
    home = home.replace("\\", "/").rstrip("/") + "/"
    return path[len(home) :] if len(home) > 1 and path.startswith(home) else path


def is_installed(path: str) -> bool:
    """True for a file that an installer put there."""
    path = path.replace("\\", "/")
    return any(folder in path for folder in _PACKAGES)


def is_standard(path: str) -> bool:
    """True for a file of the standard library, frozen ones too."""
    is_frozen = path.startswith("<frozen ")
    return is_frozen or bool(_in_standard_library(path.replace("\\", "/")))


def _in_standard_library(path: str) -> str:
    """The part after `/lib/python3.13/`, or nothing."""
    if "/lib/python3." not in path:
        return ""
    version, slash, rest = path.rpartition("/lib/python3.")[2].partition("/")
    return rest if slash and version.rstrip("t").isdigit() else ""


class Places:
    """Names and places of the code in one tree, each made once."""

    __slots__ = ("_home", "_short")

    def __init__(self, home: str = "") -> None:
        """Take the program's working directory: paths below it lose it."""
        self._home = home
        self._short: dict[str, str] = {}

    def place(self, code: CodeRef) -> str:
        """`file:line`, short; empty for what has no file."""
        short = self.file(code.filename)
        return f"{short}:{code.firstlineno}" if short and code.firstlineno else short

    def file(self, path: str) -> str:
        """The short form of a path."""
        short = self._short.get(path)
        if short is None:
            short = self._short[path] = printable(short_path(path, self._home))
        return short

    def name(self, code: CodeRef) -> str:
        """The qualified name, without `<locals>` that only takes room."""
        name = printable(code.qualname).replace(".<locals>.", ".")
        return f"{{{name}}}" if code.kind is CodeKind.C_FUNCTION else name

    def full(self, code: CodeRef) -> str:
        """Name and place in one, for forms without columns."""
        place = self.place(code)
        return f"{self.name(code)} ({place})" if place else self.name(code)
