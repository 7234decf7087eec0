"""Run the programs of quirks.toml: on the host, in the VM, and with flags flipped.

    python runner.py CASES.json RESULTS.json [early]

CASES.json is a list of [side, program, flag], the side "host" or "vm". Each program is
executed in a child of its own, and RESULTS.json says of each what `outcome` in
tests/claims/batch.py does: "" if it ended, else what it raised, or the signal. In the
VM a `flag` of frametools/_python.py that is not "" is told otherwise: in every module
that has it, or, if early, before these are imported, for what they make of it then.
"""

from __future__ import annotations

import builtins
import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from frametools import _python

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
SECONDS = 10
"""How long a program may take: with a flag flipped it might not end."""


def flip(flag: str) -> None:
    """Say the contrary of a flag in each module of frametools that has it."""
    value = not getattr(_python, flag)
    for name, module in list(sys.modules.items()):
        if name.startswith("frametools.") and flag in vars(module):
            setattr(module, flag, value)


def outcome(side: str, program: str, flag: str) -> str:
    """Execute a program, which may leave anything behind in this process."""
    if flag:
        flip(flag)
    import batch

    run: Any = batch.in_vm() if side == "vm" else batch._twin.run_alone
    path = PROGRAMS / f"{program}.py"
    code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    module = sys.modules["__main__"] = ModuleType("__main__")
    module.__dict__["__builtins__"] = builtins  # where PyErr_Warn looks
    said: str = batch.outcome(run, code, module.__dict__)
    return said


def in_child(run: Callable[[], str]) -> str:
    """Return what a function returns in a fork."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        signal.alarm(SECONDS)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            os.write(writable, run().encode())
        except BaseException as error:
            os.write(writable, f"{type(error).__name__}, outside: {error}".encode())
        finally:
            os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else said


def main(cases: str, results: str, when: str = "late") -> None:
    """Run the cases one after the other."""
    sys.path[:0] = [str(HERE), str(HERE.parent.parent / "claims")]
    if when == "late":
        import batch  # noqa: F401 -- once, for all children
    given = json.loads(Path(cases).read_text())
    found = [in_child(lambda case=case: outcome(*case)) for case in given]
    Path(results).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
