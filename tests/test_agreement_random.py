"""Programs that hypothesis makes: VM, C recorder and Python recorder agree on them.

FRAMETOOLS_RANDOM=20000 asks for as many instead of 300.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import warnings
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from frametools._filters import wanted
from frametools._python import HAS_MONITORING
from frametools.monitor import _twin, recorder
from frametools.monitor._recording import EXTRA_EVENTS
from frametools.monitor.backend import ALL_FRAMES, HIDDEN, build, choose
from frametools.recording import Recording
from frametools.vm.recording import record
from frametools.vm.running import execute
from frametools.vm.vm import VM

_spec = importlib.util.spec_from_file_location(
    "random_programs", Path(__file__).parent / "agreement" / "random_programs.py"
)
assert _spec is not None
assert _spec.loader is not None
random_programs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(random_programs)

EXAMPLES = int(os.environ.get("FRAMETOOLS_RANDOM", "300"))
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


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(source=random_programs.programs())
def test_random_program(source: str) -> None:
    """What main() returns is equal, and so are all events of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, "made.py", "exec")
        gc.disable()
        try:
            ours = predicted(code)
            makers = {_twin.Recorder, recorder.Recorder}
            theirs = [observed(code, make) for make in makers]
        finally:
            gc.enable()
    for result, recording in theirs:
        assert ours[0] == result
        difference = ours[1].first_difference(recording)
        assert difference is None, f"{difference}\n{source}"
