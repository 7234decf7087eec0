"""Which frames have a frame object, and from when on, is what the VM says it is.

CPython makes one only when something asks: `sys._getframe()`, an entry of a traceback,
`gi_frame`, `f_back`, a trace function, or a frame that it called and that is kept.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from types import FrameType

import pytest

from tests.agreement.both_sides import run_both

HERE = Path(__file__).parent
COMPARED = """
attribute_hooks contexts coroutines exceptions_handled exceptions_in_c
exceptions_in_descriptors exceptions_reraised finally_blocks frame_back_chain
frame_clear frame_in_closure frame_in_generator frame_lifetime generator_throw
generators init_raises iteration_protocols kept_by_frames plain_calls
with_statements yield_from_errors
""".split()


def compared(folder: Path, names: list[str]) -> Path:
    """Write the rows of both sides of programs."""
    run_both("materialisation.py", folder, names)
    why_not = folder / "host" / "why_not"
    if why_not.exists():
        pytest.skip(why_not.read_text())
    return folder


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the rows of the programs."""
    return compared(tmp_path_factory.mktemp("materialisation"), COMPARED)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED)
def test_program(name: str, rows: Path) -> None:
    """The same frames have an object before each statement."""
    vm, host = (
        (rows / side / f"{name}.rows").read_text().split("\n")
        for side in ("vm", "host")
    )
    assert len(host) > 1
    assert vm == host


@pytest.mark.slow
def test_there_are_both(rows: Path) -> None:
    """There are frames with an object among what is compared, and frames without."""
    text = "".join((rows / "host" / f"{name}.rows").read_text() for name in COMPARED)
    assert text.count("+") > 10
    assert text.count("-") > 100


def test_the_collector_tracks_frames_that_are_over() -> None:
    """A frame object is tracked once it owns its frame, and not while that runs."""

    def running() -> tuple[FrameType, bool]:
        frame = sys._getframe()
        return frame, gc.is_tracked(frame)

    frame, was_tracked = running()
    assert not was_tracked
    assert gc.is_tracked(frame)
    frame.clear()
