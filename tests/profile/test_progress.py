"""The progress line: on a terminal only, and never in anyone's way."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from frametools._output import Output
from frametools._python import COUNTS_THREADS_AFTER_HOOKS
from frametools.profile import progress
from frametools.profile.progress import Progress, describe
from tests.profile.running import PROFILE, environment, script


class Builder:
    """Stands for what watches: counts who asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.ignored = threading.Event()

    def ignore_this_thread(self) -> None:
        """Be told of the thread."""
        self.ignored.set()

    def stats(self) -> dict[str, int]:
        """Give figures, as a TreeBuilder does."""
        self.asked += 1
        return {"events": 1_234_567, "depth": 9}


class Screen(Output):
    """A terminal in memory."""

    __slots__ = ("drawn", "written")

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self.drawn = threading.Event()

    def is_foreground(self) -> bool:
        """Let it draw."""
        return True

    def is_ours(self) -> bool:
        """Let it draw."""
        return True

    def write(self, text: str) -> bool:
        """Keep what is written."""
        self.written.append(text)
        self.drawn.set()
        return True


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw at once."""
    monkeypatch.setattr(progress, "PATIENCE", 0.001)
    monkeypatch.setattr(progress, "PERIOD", 0.001)


def test_the_line() -> None:
    """Elapsed time, events, depth, memory."""
    assert describe({"events": 999, "depth": 3}, 4.9).startswith(
        " [4 s, 999 events, depth 3, "
    )
    assert describe({"events": 2_500_000, "depth": 3}, 75).startswith(
        " [1:15, 2.5 M events, depth 3"
    )


def make() -> tuple[Progress, Builder, Screen]:
    """Make a line over a builder and a screen that are not real."""
    builder, screen = Builder(), Screen()
    return Progress(builder, screen), builder, screen  # type: ignore[arg-type]


@pytest.mark.usefixtures("soon")
def test_it_draws_and_clears() -> None:
    """The cursor is put back each time; at the end the line is gone."""
    line, builder, screen = make()
    line.start()
    assert builder.ignored.wait(5)
    assert screen.drawn.wait(5)
    assert len(threading.enumerate()) == threading.active_count()
    assert all(thread.name != "Dummy-1" for thread in threading.enumerate())
    line.stop()
    count = len(screen.written)
    assert "1.2 M events" in screen.written[0]
    assert all(
        text.startswith("\x1b7") and text.endswith("\x1b8") for text in screen.written
    )
    assert "events" not in screen.written[-1]
    line.stop()
    assert len(screen.written) == count


def test_it_is_silent_at_first() -> None:
    """A short run has no line."""
    line, builder, screen = make()
    line.start()
    assert builder.ignored.wait(5)
    line.stop()
    assert (screen.written, builder.asked) == ([], 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.usefixtures("soon")
def test_the_thread_pauses_for_a_fork() -> None:
    """No thread is there while the process forks: no warning, no deadlock."""
    line, _, screen = make()
    line.start()
    assert screen.drawn.wait(5)
    child = os.fork()  # a DeprecationWarning here is an error
    if child == 0:
        os._exit(0 if not line.is_on else 1)
    _, status = os.waitpid(child, 0)
    assert status == 0
    screen.drawn.clear()
    assert screen.drawn.wait(0.5 if COUNTS_THREADS_AFTER_HOOKS else 5) is (
        not COUNTS_THREADS_AFTER_HOOKS
    )
    line.stop()


def run_on_terminal(folder: Path, *words: str) -> str:
    """Run the command on a pseudo-terminal; returns what that showed."""
    pty = pytest.importorskip("pty", reason="no terminals here")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, *PROFILE, *words],
        cwd=folder,
        env=environment(TERM="xterm", COLUMNS="100"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 10_000)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait()
    os.close(ours)
    return shown.decode()


def test_a_report_on_a_terminal_is_in_colour(tmp_path: Path) -> None:
    """And a short run shows no progress."""
    script(tmp_path, "print('said')")
    shown = run_on_terminal(tmp_path, "app.py")
    assert shown.startswith("said\r\n")
    assert "\x1b[1mframetools: app.py" in shown
    assert "\x1b7" not in shown
