"""How the children of a watched program come to be watched: by their environment.

    first process  Settings --> os.environ: FRAMETOOLS_SUBPROCESSES, PYTHONPATH
    its children   start_hook/sitecustomize.py --> _followed --> Settings

A child that ignores PYTHONPATH (-I, -E), has no `site` (-S), or is given another
environment is not followed. A forked child needs none of this.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableMapping

NAME = "FRAMETOOLS_SUBPROCESSES"
HOOK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "start_hook")


class Settings:
    """What a child must know: which run it belongs to, and how to watch."""

    __slots__ = ("base", "costs", "run", "words")

    def __init__(
        self,
        run: str,
        base: str,
        costs: tuple[float, float, float, float],
        words: list[str],
    ) -> None:
        self.run = run
        """Names the run: no other has it."""
        self.base = base
        """Absolute path of the first process's data file."""
        self.costs = costs
        """What monitoring costs; measured once, by the first process."""
        self.words = words
        """The options of the command line."""

    def encode(self) -> str:
        """Give all of it as one text: a line each."""
        costs = " ".join(map(repr, self.costs))
        return "\n".join(map(_escaped, (self.run, self.base, costs, *self.words)))

    @classmethod
    def decode(cls, text: str) -> Settings:
        """Take what `encode` gave; ValueError for anything else."""
        run, base, costs, *words = map(_plain, text.split("\n"))
        inside, outside, c_inside, c_outside = map(float, costs.split())
        return cls(run, base, (inside, outside, c_inside, c_outside), words)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("\n", "\\n")


def _plain(line: str) -> str:
    parts = [part.replace("\\n", "\n") for part in line.split("\\\\")]
    return "\\".join(parts)


def follow_children(
    settings: Settings, environment: MutableMapping[str, str] = os.environ
) -> None:
    """Let the Python programs that are started from here on be watched."""
    environment[NAME] = settings.encode()
    path = environment.get("PYTHONPATH", "")
    if path.split(os.pathsep)[0] != HOOK:
        environment["PYTHONPATH"] = HOOK + os.pathsep + path if path else HOOK


def path_of_child(base: str) -> str:
    """Name the data file of this process after the first one's, with its pid.

    Where that is taken, as the kernel gives a pid again, a number follows.
    """
    root, extension = os.path.splitext(base)
    path = f"{root}.{os.getpid()}{extension}"
    number = 1
    while os.path.lexists(path):
        number += 1
        path = f"{root}.{os.getpid()}.{number}{extension}"
    return path
