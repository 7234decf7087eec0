"""Runs CPython's test files in the VM and prints what passes, beside the host.

    python tests/vm/conformance/run.py [--slice fast] [--save] [--log DIR] [FILE...]

FILE: such as test_with or test_asyncio.test_tasks (default: the whole list). --save
keeps the results of this Python and writes docs/vm-conformance.md. --log keeps each
traceback. Ends with 1 if a test is missing for which expected.toml has no reason.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import report
from files import FAST, FILES, here
from outcomes import HOST, VM, Limits, Outcomes, run

WIDTHS = 26, 6, 13, 11, 8, 8


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--slice", choices=["fast", "all"], default="all")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--host", action="store_true", help="run only plain Python")
    parser.add_argument("--log", metavar="DIR", type=Path)
    parser.add_argument("--test-limit", type=float, default=Limits().test)
    parser.add_argument("--file-limit", type=float, default=Limits().file)
    parser.add_argument("files", nargs="*", metavar="FILE")
    return parser.parse_args()


def _print(cells: tuple[str, ...]) -> None:
    first, *rest = (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, WIDTHS, strict=False))
    )
    print(first, *rest, *cells[len(WIDTHS) :], flush=True)


def _log(folder: Path, file: str, vm: Outcomes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    bad = [
        f"=== {test}: {outcome.word}\n{outcome.text}\n"
        for test, outcome in vm.items()
        if not outcome.is_good and outcome.word != "skipped"
    ]
    (folder / f"{file}.{report.VERSION}.log").write_text("\n".join(bad))


def one(file: str, limits: Limits, log: Path | None) -> report.Comparison:
    """Run one file both ways, and print its row and what is missing."""
    start = time.perf_counter()
    host = run(file, HOST, limits)
    middle = time.perf_counter()
    vm = run(file, VM, limits)
    times = f"{middle - start:.1f} s, {time.perf_counter() - middle:.1f} s"
    if log is not None:
        _log(log, file, vm)
    found = report.compare(file, host, vm)
    _print((*report.row(found), " " + times))
    lost = [each for each in found.missing if each.outcome.word == "lost"]
    if lost:
        print(f"    {len(lost)} lost, {lost[0].test} first", flush=True)
    for each in found.missing:
        if each in lost:
            continue
        why = each.reason or f"{each.outcome.word.upper()} {each.outcome.last_line}"
        print(f"    {each.test}: {why}", flush=True)
    return found


def _host_only(file: str, limits: Limits) -> None:
    start = time.perf_counter()
    found = run(file, HOST, limits)
    good = sum(outcome.is_good for outcome in found.values())
    bad = [
        f"{test}: {outcome.word} {outcome.last_line}"
        for test, outcome in found.items()
        if not outcome.is_good and outcome.word != "skipped"
    ]
    seconds = f" {time.perf_counter() - start:.1f} s"
    _print((file, str(len(found)), str(good), "", "", str(len(bad)), seconds))
    print(*(f"    {line}" for line in bad), sep="\n", end="\n" if bad else "")


def main() -> int:
    """The command."""
    options = _arguments()
    limits = Limits(options.test_limit, options.file_limit)
    files = options.files or here(FAST if options.slice == "fast" else FILES)
    _print((*report.HEADS, " host, VM"))
    if options.host:
        for file in files:
            _host_only(file, limits)
        return 0
    found = [one(file, limits, options.log) for file in files]
    everything = report.total(found)
    _print(report.row(everything))
    print(f"{len(everything.new)} without a reason")
    if options.save:
        report.save(found)
        report.PAGE.write_text(report.page(FILES), encoding="utf-8")
    return int(bool(everything.new))


if __name__ == "__main__":
    sys.exit(main())
