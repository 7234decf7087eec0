"""The promises that DESIGN.md and STYLE.md make about the code as a whole."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from statistics import median

import pytest

import frametools

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "frametools"
FOLDERS = ("frametools", "tests", "benchmarks", "examples")
MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
C_SOURCES = sorted(PACKAGE.rglob("*.[ch]"))
TEXTS = sorted(
    path
    for pattern in (".ci/*", "*.md", "*.toml", "docs/**/*.md", "benchmarks/**/*.md")
    for path in ROOT.glob(pattern)
)

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
HEAVY = set(
    "argparse dataclasses enum inspect json re typing ctypes.util asyncio logging "
    "psutil wrapt rich subprocess tempfile shutil pathlib ast dis tokenize".split()
)


def name_of(path: Path) -> str:
    """Name a file in the id of a test."""
    return str(path.relative_to(ROOT))


def found(pattern: str, paths: list[Path]) -> list[str]:
    """List the lines that match, as a compiler lists errors."""
    return [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_import_contracts() -> None:
    """The layers of DESIGN.md hold."""
    code = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_imports_the_root() -> None:
    """The package root is for users: inside, only its version is asked for."""
    names = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES}
    allowed = names | {"__version__"}
    wrong = [
        f"{name_of(path)}: {alias.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "frametools"
        for alias in node.names
        if alias.name not in allowed
    ]
    assert wrong == []
    assert found(r"^\s*import frametools\s*($|#)", MODULES) == []


def test_the_twins_are_chosen_in_one_place() -> None:
    """Only `_twin.py` knows that there is a C core."""
    elsewhere = [path for path in MODULES if path.name != "_twin.py"]
    assert found(r"import.*\b_core\b|environ.*FRAMETOOLS_PURE", elsewhere) == []


def test_version_checks_stand_where_tables_are() -> None:
    """Other modules ask `_python` for behaviours, not for version numbers."""
    places = {
        PACKAGE / "_python.py",
        PACKAGE / "vm" / "versions.py",
        PACKAGE / "vm" / "version_tables.py",
    }
    elsewhere = [path for path in MODULES if path not in places]
    numbers = r"version_info|hexversion|python_version\(|PY_(VERSION|MINOR|MAJOR)"
    assert found(numbers, elsewhere) == []


def test_todo_says_where_it_is_tracked() -> None:
    """A note of work to do names its issue: TODO(#12)."""
    marks = r"\b(TODO|FIX" r"ME|XX" r"X)\b(?!\(#\d+\)|:? says)"
    here = Path(__file__)
    paths = [path for path in SOURCES + C_SOURCES + TEXTS if path != here]
    assert found(marks, paths) == []


def test_no_machine_is_named() -> None:
    """No path of a developer's machine, no host but public documentation."""
    paths = r"(?<![\w$}])/(root|work)/\w"
    public = r"(docs|peps)\.python\.org|github\.com|www\.speedscope\.app"
    hosts = rf"https?://(?!({public})/|127\.0\.0\.1\b)[\w.]+\w"
    here = Path(__file__)
    texts = [path for path in SOURCES + C_SOURCES + TEXTS if path != here]
    assert found(paths, texts) == []
    assert found(hosts, texts) == []


def test_files_are_small() -> None:
    """No Python file passes 500 lines, and half of them have at most 200."""
    lines = {name_of(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: count for name, count in lines.items() if count > 500} == {}
    assert median(lines.values()) <= 200


def test_functions_are_small() -> None:
    """Half of all functions of the package have at most 10 lines."""
    lengths = [
        node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    ]
    assert median(lengths) <= 10


def public_nodes(node: Documented) -> list[Documented]:
    """List a module with its public classes, functions and methods."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [node]
    inner = [
        item
        for child in node.body
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not child.name.startswith("_")
        for item in public_nodes(child)
    ]
    return [node, *inner]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_public_names_are_documented(path: Path) -> None:
    """A docstring's first line says what it is, in at most 79 characters."""
    wrong = []
    for node in public_nodes(ast.parse(path.read_text())):
        is_overload = "overload" in map(
            ast.unparse, getattr(node, "decorator_list", ())
        )
        first = (ast.get_docstring(node) or "").partition("\n")[0]
        if not is_overload and not 0 < len(first) <= 79:
            wrong.append(f"{getattr(node, 'name', 'module')}: {first!r}")
    assert wrong == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=name_of)
def test_package_opens_with_a_map(path: Path) -> None:
    """A package's docstring fits in 25 lines."""
    assert len((ast.get_docstring(ast.parse(path.read_text())) or "").split("\n")) <= 25


def test_public_names_resolve() -> None:
    """Each name in `frametools.__all__` is there, documented, and in `dir()`."""
    for name in frametools.__all__:
        assert getattr(frametools, name).__doc__, name
        assert name in dir(frametools)


def test_build_lists_every_c_file() -> None:
    """pyproject.toml names each source and header of the C parts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    modules = project["tool"]["setuptools"]["ext-modules"]
    listed = [name for m in modules for name in m["sources"] + m.get("depends", [])]
    assert sorted(listed) == list(map(name_of, C_SOURCES))


def test_start_imports_nothing_heavy(tmp_path: Path) -> None:
    """Before the program starts, none of the slow modules has been loaded."""
    script = tmp_path / "modules.py"
    script.write_text("import sys\nprint(*sys.modules)\n")
    command = [sys.executable, "-S", "-m", "frametools.profile", "--no-report"]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "data.frames"), str(script)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(frametools.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) & HEAVY == set()
