"""A fact about the interpreter: what each Python answers, and a way to see it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

Version = tuple[int, int]
PYTHONS: tuple[Version, ...] = ((3, 11), (3, 12), (3, 13), (3, 14), (3, 15))
ABSENT = "-"
"""The answer where a Python has no such thing; nothing is looked at there."""
HERE: Version = sys.version_info[:2]


class Fact(NamedTuple):
    """One fact. `answers` holds the first version of each answer.

    `see` looks at the running interpreter and returns the answer as text.
    """

    name: str
    answers: dict[Version, str]
    see: Callable[[], str]
    page: str = "monitoring"
    """The page of docs/facts whose table has it."""

    def answer(self, version: Version = HERE) -> str:
        """What is expected on that Python."""
        known = [since for since in self.answers if since <= version]
        return self.answers[max(known)] if known else ABSENT

    def check(self) -> None:
        """Print PASS or FAIL with what was seen; exit with 1 where it differs."""
        wanted = self.answer()
        seen = ABSENT if wanted == ABSENT else self.see()
        verdict = "PASS" if seen == wanted else f"FAIL (expected {wanted!r})"
        print(f"{verdict}  {self.name}: {seen}")
        sys.exit(seen != wanted)


def python(code: str) -> str:
    """Run `code` in a fresh interpreter; return what it printed, on either stream."""
    child = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=os.path.dirname(os.path.abspath(__file__)),
    )
    return child.stdout.strip()
