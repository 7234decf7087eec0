"""One side of a comparison: a process that runs a program, and records it.

    python -m frametools.agreement.side vm|host FILE OPTIONS app.py [args]

OPTIONS are three lists, each after its length: events, include, exclude. No module
reads them: what is imported before the program is not as new to the VM as to the
host. The recording is in FILE whatever the program's end is, but for `os._exit` and
signals; it has no events if the program never began (SyntaxError).
"""

from __future__ import annotations

import sys

from frametools import _launch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from frametools.recording import Recording
    from frametools.vm.vm import VM


def main(args: list[str]) -> None:
    """Run the program of the command line, recorded; what it raises goes through."""
    side, file, *rest = args
    options = {}
    for name in ("events", "include", "exclude"):
        end = 1 + int(rest[0])
        options[name], rest = tuple(rest[1:end]), rest[end:]
    go = _predict if side == "vm" else _observe
    go(_launch.find(rest), file, options)


def _observe(program: _launch.Program, file: str, options: dict[str, Any]) -> None:
    from frametools.monitor import _twin, recording
    from frametools.monitor.backend import ALL_FRAMES

    run = recording(**options)
    try:
        _launch.run(
            program, before=lambda: run._start(ALL_FRAMES), call=_twin.run_alone
        )
    finally:
        run.__exit__(None, None, None)
        recorded = run.recording if hasattr(run, "recording") else _nothing()
        recorded.save(file)


def _predict(program: _launch.Program, file: str, options: dict[str, Any]) -> None:
    from frametools.vm import _runner
    from frametools.vm.recording import recording

    begun = False

    def around(vm: VM, run: Callable[[], Any]) -> Any:
        nonlocal begun
        begun = True
        recorded = recording(vm, **options)
        try:
            with recorded:
                return run()
        finally:
            recorded.recording.save(file)

    try:
        _runner.go(program, [], around)
    finally:
        if not begun:
            _nothing().save(file)


def _nothing() -> Recording:
    """Return what a program does that does not compile."""
    from frametools.recording import Builder

    return Builder().finish()


if __name__ == "__main__":
    main(sys.argv[1:])
