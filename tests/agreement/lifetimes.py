"""Which frames are alive when programs have ended, and through whom.

    python lifetimes.py vm|host FOLDER NAME...

The VM says it by its ownership rules, `frametools.retention` finds it on the host.
FOLDER/NAME.json has, for each function and line where frames of the program stand, how
many there are and through which kinds of holder: of the VM all, of the host those that
are reported. The module is there still, and garbage.
"""

from __future__ import annotations

import gc
import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from frametools._frame_values import frame_of
from frametools.monitor import _twin
from frametools.retention import Through, live
from frametools.retention.groups.graph import Graph
from frametools.retention.heap.census import is_kept
from frametools.vm import importing, running
from frametools.vm.frame_object import line_number
from frametools.vm.ownership import Held, Holder, State, alive
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import CodeType
    from typing import Any

    Found = tuple[tuple[str, int], int, Through | None]
    Run = Callable[[CodeType, Any], object]
    Find = Callable[[str], Iterator[Found]]

PROGRAMS = Path(__file__).parent.parent / "programs"
KIND = {
    Holder.GENERATOR: Through.GENERATOR,
    Holder.FRAME_OBJECT: Through.FRAME,
    Holder.TRACEBACK: Through.TRACEBACK,
    Holder.CALLEE: Through.CALLER,
}
"""What retention calls the VM's kinds; a program that has ended is on no stack."""


def in_vm() -> tuple[Run, Find]:
    """Make what runs code in the VM, and what says which frames of a file are alive."""
    vm = VM()
    importing.stay_active(vm, whole=True)

    def find(file: str) -> Iterator[Found]:
        for held in alive(vm):
            code = held.frame.code.co
            if code.co_filename == file and not is_hidden(held):
                place = code.co_qualname, line_number(held.frame) or 0
                yield place, id(held.frame), KIND[held.kind]

    return lambda code, names: running.execute(vm, code, names), find


def is_hidden(held: Held) -> bool:
    """Say if nothing leads to a frame: of a generator that was closed, 3.12 and 3.13.

    No `gi_frame`, and the collector does not track it: CLOSE_KEEPS_UNSTARTED_FRAMES.
    """
    return held.kind is Holder.GENERATOR and held.state is State.COMPLETED


def on_host() -> tuple[Run, Find]:
    """Make what runs code on this interpreter, and what finds frames of a file."""

    def find(file: str) -> Iterator[Found]:
        graph = Graph(is_kept)
        frames = map(frame_of, (graph.members[number] for number in graph.is_frame))
        for frame in frames:
            if frame is not None and frame.f_code.co_filename == file:
                place = frame.f_code.co_qualname, frame.f_lineno or 0
                yield place, id(frame), None
        del graph, frames, frame
        for leak in live(cycles=True):
            for kept in leak.frames:  # of one of the equal groups
                if kept.file == file:
                    yield (kept.function, kept.line), 0, kept.through

    return _twin.run_alone, find


def rows(found: Iterable[Found]) -> list[tuple[str, int, int, list[str]]]:
    """Return function, line, how many frames, and kinds of holders, in order."""
    frames: dict[tuple[str, int], set[int]] = {}
    kinds: dict[tuple[str, int], set[str]] = {}
    for place, frame, kind in found:
        frames.setdefault(place, set()).update({frame} - {0})
        kinds.setdefault(place, set()).update({kind.value} if kind else ())
    return [
        (*place, len(frames[place]), sorted(kinds[place])) for place in sorted(frames)
    ]


def main(side: str, folder: str, names: list[str]) -> None:
    """Run programs and write what is alive then; what one raises is its result."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(PROGRAMS.parent))
    run, find = in_vm() if side == "vm" else on_host()
    for name in names:
        module = f"programs.{name}"
        code = compile(
            f"import {module}\nresult = {module}.main()\n", "<lifetimes>", "exec"
        )
        for looks in (False, True):
            sys.modules.pop(module, None)
            gc.collect()
            gc.disable()
            world = {"__name__": "__main__"}
            try:
                run(code, world)
                file = str(PROGRAMS / f"{name}.py")
                result: object = rows(find(file)) if looks else None
            except Exception as error:
                result = f"{type(error).__name__}: {error}"
            finally:
                gc.enable()
            Path(folder, f"{name}.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
