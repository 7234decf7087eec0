"""`--exceptions`: the user's own first, and nothing of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from frametools.calltree import CallTree
from tests.profile.conftest import Grower, grow, rendered
from tests.profile.running import profile, python, script
from tests.profile.test_forms import row

SOURCE = """
def lookup(key):
    return {}[key]
def check(key):
    raise ValueError(key)
for function in lookup, check:
    try:
        function(1)
    except (KeyError, ValueError):
        pass
"""
CONSOLE = "import sys\nfrom frametools.__main__ import main\nsys.exit(main())\n"
STANDARD = "/usr/lib/python3.13/json/decoder.py"


def rows_of(folder: Path) -> set[tuple[str, str]]:
    """Type and function of each row of a data file."""
    tree = CallTree.load(folder / "a.frames")
    return {(row["type"], row["function"]) for row in tree.exceptions}


@pytest.mark.parametrize("words", [("app.py",), ("-m", "app")])
@pytest.mark.parametrize("starter", ["console.py", "-mframetools"])
def test_our_own_exit_is_no_exception(
    tmp_path: Path, words: tuple[str, ...], starter: str
) -> None:
    """The SystemExit of the console script and of `python -m` is not counted."""
    script(tmp_path, SOURCE)
    script(tmp_path, CONSOLE, "console.py")
    options = ["profile", "--exceptions", "-o", "a.frames"]
    python(tmp_path, starter, *options, *words)
    found = rows_of(tmp_path)
    assert {("KeyError", "lookup"), ("ValueError", "check")} <= found
    assert [kind for kind, function in found if kind == "SystemExit"] == []


def test_filters_apply_to_exceptions(tmp_path: Path) -> None:
    """--include and --exclude choose by the function that raised."""
    script(tmp_path, SOURCE)
    words = ["--exceptions", "-o", "a.frames", "--include", "app.py"]
    profile(tmp_path, *words, "--exclude", "lookup", "app.py")
    assert rows_of(tmp_path) == {("ValueError", "check")}


def test_the_users_own_come_first(grower: Grower) -> None:
    """Escaped, own, installed, standard; lookups of the last are one line."""
    installed = "/venv/lib/python3.13/site-packages/six.py"
    tree = grow(grower)
    tree.exceptions = [
        row("KeyError", "std_lookup", 1, raised=999, filename=STANDARD),
        row("ImportError", "find", 1, raised=99, filename="<frozen importlib._b>"),
        row("OSError", "std_error", 1, raised=50, filename=STANDARD),
        row("OSError", "installed", 1, raised=40, filename=installed),
        row("KeyError", "own", 1, raised=1),
        row("OSError", "std_escaped", 1, escaped=1, filename=STANDARD),
    ]
    lines = rendered(tree, "exceptions", data="/x/a b.frames").splitlines()[2:]
    names = [line.split()[4] for line in lines[:4]]
    assert names == ["std_escaped", "own", "installed", "std_error"]
    assert lines[4:] == [
        (
            "  and 2 more in the standard library: "
            "frametools report '/x/a b.frames' -f exceptions --limit 6"
        )
    ]
    assert len(rendered(tree, "exceptions", limit=6).splitlines()) == 2 + 6
