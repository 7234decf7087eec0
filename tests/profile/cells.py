"""Runs cells in an IPython of its own, and tells as JSON what each has shown.

    python cells.py terminal|notebook CELL...

The last of the answers is the number of frames of cells that are alive in the end.
"""

from __future__ import annotations

import gc
import json
import sys
import warnings
from types import FrameType
from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

LOAD = "%load_ext frametools"
"""Is not counted as a cell."""


def shell_of(kind: str) -> Any:
    """Make a shell that keeps no history; one with a kernel is a notebook's."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    shell: Any = InteractiveShell.instance(config=config)
    shell.display_pub = CapturingDisplayPublisher(parent=shell)
    if kind == "notebook":
        shell.kernel = object()
    return shell


def ran(shell: Any, cell: str) -> dict[str, Any]:
    """Run a cell as a person does, and give what it has shown."""
    shell.display_pub.outputs.clear()
    with capture_output(display=False) as shown:
        done = shell.run_cell(cell, store_history=cell != LOAD)
    error = done.error_in_exec or done.error_before_exec
    return {
        "out": shown.stdout,
        "err": shown.stderr,
        "error": "" if error is None else type(error).__name__,
        "displayed": [each["data"] for each in shell.display_pub.outputs],
    }


def frames_of_cells(shell: Any) -> int:
    """Let go of what IPython keeps of an error, and count the frames that are left."""
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        sys.__dict__.pop(name, None)
    shell.InteractiveTB.tb = None
    shell.SyntaxTB.clear_err_state()
    shell.reset()
    gc.collect()
    return sum(
        type(found) is FrameType and found.f_code.co_filename.startswith("<ipython")
        for found in gc.get_objects()
    )


def main(kind: str, *cells: str) -> None:
    """Answer for each cell, and at the end for the frames."""
    warnings.simplefilter("ignore")  # IPython's own
    shell = shell_of(kind)
    answers: list[Any] = [ran(shell, cell) for cell in cells]
    json.dump([*answers, frames_of_cells(shell)], sys.stdout)


main(*sys.argv[1:])
