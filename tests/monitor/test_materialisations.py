"""Who asks for frame objects. The hook stays: each program has its own process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from frametools._python import HAS_GETFRAMEMODULENAME
from frametools.monitor import materialisations as module

ROOT = Path(__file__).parents[2]
START = """
import sys
from frametools.monitor.materialisations import materialisations, Asked

def rows(asked):
    return [(row.qualname, row.what, row.makes, row.count) for row in asked.rows]
"""


@pytest.fixture(params=["", "1"], ids=["c", "python"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Run a program with each twin; the lines that it printed."""

    def run(code: str) -> list[str]:
        script = tmp_path / "script.py"
        script.write_text(START + code)
        env = {"PYTHONPATH": str(ROOT), "FRAMETOOLS_PURE": request.param}
        done = subprocess.run(
            [sys.executable, "script.py"],
            cwd=tmp_path,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    return run


def test_each_way_has_a_row(run: Any) -> None:
    """Each thing that can be asked for is named, with what it makes and how often."""
    ways = {"_getframe": "1", "_current_frames": "1 per thread"}
    if HAS_GETFRAMEMODULENAME:
        ways["_getframemodulename"] = "0"
    ways |= {"_current_exceptions": "0", "settrace": "1 per call"}
    ways |= {"setprofile": "1 per call"}
    found = run(
        f"""
def ask(name, *arguments):
    for _ in range(3):
        getattr(sys, name)(*arguments)
def frames(): yield
async def coroutine(): pass
async def frames_async(): yield
generator, waiting, other = frames(), coroutine(), frames_async()
def read():
    generator.gi_frame, waiting.cr_frame, other.ag_frame
    try:
        raise ValueError
    except ValueError as error:
        error.__traceback__.tb_frame.f_code
with materialisations() as asked:
    for name in {list(ways)}:
        ask(name, *([None] if name.startswith("set") else []))
    read()
print(*rows(asked), sep="\\n")
print(asked.total)
waiting.close()
"""
    )
    reads = {"generator.gi_frame": "1", "coroutine.cr_frame": "1"}
    reads |= {"async_generator.ag_frame": "1", "traceback.tb_frame": "0"}
    reads |= {"frame.f_code": "0"}
    expected = [("ask", f"sys.{way}", makes, 3) for way, makes in ways.items()]
    expected += [("read", way, makes, 1) for way, makes in reads.items()]
    assert sorted(found[:-1]) == sorted(map(str, expected))
    assert found[-1] == "15"


def test_the_table(run: Any) -> None:
    """Most frequent first, in columns; `str`, `table` and `print` give the same."""
    found = run(
        """
def often():
    return sys._getframe()
def once():
    return sys._getframe(1)
with materialisations() as asked:
    once()
    for _ in range(1000):
        often()
print(asked)
assert asked.table() == str(asked)
assert repr(asked) == "<Materialisations: 2 places, 1,001 times>"
asked.print(sys.stdout)
"""
    )
    table = [
        "count  makes  asked for      by     at",
        "1,000  1      sys._getframe  often  script.py:9",
        "    1  1      sys._getframe  once   script.py:11",
    ]
    assert found == table * 2


def test_only_between_with_and_its_end(run: Any) -> None:
    """Before and after, nothing counts; watches may be nested, and used again."""
    assert run(
        """
def one(): sys._getframe()
def two(): sys._getframe()
with materialisations() as outer:
    one()
    with materialisations() as inner:
        two()
    one()
two()
print(*rows(outer))
print(*rows(inner))
with inner:
    two()
    print(inner.total)
print(inner.total, outer.total)
"""
    ) == [
        "('one', 'sys._getframe', '1', 2) ('two', 'sys._getframe', '1', 1)",
        "('two', 'sys._getframe', '1', 1)",
        "2",
        "2 3",
    ]


def test_threads_count(run: Any) -> None:
    """All threads are watched, and none hides another."""
    assert run(
        """
import threading
barrier = threading.Barrier(4)
def ask():
    barrier.wait()
    for _ in range(500):
        sys._getframe()
threads = [threading.Thread(target=ask) for _ in range(4)]
with materialisations() as asked:
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print([row.count for row in asked.rows if row.qualname == "ask"])
"""
    ) == ["[2000]"]


def test_what_our_own_functions_ask_for(run: Any) -> None:
    """It is told as asked by who called them, and their reads of `f_code` are not."""
    assert run(
        """
import gc, weakref
from frametools.monitor.stack import caller, caller_message, walk
class Local: pass
def who():
    local = Local()
    caller(), caller_message("x"), walk(), walk(limit=1)
    return weakref.ref(local)
gc.disable()
with materialisations() as asked:
    print(who()())
print(*rows(asked), sep="\\n")
print(asked.rows[0].line)
"""
    ) == ["None", "('who', 'sys._getframe', '1', 4)", "13"]


def test_the_rows_can_be_gone_through(run: Any) -> None:
    """A loop, `list`, `len` and a truth value: of the rows, within the block too."""
    assert run(
        """
def ask(): sys._getframe()
with materialisations() as asked:
    print(len(asked), bool(asked), list(asked))
    ask()
    print([row.qualname for row in asked], bool(asked))
    sys._getframe()
print(len(asked), list(asked) == asked.rows, [row.count for row in asked])
"""
    ) == ["0 False []", "['ask'] True", "2 True [1, 1]"]


def test_a_refused_hook_is_an_error(run: Any) -> None:
    """If another hook lets none in, that is said; the program is as before."""
    assert (
        run(
            """
def refuse(event, arguments):
    if event == "sys.addaudithook":
        raise RuntimeError
sys.addaudithook(refuse)
for _ in range(2):
    try:
        with materialisations():
            print("never")
    except RuntimeError as error:
        print(type(error).__name__, error)
"""
        )
        == ["MonitorError an audit hook of this process lets no other in"] * 2
    )


def test_errors_and_strange_events_stay_inside(run: Any) -> None:
    """What is wrong with an event, or with the hook, the program never sees."""
    assert run(
        """
from frametools.monitor import materialisations as module
def fail(*arguments): raise ZeroDivisionError
module._count = fail
with materialisations() as asked:
    sys._getframe()
    sys.audit("object.__getattr__")
    sys.audit("object.__getattr__", None, [])
    sys.audit("sys._getframe")
print(asked.rows, asked.total)
"""
    ) == ["[] 0"]


def test_at_the_recursion_limit(run: Any) -> None:
    """A program that recovers from its last frame does so under a watch, too."""
    assert run(
        """
def deep():
    try:
        return deep()
    except RecursionError:
        return sys._getframe().f_code.co_name
with materialisations() as asked:
    print(deep())
"""
    ) == ["deep"]


def test_no_frame_is_kept(run: Any) -> None:
    """A local dies with its call, under the watch and after it; so does its code."""
    assert run(
        """
import gc, weakref
gc.disable()
class Local: pass
def look():
    local = Local()
    sys._getframe()
    return weakref.ref(local)
made = {}
exec("import sys\\ndef ask(): sys._getframe()", made)
code = weakref.ref(made["ask"].__code__)
with materialisations() as asked:
    print(look()())
    made["ask"]()
made.clear()
print(code(), asked.total)
"""
    ) == ["None", "None 2"]


def test_at_the_end_of_the_interpreter(run: Any) -> None:
    """Events that come when modules are gone find a hook that still works."""
    assert run(
        """
import os
watch = materialisations()
watch.__enter__()
class Last:
    def __del__(self, getframe=sys._getframe, write=os.write):
        write(1, getframe().f_code.co_name.encode())
sys.kept = Last()
"""
    ) == ["__del__"]


def test_nothing_is_installed_unasked() -> None:
    """Neither the import nor making one adds a hook."""
    module.materialisations()
    assert not module._installed
