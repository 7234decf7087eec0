"""One real program, timed from inside: `macro.py NAME`.

Four come from the pyperformance package's own files, run here without pyperf's
processes; docutils, black and pylint are the released packages. Writes
{"cpu": s, "wall": s} of the work (imports and set-up left out) as JSON to the
file BENCH_OUT names.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib.util
import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType


def package(name: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed")
    return Path(spec.origin).parent


def bundled(name: str) -> Path:
    """The folder of one of pyperformance's benchmarks."""
    return package("pyperformance") / "data-files" / "benchmarks" / f"bm_{name}"


def load(name: str) -> ModuleType:
    """One of pyperformance's benchmarks as a module."""
    path = bundled(name) / "run_benchmark.py"
    spec = importlib.util.spec_from_file_location(f"bm_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


Work = Callable[[], object]


def richards() -> Work:
    """pyperformance: an operating system's scheduler, many small methods."""
    system = load("richards").Richards()
    return lambda: system.run(8)


def deepcopy() -> Work:
    """pyperformance: copy.deepcopy of small structures."""
    benchmark = load("deepcopy").benchmark
    return lambda: benchmark(900)


def generators() -> Work:
    """pyperformance: a tree walked by recursive generators."""
    benchmark = load("generators").bench_generators
    return lambda: benchmark(3)


def async_tree() -> Work:
    """pyperformance: 9,331 gathers of 55,987 coroutines, no input or output."""
    tree = load("async_tree").NoneAsyncTree()
    return lambda: asyncio.run(tree.run())


def docutils() -> Work:
    """Docutils renders the reference of reStructuredText as HTML."""
    from docutils import core

    folder = bundled("docutils") / "data" / "docs" / "ref" / "rst"
    sources = [
        path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))
    ]
    options = {"report_level": 5, "input_encoding": "unicode"}
    render = functools.partial(
        core.publish_string, writer="html5", settings_overrides=options
    )
    render("imports *everything*")
    return lambda: [render(source) for source in sources]


def black() -> Work:
    """Black, without its compiled modules, formats a file of its own."""
    import black as formatter

    if not formatter.__file__.endswith(".py"):
        raise SystemExit("black is compiled: pip install --no-binary black black")
    source = (package("black") / "linegen.py").read_text(encoding="utf-8")
    mode = formatter.Mode()
    return lambda: formatter.format_str(source, mode=mode)


def pylint() -> Work:
    """Pylint checks a file of black's."""
    from pylint.lint import Run

    options = ["--rcfile=", "--persistent=n", "--disable=import-error"]
    path = str(package("black") / "brackets.py")

    def check() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            Run([*options, path], exit=False)

    return check


PROGRAMS = {
    work.__name__: work
    for work in (richards, deepcopy, generators, async_tree, docutils, black, pylint)
}


def main() -> None:
    """Set the program up, then time it."""
    work = PROGRAMS[sys.argv[1]]()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    import json

    with open(os.environ["BENCH_OUT"], "w") as out:
        json.dump({"cpu": cpu, "wall": wall}, out)


if __name__ == "__main__":
    main()
