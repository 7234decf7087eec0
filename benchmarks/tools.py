"""The tools that are compared: how each is started, and whether it is here."""

from __future__ import annotations

import importlib.util
import sys
from typing import NamedTuple


class Tool(NamedTuple):
    """A way to run a program; `command` precedes the program's own words.

    `{out}` in `command` stands for a file that is thrown away afterwards.
    """

    name: str
    command: tuple[str, ...] = ()
    module: str = ""
    """What must be importable."""
    env: tuple[tuple[str, str], ...] = ()
    since: tuple[int, int] = (3, 11)

    def missing(self) -> str:
        """Why the tool cannot run here; empty if it can."""
        if sys.version_info < self.since:
            return "needs Python " + ".".join(map(str, self.since))
        top = self.module.partition(".")[0]
        if top and importlib.util.find_spec(top) is None:
            return "is not installed"
        return ""


OURS = ("-m", "frametools.profile", "-o", "{out}")


def _ours(name: str, *options: str, pure: bool = False) -> Tool:
    """One way to run our profiler; the core is C unless `pure`."""
    env = (("FRAMETOOLS_PURE", "1" if pure else ""),)
    return Tool(name, (*OURS, *options), "frametools", env)


PLAIN = Tool("plain")
CPROFILE = Tool("cProfile", ("-m", "cProfile", "-o", "{out}"))
DEFAULT = _ours("frametools")
C_CALLS = _ours("frametools --c-calls", "--c-calls")
LOW = _ours("frametools --low", "--low")
TWIN = _ours("frametools, no C", pure=True)
TRACING = Tool(
    "profiling.tracing", ("-m", "profiling.tracing", "-o", "{out}"), since=(3, 15)
)
SAMPLING = Tool(
    "profiling.sampling",
    ("-m", "profiling.sampling", "run", "-o", "{out}"),
    since=(3, 15),
)
VIZTRACER = Tool(
    "viztracer", ("-m", "viztracer", "--quiet", "-o", "{out}.json"), "viztracer"
)
YAPPI = Tool("yappi -c wall", ("-m", "yappi", "-c", "wall", "-o", "{out}"), "yappi")
PYINSTRUMENT = Tool(
    "pyinstrument", ("-m", "pyinstrument", "-o", "{out}"), "pyinstrument"
)

OUR_TOOLS = (DEFAULT, C_CALLS, LOW)
PEERS = (TRACING, SAMPLING, VIZTRACER, YAPPI, PYINSTRUMENT)
