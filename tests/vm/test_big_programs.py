"""Programs of size give in the VM what they give under plain Python, to the byte."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "big"
ROOT = HERE.parent.parent.parent
SERVER, RST, UNTIDY = (
    str(HERE / x) for x in ("server.py", "document.rst", "untidy.py")
)
PROGRAMS = {
    "json.tool": ["-m", "json.tool", "--sort-keys", "--indent=3", "data.json"],
    "json.tool, an error": ["-m", "json.tool", "untidy.py"],
    "argparse": ["-m", "zipfile", "--help"],
    "argparse, an error": ["-m", "compileall", "--workers", "many"],
    "ast": ["-m", "ast", "-a", "untidy.py"],
    "server": [SERVER],
    "docutils": ["-m", "docutils", "--no-datestamp", RST],
    "black": ["-m", "black", "-q", "-"],
    "pylint": ["-m", "pylint", "--score=n", "--rcfile=/dev/null", "untidy.py"],
}


def _run(folder: Path, words: list[str]) -> tuple[int, bytes, bytes]:
    env = {
        **{name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ},
        "BLACK_CACHE_DIR": str(folder),
        "COLUMNS": "80",
        "HOME": str(folder),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, *words],
        input=UNTIDY.encode(),
        capture_output=True,
        check=False,
        cwd=folder,
        env=env,
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str, tmp_path: Path) -> None:
    """Standard output and error, and the exit status, are those of plain Python."""
    words = PROGRAMS[name]
    module = words[1].partition(".")[0] if words[0] == "-m" else "os"
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")
    data = {"b": [1, 2.5, None, {"é": "\n"}], "a": {str(n): n for n in range(50)}}
    (tmp_path / "data.json").write_text(json.dumps(data))
    (tmp_path / "untidy.py").write_text(UNTIDY, encoding="utf-8")
    plain = _run(tmp_path, words)
    assert plain[1] or plain[2]
    assert _run(tmp_path, ["-m", "frametools.vm", *words]) == plain
