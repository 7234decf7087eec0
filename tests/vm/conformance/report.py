"""Host and VM beside each other: what conforms, what does not and why."""

from __future__ import annotations

import json
import platform
import sys
import tomllib
from typing import Any, NamedTuple

from outcomes import HERE, ROOT, Outcome, Outcomes

RESULTS = HERE / "results"
AGREEMENT = ROOT / "tests" / "agreement" / "stdlib_results"
RANDOM = ROOT / "tests" / "agreement" / "random_counts.toml"
PAGE = ROOT / "docs" / "vm-conformance.md"
FACTS = ROOT / "docs" / "facts" / "scripts"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


class Missing(NamedTuple):
    """A test that passes on the host and not in the VM."""

    test: str
    outcome: Outcome
    reason: str
    """Why that is accepted; empty if it is not."""


class Comparison(NamedTuple):
    """One file of tests."""

    file: str
    tests: int
    host: int
    vm: int
    missing: list[Missing]

    @property
    def new(self) -> list[Missing]:
        """What no reason is known for; a hang never has one."""
        return [each for each in self.missing if not each.reason]


class Reason(NamedTuple):
    """Why a test need not pass in the VM."""

    text: str
    crash_fact: str = ""
    """The script which shows that plain Python dies of the same, if it does."""

    def accepts(self, outcome: Outcome) -> bool:
        """Whether it explains how the test ended."""
        if outcome.word == "crashed":
            return bool(self.crash_fact)
        return outcome.word != "hung"

    def told(self, outcome: Outcome) -> str:
        """Return it for the page, in Markdown; empty if it does not explain that."""
        if not self.accepts(outcome):
            return ""
        if outcome.word != "crashed":
            return self.text
        link = f"[{self.crash_fact}](facts/scripts/{self.crash_fact})"
        return f"{self.text}; crashed, as plain Python does ({link})"


UNKNOWN = Reason("")


def reasons(version: str = VERSION) -> dict[str, Reason]:
    """Return the accepted tests of a version, with the reason for each."""
    table = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))
    return {
        test: Reason(entry["reason"], entry.get("crash_fact", ""))
        for entry in table.get("expected", ())
        if version in entry.get("versions", (version,))
        for test in entry["tests"]
    }


def compare(file: str, host: Outcomes, vm: Outcomes) -> Comparison:
    """Set the outcomes of a file against each other."""
    known = reasons()
    passed = [test for test, outcome in host.items() if outcome.is_good]
    missing = []
    for test in passed:
        outcome = vm.get(test, Outcome("lost"))
        if not outcome.is_good:
            reason = known.get(test, UNKNOWN).told(outcome)
            missing.append(Missing(test, outcome, reason))
    if "(file)" in vm:
        missing.insert(0, Missing("(file)", vm["(file)"], ""))
    good = len(passed) - sum(each.test != "(file)" for each in missing)
    return Comparison(file, len(host), len(passed), good, missing)


def percent(vm: int, host: int) -> str:
    """Such as "99.5 %", never rounded up."""
    return f"{int(1000 * vm / host) / 10 if host else 100:.1f} %"


def row(found: Comparison) -> tuple[str, ...]:
    """One line of the table."""
    numbers = found.tests, found.host, found.vm
    short = percent(found.vm, found.host)
    return found.file, *map(str, numbers), short, str(len(found.missing) or "")


HEADS = "file", "tests", "pass on host", "pass in VM", "", "missing"


def total(all_found: list[Comparison]) -> Comparison:
    """Return the sum of all files."""
    return Comparison(
        f"{len(all_found)} files",
        sum(found.tests for found in all_found),
        sum(found.host for found in all_found),
        sum(found.vm for found in all_found),
        [each for found in all_found for each in found.missing],
    )


def save(all_found: list[Comparison]) -> None:
    """Keep the results of this version; files not run now stay as they were."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{VERSION}.json"
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    files = kept.get("files", {})
    for found in all_found:
        files[found.file] = {
            "tests": found.tests,
            "host": found.host,
            "vm": found.vm,
            "missing": {
                each.test: each.reason or f"{each.outcome.word}: {_plain(each)}"
                for each in found.missing
            },
        }
    kept = {"python": platform.python_version(), "files": files}
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _plain(each: Missing) -> str:
    return each.outcome.last_line.replace("<", "&lt;")


def page(order: tuple[str, ...]) -> str:
    """Return docs/vm-conformance.md, from the kept results of every version."""
    text = [_HEAD]
    kept = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))]
    rows = [_summary(results, order) for results in kept]
    text.append(_markdown(("Python", *HEADS), rows))
    for results in kept:
        text += _version(results, order)
    text += _agreement() + _random() + _of_frames()
    return "\n\n".join(text) + "\n"


_HEAD = """\
# The VM under CPython's own tests

    python tests/vm/conformance/run.py --save        # this page, for one Python
    python tests/vm/conformance/run.py test_with     # one file, with what fails
    python -m pytest -m conformance                  # all, as a test

Each file of CPython's test suite is run twice, in processes of their own: by plain
Python, and by `python -m frametools.vm`, which runs the test file, `unittest` and what
they import. A test counts if it passes on the host (an expected failure does; a skip
does not), and it is missing if it does not pass in the VM. A process that crashes or
hangs is started again for the tests behind the one at fault. The reasons are kept in
`tests/vm/conformance/expected.toml`. No reason is accepted for a hang, and for a crash
only one that names a script of `docs/facts` in which plain Python dies of the same."""


_AGREEMENT_HEAD = """\
## Agreement on the standard library's tests

    python tests/agreement/stdlib.py --save          # this table, for one Python

Some tests of each module, spread over its test file, are run in the VM and on the host,
and every event of the module's code and of the test file's is compared: frames,
lines, instructions, jumps, calls, exceptions; on 3.11, which tells of no others,
frames, lines, instructions and what is raised. A recording keeps the first 10 million
events. The reasons are kept in `tests/agreement/stdlib_expected.toml`."""


def _agreement() -> list[str]:
    """Return the section on the events, which tests/agreement/stdlib.py compares."""
    kept = [json.loads(path.read_text()) for path in sorted(AGREEMENT.glob("*.json"))]
    rows, different = [], []
    for results in kept:
        modules, version = results["modules"], results["python"]
        told = {name: reason for name, (_, reason) in modules.items() if reason}
        events = sum(count for count, _ in modules.values())
        same = str(len(modules) - len(told))
        rows.append((version, str(len(modules)), f"{events:,}", same, str(len(told))))
        different += [f"- {version}, `{name}`: {told[name]}" for name in told]
    heads = "Python", "modules", "events compared", "same", "different"
    names = sorted({name for results in kept for name in results["modules"]})
    text = [_AGREEMENT_HEAD, _markdown(heads, rows), "\n".join(different)]
    return [*text, "The modules: " + ", ".join(f"`{name}`" for name in names) + "."]


_RANDOM_HEAD = """\
## Agreement on random programs

    python -m pytest -m conformance tests/test_agreement_random.py     # 40 seeds of 500

Programs that hypothesis makes of functions, generators and coroutines, closures, loops,
`try`, `with`, `del` and frames (`tests/agreement/random_programs.py`) are run in the VM
and on the host, once with each recorder. What `main()` returns, every event and what is
raised where Python can only report it are compared. Where any two have differed the
difference was mended, and is a program of `tests/programs`:
`generator_dropped_in_loops`, `locals_die_in_order`, `generator_ignores_its_end`,
`delegate_ignores_close`, `loop_left_in_loop`, `async_generator_returns_as_dropped`."""


def _random() -> list[str]:
    """Return the section on the programs that hypothesis makes."""
    counts = tomllib.loads(RANDOM.read_text(encoding="utf-8"))["programs"]
    rows = [(version, f"{count:,}") for version, count in counts.items()]
    return [_RANDOM_HEAD, _markdown(("Python", "programs"), rows)]


def _sorted(results: dict[str, Any], order: tuple[str, ...]) -> list[str]:
    files = results["files"]
    return [f for f in order if f in files] + sorted(set(files) - set(order))


def _comparison(name: str, found: dict[str, Any]) -> Comparison:
    missing = [
        Missing(test, Outcome("", ""), reason)
        for test, reason in found["missing"].items()
    ]
    return Comparison(name, found["tests"], found["host"], found["vm"], missing)


def _comparisons(results: dict[str, Any], order: tuple[str, ...]) -> list[Comparison]:
    return [
        _comparison(f, results["files"][f])
        for f in _sorted(results, order)
        if f in order
    ]


def _summary(results: dict[str, Any], order: tuple[str, ...]) -> tuple[str, ...]:
    return results["python"], *row(total(_comparisons(results, order)))


def _version(results: dict[str, Any], order: tuple[str, ...]) -> list[str]:
    found = _comparisons(results, order)
    text = [f"## Python {results['python']}"]
    text.append(_markdown(HEADS, [*map(row, found), row(total(found))]))
    missing = [
        f"- `{each.test}`: {each.reason}" for part in found for each in part.missing
    ]
    if missing:
        text += ["Missing:", "\n".join(missing)]
    return text


def _markdown(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---", *["---:"] * (len(heads) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _of_frames() -> list[str]:
    """Return the sections on frames, of tests/agreement."""
    folder = AGREEMENT.parent
    names = "lockstep.md", "materialisation.md", "lifetimes.md"
    lockstep, objects, lifetimes = ((folder / name).read_text() for name in names)
    return [
        lockstep.rstrip(),
        *_differences("lockstep"),
        objects.rstrip(),
        *_differences("materialisation"),
        lifetimes.rstrip(),
    ]


def _differences(kind: str) -> list[str]:
    rows = tomllib.loads((AGREEMENT.parent / "expected.toml").read_text())[kind]
    different = [
        f"- {', '.join(f'`{name}`' for name in row['programs'])}: {row['reason']}"
        for row in rows
    ]
    return ["What differs, with its reason:", "\n".join(different)]
