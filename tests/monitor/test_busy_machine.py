"""CPU times where the processor is lost in the worst of moments."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from frametools._image.layout import ROOT
from frametools.calltree import CallTree

SOURCE = Path(__file__).with_name("lost_processor.c")
PROGRAM = """
def step():
    return sum(range(30_000))  # so long that CPU time is asked for

for _ in range(200):
    step()
"""


@pytest.fixture
def lost_processor(tmp_path):
    """The library that takes the processor away, to be preloaded."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs a C compiler, on Linux")
    library = tmp_path / "lost_processor.so"
    build = [compiler, "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"]
    subprocess.run(build, check=True)
    return library


@pytest.mark.slow
def test_what_is_lost_while_a_clock_is_read(lost_processor, tmp_path):
    """No call loses more time than it has, so CPU times add up to what was used."""
    program, data = tmp_path / "app.py", tmp_path / "app.frames"
    program.write_text(PROGRAM)
    others = os.environ.get("LD_PRELOAD", "").split()
    command = [sys.executable, "-m", "frametools.profile", "--no-report", "-o", data]
    subprocess.run(
        [*command, program],
        check=True,
        env={**os.environ, "LD_PRELOAD": " ".join([*others, str(lost_processor)])},
    )
    tree = CallTree.load(data)
    assert sum(tree.off) / 1e9 > 0.5  # the library was there
    calls = [node for node in tree.walk() if tree.kind[node] != ROOT]
    too_much = sum(max(tree.off[node] - tree.wall[node], 0) for node in calls)
    assert too_much / 1e9 < 0.1  # it was 0.75: all that the library takes
