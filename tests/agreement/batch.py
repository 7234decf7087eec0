"""Record many programs of tests/programs in one process: in the VM, or on the host.

    python batch.py vm|c|python FOLDER NAME...

Each runs once to warm up (imports, caches), then once for each set of `EVENTS`; the
recordings are FOLDER/NAME.NUMBER.frames. `c` and `python` are the host's recorders.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from earlier import set_aside

from frametools._filters import wanted
from frametools.monitor import _twin, recorder
from frametools.monitor._recording import EXTRA_EVENTS
from frametools.monitor.backend import ALL_FRAMES, HIDDEN, build, choose
from frametools.recording import Recording
from frametools.vm import importing, running
from frametools.vm.recording import recording
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

PROGRAMS = Path(__file__).parent.parent / "programs"
INCLUDE = (f"{PROGRAMS}/*", "<compiled>", "made.py")
EVENTS = ((), tuple(sorted(EXTRA_EVENTS)))
"""What is recorded: the six alone, which leave most instructions as they are; all."""


def in_vm() -> Callable[..., Recording | None]:
    """Make what runs code in the VM, and records it."""
    vm = VM()
    importing.stay_active(vm, whole=True)

    def run(code: CodeType, events: tuple[str, ...] | None) -> Recording | None:
        names = {"__name__": "__main__"}
        if events is None:
            running.execute(vm, code, names)
            return None
        with recording(vm, events=events, include=INCLUDE) as recorded:
            running.execute(vm, code, names)
        return recorded.recording

    return run


def on_host(make: Any) -> Callable[..., Recording | None]:
    """Make what runs code on this interpreter, and records it with a recorder."""
    wants = wanted(INCLUDE, ())

    def run(code: CodeType, events: tuple[str, ...] | None) -> Recording | None:
        names = {"__name__": "__main__"}
        if events is None:
            _twin.run_alone(code, names)
            return None
        backend = choose(wants)
        builder = build(make, wants=backend.wants, hide=HIDDEN, events=events)
        backend.start(builder, ALL_FRAMES)
        try:
            _twin.run_alone(code, names)
        finally:
            backend.stop()
        return Recording.from_image(builder.image())

    return run


def main(side: str, folder: str, names: list[str]) -> None:
    """Record the programs; one that raises leaves the reason in NAME.error."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, os.fspath(PROGRAMS.parent))
    makers = {"c": _twin.Recorder, "python": recorder.Recorder}
    run = in_vm() if side == "vm" else on_host(makers[side])
    for name in names:
        source = f"import programs.{name}\nprograms.{name}.main()\n"
        code = compile(source, "<batch>", "exec")
        set_aside()
        try:
            run(code, None)
            gc.collect()
            gc.disable()
            for number, events in enumerate(EVENTS):
                recorded = run(code, events)
                recorded.save(f"{folder}/{name}.{number}.frames")
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            Path(folder, f"{name}.error").write_text(text)
        finally:
            gc.enable()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
