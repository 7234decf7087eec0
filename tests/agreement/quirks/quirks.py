"""The table of what a Python does its own way, and docs/host-quirks.md.

    python tests/agreement/quirks/quirks.py    # writes docs/host-quirks.md

The data are quirks.toml, which explains its rows, and two tables that say themselves
what is expected to differ: ../expected.toml, ../stdlib_expected.toml.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
PAGE = ROOT / "docs" / "host-quirks.md"
VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")


@dataclass(frozen=True, slots=True)
class Quirk:
    """One row; the fields are those of the data."""

    flag: str
    fact: str
    versions: tuple[str, ...]
    otherwise: str = ""
    asked_on: tuple[str, ...] = VERSIONS
    crashes_on: tuple[str, ...] = ()
    gh: tuple[int, ...] = ()
    pep: int = 0
    program: str = ""
    test: str = ""
    note: str = ""


def quirks() -> list[Quirk]:
    """Read the rows."""
    return [
        Quirk(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()})
        for row in _read(HERE / "quirks.toml")["quirk"]
    ]


def not_quirks() -> dict[str, str]:
    """Return the flags that have no row, each with the reason."""
    found: dict[str, str] = _read(HERE / "quirks.toml")["not_quirks"]
    return found


def expected(kind: str) -> list[dict[str, Any]]:
    """Return what programs of tests/programs are expected to differ in."""
    found: list[dict[str, Any]] = _read(HERE.parent / "expected.toml")[kind]
    return found


def expected_of_stdlib() -> list[dict[str, Any]]:
    """Return what the standard library's tests are expected to differ in."""
    found: list[dict[str, Any]] = _read(HERE.parent / "stdlib_expected.toml")[
        "expected"
    ]
    return found


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def page() -> str:
    """Return docs/host-quirks.md."""
    text = [_HEAD]
    for version in VERSIONS:
        text.append(f"## {version}")
        lines = [_row(quirk, version) for quirk in quirks()]
        text.append(_table(_COLUMNS, [line for line in lines if line]))
        for kind, title in _EXPECTED.items():
            rows = [row for row in expected(kind) if _is_of(row, version)]
            head = (f"expected to differ on {version}, {title}", "programs")
            text.append(_table(head, [_expected(row) for row in rows]))
    lines = [_expected_of_stdlib(row) for row in expected_of_stdlib()]
    text += [_STDLIB, _table(("tests of", "Pythons", "why"), lines)]
    return "\n\n".join(text) + "\n"


_HEAD = """\
# What each Python does its own way

    python -m pytest tests/agreement/quirks            # every row, on this Python
    python tests/agreement/quirks/quirks.py            # writes this page

The [reference VM](vm.md) and the recorders are to agree with the interpreter event by
event, so they must know what an interpreter does that others do not. Here is all of
it: a table for each version, with the flag of `frametools/_python.py` that has it, the
issue of CPython (as far as one was found) and the program that shows it. The program
asserts the fact: the test runs it on the interpreter and in the VM, and it holds or
fails in both alike; and with the flag told otherwise it does not do in the VM what it
did. "not reported" means that we know of no issue.

Behind each table is what is *expected to differ* between the VM and that interpreter,
from `tests/agreement/expected.toml`: in the events that are recorded, in the slots of
the frames, and in which of them have a frame object; with the programs of
`tests/programs` that show it. A row that no longer shows fails the test, and no
difference passes without one.

The interpreters asked are 3.11.7, 3.12.1, 3.13.0, 3.14.10 and 3.15.2: later releases
have mended some of it."""

_STDLIB = """\
## Tests of the standard library

What `tests/agreement/stdlib_expected.toml` expects to differ, or leaves out, where the
tests of the standard library are run both ways."""

_COLUMNS = ("what it does", "flag", "CPython", "shown by")
_EXPECTED = {
    "expected": "in events (`tests/test_agreement.py`)",
    "lockstep": "slot by slot (`tests/agreement/test_lockstep.py`)",
    "materialisation": "in frame objects (`tests/agreement/test_materialisation.py`)",
}


def _row(quirk: Quirk, version: str) -> tuple[str, ...]:
    """Make a row for a version; nothing if there is nothing to say there."""
    holds = version in quirk.versions
    said = quirk.fact if holds else quirk.otherwise
    if not said or not (holds or version in quirk.asked_on):
        return ()
    if version in quirk.crashes_on:
        said = f"The interpreter crashes. In the VM: {said}"
    if holds and quirk.note:
        said = f"{said} {quirk.note}"
    flag = f"`{quirk.flag}`" if holds else f"not `{quirk.flag}`"
    return said, flag, _reported(quirk), _shown_by(quirk)


def _reported(quirk: Quirk) -> str:
    if quirk.pep:
        return f"PEP {quirk.pep}"
    address = "https://github.com/python/cpython/issues"
    links = [f"[gh-{number}]({address}/{number})" for number in quirk.gh]
    return ", ".join(links) or "not reported"


def _shown_by(quirk: Quirk) -> str:
    if quirk.test:
        return f"[{Path(quirk.test).stem}](../{quirk.test})"
    folder = "../tests/agreement/quirks/programs"
    return f"[{quirk.program}]({folder}/{quirk.program}.py)"


def _is_of(row: dict[str, Any], version: str) -> bool:
    return version in row.get("versions", VERSIONS)


def _expected(row: dict[str, Any]) -> tuple[str, ...]:
    names = [f"[{name}](../tests/programs/{name}.py)" for name in row["programs"]]
    return row["reason"], ", ".join(names)


def _expected_of_stdlib(row: dict[str, Any]) -> tuple[str, ...]:
    names = [f"`{name}`" for name in row.get("modules", row.get("tests"))]
    on = ", ".join(row.get("versions", ("all",)))
    return ", ".join(names), on, row["reason"]


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
