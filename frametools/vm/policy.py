"""Policy: which Python code a VM runs itself, and which it leaves to the host.

    --native GLOB, --interpret GLOB     on the module's name; the last match decides
    NATIVE                              what is left to the host when neither matches
    everything else                     is run by the VM

Functions that were made natively, in modules imported before the VM began, are asked
about when the VM first calls them (`VM.adopt`); code of modules when it is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from frametools.vm._builtins import (
    isinstance,
    str,
    tuple,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, FunctionType

    Rule = tuple[str, bool]
    """A glob on module names, and True if what matches is the VM's."""

NATIVE: Final = {
    "frametools": "it is the VM",
    "_frozen_importlib": "its frames are cut out of tracebacks by C, by file name",
    "_frozen_importlib_external": "its frames are cut out of tracebacks by C",
    "importlib._bootstrap": "the same, by the name that `importlib` gives it",
    "importlib._bootstrap_external": "the same, by the name that `importlib` gives it",
}
"""Packages and modules that the host runs, and why."""

_FROZEN = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")


class Policy:
    """Decides by the name of a module if a VM runs its code.

    The VM asks once per code object: what a decision costs does not matter.
    """

    __slots__ = ("_decided", "_matches", "rules")

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(rules)
        self._decided: dict[str, bool] = {}
        if self.rules:
            # Not when it is first asked: that may be about the import of `fnmatch`.
            from fnmatch import fnmatchcase

            self._matches = fnmatchcase

    @classmethod
    def of(cls, *, native: Iterable[str] = (), interpret: Iterable[str] = ()) -> Policy:
        """Make a policy of globs; where both match, `interpret` does."""
        rules = [(glob, False) for glob in native]
        return cls(rules + [(glob, True) for glob in interpret])

    def runs_module(self, name: str) -> bool:
        """Tell if the VM runs the code of a module."""
        if name not in self._decided:
            self._decided[name] = self._decide(name)
        return self._decided[name]

    def _decide(self, name: str) -> bool:
        if _is_within("frametools", name):
            return False  # whatever the globs say: the VM cannot run itself
        for glob, is_ours in self.rules[::-1]:
            if self._matches(name, glob):
                return is_ours
        return name not in NATIVE

    def runs_code(self, co: CodeType, global_names: dict[str, object]) -> bool:
        """Tell if the VM runs a code object that has these globals."""
        if co.co_filename in _FROZEN:
            return False
        name = global_names.get("__name__")
        return self.runs_module(name) if isinstance(name, str) else True

    def runs(self, fn: FunctionType) -> bool:
        """Tell if the VM runs a function that was made natively."""
        return self.runs_code(fn.__code__, fn.__globals__)

    def __repr__(self) -> str:
        return f"Policy({self.rules!r})"


def _is_within(package: str, name: str) -> bool:
    return name == package or name.startswith(package + ".")


EVERYTHING: Final = Policy()
"""The default: everything that is Python, but for `NATIVE`."""
