"""Collections at the recursion limit: the program notices nothing, nor is one lost."""

from __future__ import annotations

import gc
import os
import subprocess
import sys

import pytest

from frametools import retention
from frametools.monitor import _twin
from frametools.retention.heap import census
from frametools.retention.heap.census import nursery

PROGRAM = """
import gc, sys
from frametools import retention

saved = []

def ended():
    return sys._getframe()

def wait():
    yield

def waiting():
    generator = wait()
    next(generator)
    return generator

def dig(level, collected):
    try:
        return dig(level + 1, collected)
    except RecursionError as error:
        reason = str(error)
    try:
        gc.collect(1)
        gc.collect()
        collected.append(level)
    except RecursionError:
        pass
    return level, reason

def run(leave):
    collected = []
    saved.append(leave())
    return dig(0, collected), collected

gc.disable()  # but for those at the limit
sys.setrecursionlimit(300)
for leave in (ended, waiting):
    for _ in range(5):  # what the interpreter specialises needs fewer levels
        plain = run(leave)
    saved.clear()
    gc.collect()
    with retention.watch(threads="all") as watch:
        watched = run(leave)
    assert watched == plain, (watched, plain)
    assert watched[1], "nothing was collected at the limit"
    print([leak.kind.value for leak in watch.leaks])
    del watch
    saved.clear()
print("no frame is kept:", retention.live() == [])
"""


@pytest.mark.parametrize("pure", ["0", "1"])
def test_collections_at_the_limit(pure: str) -> None:
    """The program's RecursionErrors are as without us, and what it leaves is found."""
    child = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"FRAMETOOLS_PURE": pure},
    )
    assert child.stdout.splitlines() == [
        "['retained']",
        "['suspended']",
        "no frame is kept: True",
    ], child.stderr
    if pure == "0" and _twin.NAME == "c":
        assert child.stderr == ""  # else the interpreter says what it ignores


def test_a_collection_that_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """If one went by unseen all objects are looked at: nothing is taken for gone."""
    monkeypatch.setattr(census, "MAY_MISS", True)
    with retention.watch(threads="all") as watch:
        kept = (number for number in range(2))
        next(kept)
        callbacks = gc.callbacks[:]
        gc.callbacks.clear()
        gc.collect()
        gc.callbacks[:] = callbacks
        assert not nursery._follows()
        found = watch.leaks
        del kept
    assert [leak.kind for leak in found] == [retention.Kind.SUSPENDED]
    assert watch.leaks == []
    moment = retention.snapshot()
    assert nursery._follows()
    assert retention.diff(moment) == []
