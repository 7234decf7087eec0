"""The HTML page as a file: one document, no network, nothing of the data as markup."""

from __future__ import annotations

import base64
import gc
import hashlib
import html
import json
import re
import zlib
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from frametools.calltree import CallTree
from frametools.events import CodeRef, EventKind
from frametools.profile.page import _assemble, _sources, _strip
from frametools.recording import Builder
from tests.profile import conftest
from tests.profile.conftest import Grower, grow, rendered
from tests.profile.running import ROOT, profile, python, report, script

PARTS = Path(_assemble.__file__).parent


def page_of(tree: CallTree, **options: Any) -> str:
    """Write the page of a tree."""
    return rendered(tree, "html", **options).encode("latin-1").decode()


def inner(page: str, tag: str) -> str:
    """What stands in the only element that begins with the tag."""
    name = tag.partition(" ")[0]
    (found,) = re.findall(rf"<{tag}>(.*?)</{name}>", page, re.DOTALL)
    return found


def payload(page: str) -> tuple[dict[str, Any], bytes]:
    """The facts and the planes that a page carries."""
    data = inner(page, 'script type="application/octet-stream" id="data"')
    found = zlib.decompress(base64.b64decode(data))
    length = int.from_bytes(found[:4], "little")
    return json.loads(found[4 : 4 + length]), found[4 + length :]


def test_every_part_is_in_it(tree: CallTree) -> None:
    """Each file of the folder is joined into the page, and each is small."""
    page = page_of(tree)
    names = {path.name for path in PARTS.glob("*.[jc]s*")}
    joined = {f"{name}.css" for name in _assemble.STYLES}
    assert names == joined | {f"{name}.js" for name in _assemble.SCRIPTS}
    for name in names:
        text = (PARTS / name).read_text()
        assert text in page
        assert len(text.splitlines()) <= 300, name
        assert max(map(len, text.splitlines())) <= 88, name
    assert "{{" not in page


def test_the_same_tree_gives_the_same_page(grower: Grower) -> None:
    """Nothing in it depends on when or where it is written."""
    pages = {page_of(grow(Grower())) for _ in range(2)}
    assert len(pages) == 1


def test_the_policy_allows_these_scripts_and_nothing_else(tree: CallTree) -> None:
    """The one script and the one style are known by their hash; the rest is none."""
    page = page_of(tree)
    (policy,) = re.findall(
        r'http-equiv="Content-Security-Policy" content="(.*?)"', page
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for rule, tag in (("script-src", "script"), ("style-src", "style")):
        digest = hashlib.sha256(inner(page, tag).encode()).digest()
        assert rules.pop(rule) == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert rules.pop("require-trusted-types-for") == "'script'"
    assert set(rules.values()) == {"'none'"}
    assert "default-src" in rules
    assert not re.search(r"""(src|href)\s*=|url\(|@import|\bon\w+="|https?:""", page)


def test_names_are_never_markup(
    grower: Grower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a program is called, and its functions, cannot end the data or the title."""
    evil = "</script><script>alert(1)</script>{{data}}"
    code = CodeRef(evil, f"/src/{evil}.py", 1)
    monkeypatch.setattr(conftest, "CODES", [code])
    grower.image.codes = [code]
    grower.call(grower.thread(evil), code, 5)
    tree = grower.finish(command=[evil], notices=[evil])
    page = page_of(tree)
    assert page.count("<script") == 2
    assert "alert(1)" not in page.replace(html.escape(f"'{evil}'"), "")
    facts, _ = payload(page)
    assert facts["names"] == [evil]
    assert facts["threads"] == [evil[:64]] or facts["threads"] == [evil]


def test_columns_can_be_read_back(tree: CallTree) -> None:
    """The planes hold the tree's columns."""
    facts, planes = payload(page_of(tree))
    size = facts["size"]
    assert size == len(tree.parent)
    at = 0
    for name, count in facts["columns"]:
        column = [0] * size
        for plane in range(count):
            for node in range(size):
                column[node] += planes[at + node] << 8 * plane
            at += size
        if name == "parent":
            column = [node - distance for node, distance in enumerate(column)]
        assert column == list(getattr(tree, name)), name
    assert at == len(planes)


SOURCE = '''\
@decorator(
    "argument",
)
def first(
    a,
):
    """Text.

    More.
    """
    return [
        a
    ]

# of the next
def second(): return 1
x = 1
'''


def test_a_function_ends_where_its_indentation_does(tmp_path: Path) -> None:
    """Its lines are from the first decorator to the last of the body."""
    path = tmp_path / "source.py"
    path.write_text(SOURCE)
    lines = SOURCE.splitlines()
    assert _sources.body(CodeRef("first", str(path), 1)) == lines[:15]
    assert _sources.body(CodeRef("second", str(path), 16)) == lines[15:16]
    assert _sources.body(CodeRef("<module>", str(path), 1)) == lines
    assert _sources.body(CodeRef("gone", str(path), 90)) == []


def test_sources_are_bounded(grower: Grower, tmp_path: Path) -> None:
    """Only Python files are read, and no more lines than there is room for."""
    long = tmp_path / "long.py"
    long.write_text("def f():\n" + "    pass\n" * 500)
    other = tmp_path / "secret.txt"
    other.write_text("def g():\n    pass\n")
    codes = [CodeRef("f", str(long), 1), CodeRef("g", str(other), 1)]
    tree = CallTree()
    found = _sources.sources(tree, codes, [0, 1])
    assert list(found) == [0]
    assert len(found[0]["lines"]) == _sources.LINES


def test_the_depth_over_time(tmp_path: Path) -> None:
    """Each moment has the deepest call of it, also where nothing happened in it."""
    builder = Builder()
    thread = builder.thread("MainThread")
    builder.enter(thread, EventKind.PY_START, conftest.MAIN, 0, 1)
    builder.enter(thread, EventKind.PY_START, conftest.FIB, 100, 2)
    builder.leave(thread, EventKind.PY_RETURN, 200)
    builder.leave(thread, EventKind.PY_RETURN, _strip.SLOTS)
    recording = builder.finish()
    recording.save(tmp_path / "a.frames")
    (strip,) = _strip.strips(recording.tree, str(tmp_path / "a.frames"))
    assert (strip["first"], strip["last"]) == (0, _strip.SLOTS)
    assert len(strip["nodes"]) == len(strip["depths"]) == _strip.SLOTS
    assert strip["depths"] == [1] * 99 + [2] * 101 + [1] * (_strip.SLOTS - 200)
    names = [recording.tree.ref(strip["nodes"][slot]).qualname for slot in (50, 150)]
    assert names == ["<module>", "fib"]
    recording.tree.has_events = False
    assert _strip.strips(recording.tree, str(tmp_path / "a.frames")) == []


def test_the_command_line(tmp_path: Path) -> None:
    """--html writes a page beside the data; `report` writes the same from these."""
    script(tmp_path, "def f():\n    return 1\nf()\n")
    done = profile(tmp_path, "--html", "out.html", "-o", "a.frames", "app.py")
    assert done.returncode == 0
    assert re.search(r"\npage: \d+ KiB, out.html\n$", done.stderr)
    page = (tmp_path / "out.html").read_text()
    assert {"<module>", "f"} <= set(payload(page)[0]["names"])
    done = report(tmp_path, "a.frames", "--html", "again.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "again.html").read_text() == page
    done = report(
        tmp_path,
        "a.frames",
        "-f",
        "html",
        env={"PYTHONIOENCODING": "ascii"},
        encoding="utf-8",
    )
    assert done.stdout == page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--html", "app.py", "app.py"], "app.py is not an HTML page"),
        (["--html", "none/x.html", "app.py"], "none is not a directory"),
        (["--html", ".", "app.py"], "is a directory"),
        (["--html", "x", "-o", "x", "app.py"], "x is the data file too"),
    ],
)
def test_what_cannot_be_a_page(words: list[str], message: str, tmp_path: Path) -> None:
    """It is said before the program runs, and nothing is written over."""
    script(tmp_path, "print('ran')\n")
    done = profile(tmp_path, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert message in done.stderr
    assert (tmp_path / "app.py").read_text() == "print('ran')\n"


SECRET = "the_words_of_a_secret"
DIFF = ["-m", "frametools", "diff"]


def test_a_page_without_source(tmp_path: Path) -> None:
    """--no-source leaves the lines out, whichever command writes the page."""
    script(tmp_path, f"def f():\n    return '{SECRET}'\nf()\n")
    words = ["--no-report", "-o", "a.frames"]
    assert profile(tmp_path, *words, "--html", "1.html", "app.py").returncode == 0
    words = ["--no-report", "-o", "b.frames", "--no-source"]
    assert profile(tmp_path, *words, "--html", "2.html", "app.py").returncode == 0
    done = report(tmp_path, "a.frames", "--html", "3.html", "--no-source")
    assert (done.returncode, done.stderr) == (0, "")
    done = python(tmp_path, *DIFF, "a.frames", "b.frames", "--html", "4.html")
    assert done.returncode == 0
    done = python(
        tmp_path, *DIFF, "a.frames", "b.frames", "--html", "5.html", "--no-source"
    )
    assert (done.returncode, done.stderr) == (0, "")
    for number, has_source in (1, True), (2, False), (3, False), (4, True), (5, False):
        facts, planes = payload((tmp_path / f"{number}.html").read_text())
        assert bool(facts["sources"]) == has_source
        assert (SECRET in str(facts)) == has_source
        assert SECRET.encode() not in planes
        assert "f" in facts["names"]


def test_what_leaves_out_source_needs_a_page(tmp_path: Path, tree: CallTree) -> None:
    """--no-source without a page is a mistake, said before anything is done."""
    tree.save(tmp_path / "a.frames")
    script(tmp_path, "print('ran')\n")
    for done in (
        profile(tmp_path, "--no-source", "app.py"),
        report(tmp_path, "a.frames", "--no-source"),
        report(tmp_path, "a.frames", "--no-source", "-f", "table"),
        python(tmp_path, *DIFF, "a.frames", "a.frames", "--no-source"),
    ):
        assert (done.returncode, done.stdout) == (2, "")
        assert "--no-source is for the page" in done.stderr
        assert done.stderr.count("\n") == 1


def test_html_is_one_choice_of_a_report(tree: CallTree, tmp_path: Path) -> None:
    """--html names form and file: another of them beside it is a mistake."""
    tree.save(tmp_path / "a.frames")
    for more in (["-o", "b"], ["-f", "table"]):
        done = report(tmp_path, "a.frames", "--html", "x.html", *more)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "--html OUT is -f html -o OUT" in done.stderr


def test_the_documentation_tells_what_is_there() -> None:
    """docs/page.md has the page's keys and the bounds of what goes into it."""
    text = " ".join((ROOT / "docs" / "page.md").read_text().split())
    rows = re.findall(r'\["(.+?)", "(.+?)"\],', (PARTS / "keys.js").read_text())
    assert len(rows) > 10
    for keys, what in rows:
        shown = " ".join(f"`{key}`" for key in keys.split())
        assert f"| {shown} | {what} |" in text
    inverted = (PARTS / "invert.js").read_text()
    for sentence in (
        f"{_sources.FUNCTIONS} functions at most",
        f"{_sources.LINES} lines of each, {_sources.CHARACTERS >> 10} KiB",
        f"{_strip.SLOTS:,} moments of each of the first {_strip.THREADS} threads",
        "256 levels",
        "4,000th of the whole",
    ):
        assert sentence in text
    assert "INVERTED_DEPTH = 256;" in inverted
    assert "INVERTED_SHARE = 1 / 4000;" in inverted


def test_no_frame_is_kept(tree: CallTree) -> None:
    """Writing the page leaves no frame behind."""
    page_of(tree)
    gc.collect()
    before = {id(each) for each in gc.get_objects() if type(each) is FrameType}
    page_of(tree)
    gc.collect()
    after = [each for each in gc.get_objects() if type(each) is FrameType]
    assert [each for each in after if id(each) not in before] == []
