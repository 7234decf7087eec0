"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def blocks(language: str) -> list[str]:
    """List the README's fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


COMMANDS = [
    line.partition("  #")[0].strip()
    for block in blocks("sh")
    for line in block.splitlines()
    if line.startswith(("frametools ", "python "))
]


def run(command: list[str], directory: Path) -> subprocess.CompletedProcess[str]:
    """Run a command where the examples are, and nothing else."""
    shutil.copytree(ROOT / "examples", directory / "examples", dirs_exist_ok=True)
    return subprocess.run(
        command,
        cwd=directory,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_commands_run(tmp_path: Path) -> None:
    """The commands work, in the order in which they stand."""
    assert len(COMMANDS) >= 3
    for command in COMMANDS:
        words = shlex.split(command.removeprefix("python "))
        if command.startswith("frametools "):
            words = ["-m", *words]
        done = run([sys.executable, *words], tmp_path)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        is_written = " -o " in command or " --html " in command
        assert done.stderr or done.stdout or is_written, command


SHOWN = re.findall(
    r"^```sh\n(python [^\n]*)\n```\n+```text\n(.*?)^```",
    README,
    re.DOTALL | re.MULTILINE,
)


@pytest.mark.parametrize(("command", "text"), SHOWN, ids=[each for each, _ in SHOWN])
def test_shown_output_is_real(command: str, text: str, tmp_path: Path) -> None:
    """What stands below a command is what it prints."""
    words = shlex.split(command.removeprefix("python "))
    done = run([sys.executable, *words], tmp_path)
    assert done.stdout == text


@pytest.mark.parametrize("code", blocks("python"))
def test_python_runs(code: str, tmp_path: Path) -> None:
    """The Python in the README runs as it stands."""
    script = tmp_path / "readme.py"
    script.write_text(code)
    done = run([sys.executable, str(script)], tmp_path)
    assert done.returncode == 0, done.stderr


def test_options_are_real() -> None:
    """Every option that the README names is one that `--help` lists."""
    helps = ""
    for door in ("profile", "report", "merge", "diff", "vm"):
        done = subprocess.run(
            [sys.executable, "-m", "frametools", door, "--help"],
            capture_output=True,
            text=True,
            check=True,
        )
        helps += done.stdout + done.stderr
    named = set(re.findall(r"`(--[a-z-]+)", README))
    assert {option for option in named if option not in helps} == set()


def test_links_lead_somewhere() -> None:
    """The files that the README points to are there."""
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run_alike(example: Path, tmp_path: Path) -> None:
    """An example prints the same, profiled or not."""
    plain = run([sys.executable, str(example)], tmp_path)
    tool = [sys.executable, "-m", "frametools.profile", "-o", "data.frames"]
    profiled = run([*tool, str(example)], tmp_path)
    assert (profiled.returncode, profiled.stdout) == (0, plain.stdout)
    assert example.name in profiled.stderr
    assert "Traceback (most" not in profiled.stderr, profiled.stderr
