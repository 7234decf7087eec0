"""The claims of the seeds, and docs/claims.md, which is written from them.

    python tests/claims/claims.py    # writes docs/claims.md

The data are tests/claims/SEED.toml. `[sections]` has the titles, by key. A `[[claim]]`:

    id       SEED.SECTION-NUMBER
    says     the claim, in our words
    program  what shows it: X for tests/claims/programs/X.py, which asserts it;
             programs/X for tests/programs/X.py, whose result `check` is about
    check    an expression; `result` is what `main()` of tests/programs/X.py returned
    holds_on the Pythons on which it holds; all of them if left out
    in_vm    those on which it holds in the reference VM; as `holds_on` if left out
    since    for a claim that no longer holds: since when
    instead  what is true instead
    instead_program, instead_check    what shows that, where the claim does not hold
    note     what else is to be said
    header   instead of a program: the C headers that show it, first to last
    text     regular expressions which are found in the headers if it holds
    source   instead of both: a file of C, which no test reads
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs" / "claims.md"
VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")


@dataclass(frozen=True, slots=True)
class Claim:
    """One row; the fields are those of the data."""

    id: str
    says: str
    program: str = ""
    check: str = ""
    holds_on: tuple[str, ...] = VERSIONS
    in_vm: tuple[str, ...] | None = None
    since: str = ""
    instead: str = ""
    instead_program: str = ""
    instead_check: str = ""
    note: str = ""
    header: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    source: str = ""

    @property
    def vm(self) -> tuple[str, ...]:
        """The Pythons on which it holds in the VM."""
        return self.holds_on if self.in_vm is None else self.in_vm

    @property
    def is_of_model(self) -> bool:
        """Whether the program itself runs something in the VM, and looks at that."""
        if not self.program or self.program.startswith("programs/"):
            return False
        text = (HERE / "programs" / f"{self.program}.py").read_text(encoding="utf-8")
        return "from frametools import vm" in text

    @property
    def section(self) -> str:
        """The key of its section."""
        return self.id.partition(".")[2].rpartition("-")[0]

    @property
    def cases(self) -> tuple[str, str]:
        """What is run: for the claim, and for what is true instead; or nothing."""
        return (
            case(self.program, self.check),
            case(self.instead_program, self.instead_check),
        )


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed: its title, sections, and claims."""

    name: str
    title: str
    sections: dict[str, str]
    claims: list[Claim] = field(default_factory=list)


def case(program: str, check: str) -> str:
    """Name what is run as batch.py does."""
    return f"{program}: {check}" if check else program


def seeds() -> list[Seed]:
    """Read the data."""
    found = []
    for path in sorted(HERE.glob("[0-9]*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = [
            Claim(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()})
            for row in data["claim"]
        ]
        found.append(Seed(path.stem, data["title"], data["sections"], rows))
    return found


def page() -> str:
    """Return docs/claims.md."""
    found = seeds()
    text = [_HEAD, _table(("seed", *_KINDS), [_summary(seed) for seed in found])]
    for seed in found:
        text.append(f"## {seed.name}: {seed.title}")
        for key, title in seed.sections.items():
            rows = [_row(claim) for claim in seed.claims if claim.section == key]
            text.append(f"### {title}")
            text.append(_table(("", "claim", "CPython", "VM", "shown by"), rows))
    return "\n\n".join(text) + "\n"


_HEAD = """\
# What the seeds say, and whether it is so

    python -m pytest tests/claims             # every row, on this Python
    python tests/claims/claims.py             # writes this page

This project began with five documents on frames. Here is what they say that can be
checked, in our words, with the program that shows it, and the Pythons from 3.11 to 3.15
on which it holds: in CPython, and in the [reference VM](vm.md). A program asserts its
claim; the test runs each in both, and it must hold exactly where its row says so. What
is true instead has a program too, where one can show it.

"Not visible" is what Python code cannot ask CPython for: there the program runs
something in the VM, on each Python, and looks at that; whether the VM does as CPython
does is asked [elsewhere](vm.md#does-the-vm-agree-with-the-interpreter). Rows of C
headers are compared with those of the Python that runs, where they are installed; rows
of "C source" are about files that are not, and no test reads them."""

_KINDS = ("claims", "hold on all", "on some", "on none", "VM differs")


def _summary(seed: Seed) -> tuple[str, ...]:
    holds = [len(claim.holds_on) for claim in seed.claims]
    counts = (
        len(holds),
        holds.count(len(VERSIONS)),
        sum(0 < n < len(VERSIONS) for n in holds),
        holds.count(0),
        sum(
            bool(claim.program) and claim.vm != claim.holds_on for claim in seed.claims
        ),
    )
    return f"{seed.name}: {seed.title}", *map(str, counts)


def _row(claim: Claim) -> tuple[str, ...]:
    said = [claim.says]
    if claim.since:
        said.append(f"**Not since {claim.since}.** {claim.instead}")
    elif claim.instead and claim.holds_on:
        said.append(f"**Not before {claim.holds_on[0]}.** {claim.instead}")
    elif claim.instead:
        said.append(f"**Not so.** {claim.instead}")
    if claim.note:
        said.append(claim.note)
    host = "not visible" if claim.is_of_model else _versions(claim.holds_on)
    vm = _versions(claim.vm) if claim.program else ""
    number = claim.id.rpartition("-")[2]
    return number, " ".join(said), host, vm, _shown_by(claim)


def _shown_by(claim: Claim) -> str:
    if claim.header:
        return "<br>".join(f"`{name}`" for name in claim.header)
    if claim.source:
        return f"C source: {claim.source}"
    shown = [_link(claim.program)]
    if claim.instead_program not in ("", claim.program):
        shown.append(f"instead: {_link(claim.instead_program)}")
    return "<br>".join(shown)


def _link(program: str) -> str:
    folder = "" if program.startswith("programs/") else "claims/programs/"
    name = program.removeprefix("programs/")
    return f"[{name}](../tests/{folder}{program}.py)"


def _versions(held: tuple[str, ...]) -> str:
    """Say on which Pythons: in ranges."""
    if held == VERSIONS:
        return "all"
    runs: list[list[str]] = []
    for version in held:
        after = runs and VERSIONS.index(runs[-1][-1]) + 1 == VERSIONS.index(version)
        if after:
            runs[-1].append(version)
        else:
            runs.append([version])
    said = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return ", ".join(said) or "none"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
