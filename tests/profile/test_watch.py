"""`frametools report --watch FILE`, on a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.profile.running import PROFILE, REPORT, environment, profile, report, script

SOURCE = """
import sys
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
fib(12)
print("ready", flush=True)
for line in sys.stdin:
    fib(12)
    print("done", flush=True)
"""
PATIENCE = 60


class Terminal:
    """The watching command, on a terminal of 90 columns and 20 lines."""

    def __init__(self, folder: Path, *words: str, term: str = "xterm") -> None:
        self.side, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("4H", 20, 90, 0, 0))
        self.before = termios.tcgetattr(other)
        self.process = subprocess.Popen(
            [sys.executable, *REPORT, *words],
            cwd=folder,
            env=environment(TERM=term, NO_COLOR="1"),
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
            close_fds=True,
        )
        self.other = other
        self.text = ""

    def until(self, *words: str) -> None:
        """Read until all words have been seen."""
        end = time.monotonic() + PATIENCE
        while not all(word in self.text for word in words):
            left = end - time.monotonic()
            assert left > 0, self.text
            if select.select([self.side], [], [], min(left, 0.2))[0]:
                self.text += os.read(self.side, 65536).decode()
            elif self.process.poll() is not None:
                assert all(word in self.text for word in words), self.text

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self.side, keys.encode())

    def close(self) -> int:
        """Wait for the end; the terminal is as it was."""
        self.until("\x1b[?1049l")
        status = self.process.wait(PATIENCE)
        assert termios.tcgetattr(self.other) == self.before
        self.free()
        return status

    def free(self) -> None:
        """Close both of its ends."""
        os.close(self.side)
        os.close(self.other)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A profiled program that has begun, and goes on with each line it is given."""
    script(tmp_path, SOURCE)
    with subprocess.Popen(
        [sys.executable, *PROFILE, "--no-report", "-o", "a.frames", "app.py"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline() == "ready\n"
        yield program
        program.stdin.close()


def test_it_follows_and_q_ends(running: subprocess.Popen[str], tmp_path: Path) -> None:
    """Calls that are made later are seen; the program goes on when it has ended."""
    terminal = Terminal(tmp_path, "--watch", "a.frames")
    terminal.until("465/1", "q ends", f"pid {running.pid}")
    assert running.stdin is not None
    running.stdin.write("\n")
    running.stdin.flush()
    terminal.until("930/2", "calls a second")
    terminal.press("xq")
    assert terminal.close() == 0
    assert running.poll() is None


def test_ctrl_c_ends(running: subprocess.Popen[str], tmp_path: Path) -> None:
    """As anywhere; and the screen is given back."""
    terminal = Terminal(tmp_path, "--watch", "a.frames")
    terminal.until("465/1")
    os.kill(terminal.process.pid, 2)
    assert terminal.close() == 130


def test_it_ends_with_the_program(
    running: subprocess.Popen[str], tmp_path: Path
) -> None:
    """The last table stays."""
    terminal = Terminal(tmp_path, "a.frames", "--watch", "--sort", "calls")
    terminal.until("465/1")
    assert running.stdin is not None
    running.stdin.close()
    terminal.until("the program has ended")
    assert terminal.close() == 0
    assert "465/1" in terminal.text.partition("\x1b[?1049l")[2]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["a.frames"], "--watch needs a terminal"),
        (["a.frames", "-o", "x"], "it takes no -o, --html, --limit"),
        (["a.frames", "-f", "tree"], "--watch shows the table, not tree"),
        ([], "no data file"),
    ],
)
def test_what_cannot_be(tmp_path: Path, words: list[str], problem: str) -> None:
    """One line says why."""
    done = report(tmp_path, "--watch", *words)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert problem in line


def test_of_a_run_that_has_ended(tmp_path: Path) -> None:
    """There is nothing to watch: one line, and the screen was never taken."""
    script(tmp_path, "x = 1\n")
    profile(tmp_path, "--no-report", "-o", "a.frames", "app.py")
    terminal = Terminal(tmp_path, "--watch", "a.frames")
    terminal.until("no program runs that writes it")
    assert terminal.process.wait(PATIENCE) == 2
    assert "\x1b[?1049h" not in terminal.text
    terminal.free()
