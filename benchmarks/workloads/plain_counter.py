"""Counts what runs, by function, with nothing but sys.setprofile.

    python plain_counter.py OUT (script.py | -m module) [word ...]

Enters are counted: calls, resumes and throws of generators alike. The program is
started as frametools starts it, so that both see the same of it.
"""

from __future__ import annotations

import atexit
import sys
from types import FrameType

from frametools import _launch
from frametools.monitor._twin import run_alone

counts: dict[tuple[str, str, int], int] = {}


def _profile(frame: FrameType, event: str, argument: object) -> None:
    if event == "call":
        code = frame.f_code
        key = code.co_filename, code.co_qualname, code.co_firstlineno
        counts[key] = counts.get(key, 0) + 1


def _start() -> None:
    sys.setprofile(_profile)


def _write(path: str) -> None:
    sys.setprofile(None)
    import json

    with open(path, "w", encoding="utf-8") as file:
        json.dump([[*key, count] for key, count in counts.items()], file)


if __name__ == "__main__":
    atexit.register(_write, sys.argv[1])
    _launch.run(_launch.find(sys.argv[2:]), before=_start, call=run_alone)
