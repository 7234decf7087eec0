"""Where the frames of what is thrown into a generator are, compared with the host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from frametools.vm.running import execute
from frametools.vm.vm import VM

PROGRAMS = Path(__file__).parent.parent / "programs"


@pytest.mark.parametrize("name", ["frame_of_closer", "traceback_of_thrown"])
def test_is_where_the_host_has_it(name: str) -> None:
    """Callers, offsets and lines that the program sees are the host's."""
    code = compile((PROGRAMS / f"{name}.py").read_text(), f"{name}.py", "exec")
    in_vm: dict[str, Any] = {"__name__": name}
    on_host: dict[str, Any] = {"__name__": name}
    execute(VM(), code, in_vm)
    exec(code, on_host)
    assert in_vm["main"]() == on_host["main"]()
