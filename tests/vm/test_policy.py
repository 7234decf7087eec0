"""Policy: which modules a VM runs itself."""

from __future__ import annotations

import json.decoder
import textwrap
from typing import Any

import pytest

from frametools.vm import Policy
from frametools.vm.policy import EVERYTHING, NATIVE
from frametools.vm.running import bound, call_in
from frametools.vm.vm import VM


def test_everything_but_a_short_list() -> None:
    """By default all is run but the VM itself, and what C knows by its file name."""
    assert EVERYTHING.runs_module("json")
    assert EVERYTHING.runs_module("frametools_of_mine")
    assert not EVERYTHING.runs_module("frametools.vm.frame")
    assert not any(EVERYTHING.runs_module(name) for name in NATIVE)
    assert all(NATIVE.values())


def test_globs() -> None:
    """--native takes modules out, --interpret brings them in again."""
    policy = Policy.of(native=["json", "json.*"], interpret=["json.dec*"])
    assert not policy.runs_module("json")
    assert not policy.runs_module("json.encoder")
    assert policy.runs_module("json.decoder")
    assert policy.runs_module("textwrap")


def test_the_last_rule_decides() -> None:
    """Of rules that match, the one that was given last decides."""
    rules = [("*", False), ("app", True), ("app", False)]
    assert not Policy(rules).runs_module("app")
    assert Policy(rules[:2]).runs_module("app")


def test_the_vm_is_never_run_by_itself() -> None:
    """No glob makes the VM interpret the VM."""
    assert not Policy.of(interpret=["*"]).runs_module("frametools.vm.vm")
    assert Policy.of(interpret=["*"]).runs_module("_frozen_importlib")


def test_code_without_a_module() -> None:
    """Code whose globals have no name, or none that is a string, is run."""
    co = compile("0", "x.py", "exec")
    assert EVERYTHING.runs_code(co, {})
    assert EVERYTHING.runs_code(co, {"__name__": 3})
    assert not EVERYTHING.runs_code(co, {"__name__": "frametools"})


def decoded(vm: VM, function: Any) -> Any:
    """Return what a VM knows of the code of a function."""
    return vm.codes.get(id(function.__code__), "never asked")


def test_functions_made_before_are_adopted() -> None:
    """A function of a module that is there already is run once the VM calls it."""
    vm = VM()
    assert decoded(vm, textwrap.dedent) == "never asked"
    assert bound(vm, lambda: textwrap.dedent("  a"), (), {})() == "a"
    assert decoded(vm, textwrap.dedent).co is textwrap.dedent.__code__


def test_native_modules_are_called_natively() -> None:
    """What the policy leaves to the host is not even decoded."""
    vm = VM(Policy.of(native=["textwrap"]))
    assert call_in(vm, lambda: textwrap.dedent("  a"), (), {}) == "a"
    assert decoded(vm, textwrap.dedent) is None
    assert decoded(vm, json.decoder.py_scanstring) == "never asked"


@pytest.mark.parametrize("glob", ["textwrap", "text*"])
def test_repr(glob: str) -> None:
    """A policy shows its rules."""
    assert repr(Policy.of(native=[glob])) == f"Policy((('{glob}', False),))"
