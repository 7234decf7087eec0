"""LeakSanitizer on the C core: what it allocates, it frees.

    LD_PRELOAD=libasan.so python tests/sanitize/leaks.py

CPython itself leaves thousands of blocks behind at exit. Only those are ours that came
from an allocation in `_core*.c`, at most a few frames above `malloc`, and more often
than once in a process: the rounds below would leak every time.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

ROUNDS = 25
NEAR = 4  # frames between malloc and us: PyMem_Malloc, PyList_New and the like
OPTIONS = "detect_leaks=1:fast_unwind_on_malloc=0:exitcode=23"
STACK = re.compile(
    r"leak of (\d+) byte\(s\) in (\d+) object\(s\)[^\n]*\n((?: +#.*\n)+)"
)


def countdown(n: int) -> Iterator[int]:
    """Suspend, so that frames outlive a call."""
    while n:
        yield n
        n -= 1


def fails(n: int) -> int:
    """Recurse, and leave by an exception."""
    return 1 // n if n == 0 else fails(n - 1)


def program() -> None:
    """Do a little of all that the core sees: calls, generators, errors, threads."""

    def work() -> None:
        half_done = countdown(5)
        next(half_done)
        sorted(countdown(20), key=abs)
        for depth in range(10):
            try:
                fails(depth)
            except ZeroDivisionError:
                exec("def made(): return len('made')\nmade()", {})

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()


def rounds() -> None:
    """Build, fill and drop every kind of builder."""
    from frametools.monitor import _twin, record

    assert _twin.NAME == "c"
    kinds = ("LINE", "RAISE", "CALL")
    with tempfile.TemporaryDirectory() as directory:
        for number in range(ROUNDS):
            record(program)
            record(program, events=kinds, tracebacks=True, c_calls=True)
            record(program, max_events=100, keep="last", exclude=("*countdown*",))
            builder = _twin.TreeBuilder(str(Path(directory, f"{number}.frames")))
            builder.start()
            builder.note(2, b"{}")
            builder.stop()
            builder.image()
            builder.finish()


def ours(report: str) -> list[str]:
    """Pick the stacks of leaks that the core allocated again and again."""
    return [
        stack
        for _size, objects, stack in STACK.findall(report)
        if int(objects) >= ROUNDS // 2
        and "monitor/_core" in "".join(stack.splitlines(keepends=True)[1 : NEAR + 1])
    ]


def main() -> int:
    """Run the rounds in a process of their own and judge what is left."""
    done = subprocess.run(
        [sys.executable, __file__, "rounds"],
        env={**os.environ, "ASAN_OPTIONS": OPTIONS},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 23) or "SUMMARY: AddressSanitizer" not in done.stderr:
        print(done.stderr[-4000:])
        print(f"the rounds ended with status {done.returncode} and no verdict")
        return 1
    leaks = ours(done.stderr)
    print(*leaks[:5], f"{len(leaks)} leaks of the C core", sep="\n")
    return len(leaks) > 0


if __name__ == "__main__":
    sys.exit(rounds() if sys.argv[1:] == ["rounds"] else main())
