"""Each claim of the seeds holds exactly where docs/claims.md says so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from frametools.monitor import _twin
from tests.loading import load

HERE = Path(__file__).parent


claims = load(HERE / "claims.py", "claims_data")
ALL = [claim for seed in claims.seeds() for claim in seed.claims]
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give what the programs said on one side; each side runs once."""
    checks: dict[str, set[str]] = {}
    for claim in ALL:
        pairs = (
            (claim.program, claim.check),
            (claim.instead_program, claim.instead_check),
        )
        for program, check in pairs:
            if program:
                checks.setdefault(program, set()).update({check} - {""})
    cases = json.dumps([[program, sorted(found)] for program, found in checks.items()])

    @cache
    def of(side: str) -> dict[str, str]:
        folder = tmp_path_factory.mktemp(side)
        given, written = folder / "cases.json", folder / "results.json"
        given.write_text(cases)
        command = [sys.executable, str(HERE / "batch.py"), side, given, written]
        subprocess.run(command, check=True, timeout=120, stdout=subprocess.DEVNULL)
        said: dict[str, str] = json.loads(written.read_text())
        return said

    return of


# A program that runs a VM itself shows the model on the host.
SIDES = [
    pytest.param(claim, side, id=f"{claim.id}-{side}")
    for claim in ALL
    for side in ("host", "vm")
    if claim.program and not (side == "vm" and claim.is_of_model)
]


@pytest.mark.parametrize(("claim", "side"), SIDES)
def test_claim(claim: Any, side: str, results: Any) -> None:
    """It holds on the Pythons of its row; on others, what is said instead does."""
    if side == "host" and _twin.NAME != "c":
        pytest.skip("without the C core programs see the frames that run them")
    said = results(side)
    shown, instead = claim.cases
    if VERSION in (claim.vm if side == "vm" else claim.holds_on):
        assert said[shown] == ""
        return
    assert said[shown].startswith("AssertionError"), said[shown] or "it holds"
    if instead:
        assert said[instead] == ""


@pytest.mark.parametrize("claim", [c for c in ALL if c.header], ids=lambda c: c.id)
def test_header(claim: Any) -> None:
    """The C headers of this Python say it exactly if its row says so."""
    include = Path(sysconfig.get_path("include"))
    if not (include / "internal").is_dir():
        pytest.skip(f"no C headers in {include}")
    found = [include / name for name in claim.header if (include / name).exists()]
    text = "\n".join(path.read_text(encoding="utf-8") for path in found)
    said = all(re.search(pattern, text, re.MULTILINE) for pattern in claim.text)
    assert said == (VERSION in claim.holds_on)


def test_rows() -> None:
    """Every row says what shows it, once, and what is true where it does not hold."""
    ids = [claim.id for claim in ALL]
    assert sorted(set(ids)) == sorted(ids)
    for claim in ALL:
        shown = [bool(claim.program), bool(claim.header), bool(claim.source)]
        assert shown.count(True) == 1, claim.id
        assert bool(claim.header) == bool(claim.text), claim.id
        holds_on_all = set(claim.holds_on) >= set(claims.VERSIONS)
        assert holds_on_all == (not claim.instead), claim.id
        if claim.program and claim.vm != claim.holds_on:
            assert claim.note, f"{claim.id}: why does the VM differ?"
    for seed in claims.seeds():
        assert {claim.section for claim in seed.claims} == set(seed.sections)


def test_programs() -> None:
    """Each program there is shows a claim, and says in its first line which."""
    shown = {c.program for c in ALL} | {c.instead_program for c in ALL}
    for path in sorted((HERE / "programs").glob("*.py")):
        assert path.stem in shown
        assert path.read_text(encoding="utf-8").startswith('"""')


def test_page() -> None:
    """docs/claims.md is what claims.py writes."""
    assert claims.PAGE.read_text(encoding="utf-8") == claims.page()
