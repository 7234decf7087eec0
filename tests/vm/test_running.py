"""From outside into a VM, and out of it again."""

from __future__ import annotations

import io
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from frametools import vm

if TYPE_CHECKING:
    from collections.abc import Callable


def fails(x: int) -> float:
    """Fail in a frame of the VM."""
    return 1 / x


CODE = compile("1 / 0", "<code>", "exec")
WAYS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "call": (lambda: vm.call(fails, 0), ["fails"]),
    "run": (lambda: vm.run(fails, 0), ["fails"]),
    "VM.call": (lambda: vm.VM().call(fails, 0), ["fails"]),
    "interpreted": (lambda: vm.interpreted(fails)(0), ["fails"]),
    "trace": (lambda: vm.trace(fails, 0, file=io.StringIO()), ["fails"]),
    "steps": (lambda: [*vm.steps(fails, 0)], ["fails"]),
    "code": (lambda: vm.call(CODE, {}), ["<module>"]),
    "code, recorded": (lambda: vm.run(CODE, {}), ["<module>"]),
    "native": (lambda: vm.call(int, "x"), []),
    "wrong arguments": (lambda: vm.run(fails), []),
    "no callable": (lambda: vm.call(3), []),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_ours_in_tracebacks(way: str) -> None:
    """Between the caller and the program's frames there are no entries of the VM."""
    call, names = WAYS[way]
    with pytest.raises((ZeroDivisionError, ValueError, TypeError)) as caught:
        call()
    entries = traceback.extract_tb(caught.value.__traceback__)
    assert [entry.name for entry in entries[1:]] == ["<lambda>", *names]


@pytest.mark.parametrize("policy", [3, None, vm.Policy, ["json"]])
def test_policy_of_another_type(policy: Any) -> None:
    """What is no policy is refused when it is given."""
    with pytest.raises(TypeError, match=r"must be a frametools\.vm\.Policy, not "):
        vm.VM(policy)
