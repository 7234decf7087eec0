"""Programs that hypothesis makes: VM, C recorder and Python recorder agree on them.

20,000 more: `python -m pytest -m conformance tests/test_agreement_random.py`
"""

from __future__ import annotations

import gc
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from frametools._filters import wanted
from frametools._python import HAS_MONITORING
from frametools.monitor import _twin, recorder
from frametools.monitor._recording import EXTRA_EVENTS
from frametools.monitor.backend import ALL_FRAMES, HIDDEN, build, choose
from frametools.recording import Recording
from frametools.vm.recording import record
from frametools.vm.running import execute
from frametools.vm.vm import VM
from tests.loading import load

random_programs = load(
    Path(__file__).parent / "agreement" / "random_programs.py", "random_programs"
)

PHASES = [phase for phase in Phase if HAS_MONITORING or phase is not Phase.explain]
"""On 3.11 hypothesis explains with the trace function that the recorder needs."""
EVENTS = tuple(sorted(EXTRA_EVENTS))
INCLUDE = ("made.py",)


def observed(code: Any, make: Any) -> tuple[Any, Recording]:
    """Run a program on this interpreter, and record its `main()`."""
    names: dict[str, Any] = {}
    exec(code, names)
    backend = choose(wanted(INCLUDE, ()))
    builder = build(make, wants=backend.wants, hide=HIDDEN, events=EVENTS)
    backend.start(builder, ALL_FRAMES)
    try:
        result = names["main"]()
    finally:
        backend.stop()
    return result, Recording.from_image(builder.image())


def predicted(code: Any) -> tuple[Any, Recording]:
    """Run it in a VM."""
    vm = VM()
    names: dict[str, Any] = {}
    execute(vm, code, names)
    return record(vm, names["main"], events=EVENTS, include=INCLUDE)


def check(source: str) -> None:
    """What main() returns is equal, all events of it, and what Python cannot raise."""
    ignored: list[str] = []
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, "made.py", "exec")
        # In place of pytest's, which keeps frames, and the builder in one of them.
        patch.setattr(
            sys, "unraisablehook", lambda x: ignored.append(repr(x.exc_value))
        )
        gc.disable()
        gc.freeze()
        try:
            ours = (*predicted(code), _taken(ignored))
            makers = {_twin.Recorder, recorder.Recorder}
            theirs = [(*observed(code, make), _taken(ignored)) for make in makers]
        finally:
            # Frames that keep themselves, of which only Python can tell, and what
            # their ends leave: it would be frozen the next time, and stay.
            while gc.collect():
                pass
            gc.unfreeze()
            gc.enable()
    for result, recording, told in theirs:
        assert ours[0] == result
        difference = ours[1].first_difference(recording)
        assert difference is None, f"{difference}\n{source}"
        assert ours[2] == told, source


def _taken(words: list[str]) -> list[str]:
    taken = words.copy()
    words.clear()
    return taken


made = given(source=random_programs.programs())
how = settings(suppress_health_check=list(HealthCheck), phases=PHASES)
test_random_program = settings(how, max_examples=300)(made(check))


@pytest.mark.conformance
@pytest.mark.parametrize("number", range(40))
def test_seed(number: int) -> None:
    """The same of 500 programs of each seed."""
    seed(number)(settings(how, max_examples=500)(made(check)))()
