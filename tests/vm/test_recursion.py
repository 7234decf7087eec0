"""Recursion through native code: as deep as the C stack allows, and the program's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_runner import run

if TYPE_CHECKING:
    from pathlib import Path

DEEP = """\
import sys, threading

sys.setrecursionlimit(10**5)
# Others may raise it in the midst of unwinding.
NEEDS_NO_CONTEXT = sys.version_info[:2] in ((3, 11), (3, 13))


def by_map(n):
    return n and list(map(by_map, [n - 1]))


def by_key(n):
    return n and sorted([n - 1], key=by_key)


def by_generator(n):
    yield from map(next, [by_generator(n - 1)]) if n else [1]


def by_exec(n):
    if n:
        exec("by_exec(n - 1)")


def shown(function, n):
    try:
        result = function(n)
        list(result or ())
        return "ends"
    except RecursionError as error:
        names, at = set(), error.__traceback__
        while at:
            names.add(at.tb_frame.f_code.co_filename)
            at = at.tb_next
        context = error.__context__ if NEEDS_NO_CONTEXT else None
        return names - {__file__, "<string>"}, context


def show():
    for function in by_map, by_key, by_generator, by_exec:
        print(shown(function, 200), shown(function, 20_000))


if sys.argv[1:]:
    threading.stack_size(int(sys.argv[1]))
thread = threading.Thread(target=show)
thread.start()
thread.join()
show()
"""


_NO_ROOM = (
    "Exception ignored in sys.unraisablehook: <built-in",
    "RecursionError: Stack overflow",
)


@pytest.mark.parametrize("stack", [[], ["2000000"]])
def test_too_deep_for_the_c_stack(tmp_path: Path, stack: list[str]) -> None:
    """The RecursionError has no entry of the VM, and no context from inside of it."""
    (tmp_path / "deep.py").write_text(DEEP)
    done = run(["deep.py", *stack], tmp_path, vm=True)
    # 3.14 has no room left to call the finalizer of a generator, and says so in C.
    said = done.stderr.splitlines()
    assert [line for line in said if not line.startswith(_NO_ROOM)] == []
    assert done.status == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 8
    assert {*lines} <= {"ends (set(), None)", "ends ends"}, lines


def test_uncaught(tmp_path: Path) -> None:
    """What is printed at the end does not show the VM."""
    program = DEEP.partition("def by_key")[0] + "by_map(20_000)\n"
    (tmp_path / "deep.py").write_text(program)
    done = run(["deep.py"], tmp_path, vm=True)
    assert done.status == 1
    assert "RecursionError" in done.stderr
    assert "frametools" not in done.stderr
    assert done.stderr.count("Traceback") == 1


ANYWHERE = """\
import sys, threading

sys.setrecursionlimit(10**5)


def by_map(n):
    return n and list(map(by_map, [n - 1]))


def by_key(n, deep):
    return max([n], key=lambda n: by_key(n - 1, deep)) if n else by_map(deep)


for k in range(12):
    threading.stack_size(600_000 // 4096 * 4096 + k % 5 * 4096)
    thread = threading.Thread(target=by_key, args=(k, 20_000))
    thread.start()
    thread.join()
"""


def test_uncaught_anywhere(tmp_path: Path) -> None:
    """Wherever in the VM's code the stack ends, the program's error is shown."""
    (tmp_path / "deep.py").write_text(ANYWHERE)
    done = run(["deep.py"], tmp_path, vm=True)
    assert done.status == 0
    assert done.stderr.count("Traceback") == 12
    assert "frametools/vm" not in done.stderr
    assert done.stderr.count("During handling") == 0
