"""Run the programs of the claims in one process: on the host, or in the VM.

    python batch.py host|vm CASES.json RESULTS.json

CASES.json is a list of [program, [check, ...]], programs named as in claims.py. A
program of tests/claims/programs is executed as a script; of one of tests/programs,
`main()` is called, and the checks are expressions about what it returned, `result`.
RESULTS.json maps `program` or `program: check` to "" if it held, else to what was
raised, which begins with AssertionError if it was the claim that failed.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from frametools.monitor import _twin
from frametools.vm import importing, running
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

HERE = Path(__file__).parent


def in_vm() -> Callable[[CodeType, dict[str, Any]], object]:
    """Make what executes code in the VM, as `python -m frametools.vm` does."""
    vm = VM()
    importing.stay_active(vm, whole=True)
    return lambda code, names: running.execute(vm, code, names)


def compiled(program: str) -> CodeType:
    """Compile a script, or two lines that call `main()` of a program."""
    if not program.startswith("programs/"):
        path = HERE / "programs" / f"{program}.py"
        return compile(
            path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True
        )
    name = program.replace("/", ".")
    return compile(f"import {name}\nresult = {name}.main()\n", "<claim>", "exec")


def outcome(run: Callable[..., object], code: CodeType, names: dict[str, Any]) -> str:
    """Execute code: "" if it ends, else the exception with the line it came from."""
    try:
        run(code, names)
    except Exception as error:
        entry = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} (line {entry.lineno}: {entry.line})"
    return ""


def main(side: str, cases: str, results: str) -> None:
    """Run the cases, each program once."""
    sys.path.insert(0, str(HERE.parent))
    run: Callable[..., object] = in_vm() if side == "vm" else _twin.run_alone
    found = {}
    for program, checks in json.loads(Path(cases).read_text()):
        module = sys.modules["__main__"] = ModuleType("__main__")
        names = module.__dict__
        said = outcome(run, compiled(program), names)
        if not checks:
            found[program] = said
        for check in checks:
            code = compile(f"assert {check}", "<check>", "exec")
            found[f"{program}: {check}"] = said or outcome(exec, code, names)
        names.clear()
    Path(results).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
