"""Places are links on a terminal, and plain text elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.profile.conftest import MAIN, RUN, Grower, rendered
from tests.profile.running import profile, report, script
from tests.profile.test_watch import Terminal

LINK = re.compile(r"\x1b\]8;;(.*?)\x1b\\")


@pytest.mark.parametrize("form", ["table", "tree"])
def test_a_place_leads_to_its_file(form: str, grower: Grower, tmp_path: Path) -> None:
    """If that is here; and no column moves by it."""
    path = tmp_path / "a b;\x1b.py"
    path.write_text("")
    here = RUN._replace(filename=str(path))
    grower.image.codes = [MAIN, here]
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    node = grower.image.add_node(module, 1)
    grower.image.calls[node], grower.image.wall[node] = 1, 90_000_000
    tree = grower.finish()
    linked = rendered(tree, form, links=True)
    address = "file://" + str(tmp_path) + "/a%20b%3B%1B.py"
    assert LINK.findall(linked) == [address, ""]
    assert LINK.sub("", linked) == rendered(tree, form)


@pytest.mark.parametrize(("term", "has_links"), [("xterm", True), ("dumb", False)])
def test_on_a_terminal_only(
    tmp_path: Path, term: str, has_links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dumb one, and a pipe, have none."""
    script(tmp_path, "def f(): pass\nf()\n")
    profile(tmp_path, "--no-report", "-o", "a.frames", "app.py")
    assert "\x1b" not in report(tmp_path, "a.frames").stdout
    terminal = Terminal(tmp_path, "a.frames", term=term)
    terminal.until("hot calls", "app.py:1", "\n100%")
    assert ("\x1b]8;;file://" in terminal.text) == has_links
    terminal.process.wait(60)
    terminal.free()
