"""Runs `one_of_several.py` in several processes: `several.py HOW PROCESSES N`.

HOW is `subprocess`, or a start method of multiprocessing.
"""

from __future__ import annotations

import multiprocessing
import runpy
import subprocess
import sys
from pathlib import Path

ONE = str(Path(__file__).with_name("one_of_several.py"))


def run(rounds: str) -> None:
    """Do the work in this process."""
    sys.argv[1:] = [rounds]
    runpy.run_path(ONE)


def main(how: str, processes: str, rounds: str) -> None:
    """Start the processes, one after the other."""
    for _ in range(int(processes)):
        if how == "subprocess":
            subprocess.run([sys.executable, ONE, rounds], check=True)
            continue
        context = multiprocessing.get_context(how)
        child = context.Process(target=run, args=(rounds,))  # type: ignore[attr-defined]
        child.start()
        child.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
