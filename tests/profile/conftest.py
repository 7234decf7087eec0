"""Small hand-made trees, and a comparison with golden files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from frametools._image import Image, layout
from frametools.calltree import CallTree
from frametools.events import CodeKind, CodeRef
from frametools.profile import _report
from frametools.profile._json import encode
from tests.profile import browser as browsers
from tests.profile.browser import Browser, Page

Open = Callable[..., Page]
GOLDEN = Path(__file__).parent / "golden"
MS = 1_000_000

MAIN = CodeRef("<module>", "/src/app.py", 1)
RUN = CodeRef("run", "/src/app.py", 10)
FIB = CodeRef("fib", "/src/app.py", 20)
PARSE = CodeRef(
    "Parser.parse", "/py/lib/python3.13/site-packages/docutils/parsers/rst/states.py", 7
)
DECODE = CodeRef("JSONDecoder.decode", "/py/lib/python3.13/json/decoder.py", 333)
FETCH = CodeRef("fetch", "/src/net/client.py", 5)
LEN = CodeRef("builtins.len", kind=CodeKind.C_FUNCTION)
APPEND = CodeRef("list.append", kind=CodeKind.C_FUNCTION)
CODES = [MAIN, RUN, FIB, PARSE, DECODE, FETCH, LEN, APPEND]


class Grower:
    """Grows an image node by node; times are milliseconds."""

    def __init__(self) -> None:
        self.image = Image()
        self.image.flags = layout.FINISHED
        self.image.codes = list(CODES)

    def thread(self, name: str) -> int:
        """Begin a thread; returns its root."""
        return self.image.add_thread(name).root

    def call(
        self,
        parent: int,
        code: CodeRef,
        wall: float,
        *,
        cpu: float | None = None,
        calls: int = 1,
        **counts: int,
    ) -> int:
        """Add a node below another; `counts` are further columns."""
        kind = layout.C_FUNCTION if code.kind == CodeKind.C_FUNCTION else layout.PYTHON
        image = self.image
        node = image.add_node(parent, CODES.index(code), kind)
        image.calls[node] = image.returns[node] = calls
        image.wall[node] = round(wall * MS)
        image.off[node] = round((wall - (wall if cpu is None else cpu)) * MS)
        for name, value in counts.items():
            getattr(image, name)[node] = value
        return node

    def finish(self, **info: object) -> CallTree:
        """Make the tree; `info` adds to the facts of the run."""
        image = self.image
        image.tick_now = 120 * MS
        image.cpu_now_ns = 81 * MS
        facts = {
            "command": ["app.py", "--fast", "two words"],
            "python": "CPython 3.13.0",
            "cwd": "/src",
            "exit_status": 0,
            "peak_rss": 45 << 20,
            **info,
        }
        image.notes = [(layout.META_INFO, encode(facts).encode())]
        return CallTree.from_image(image)


@pytest.fixture
def grower() -> Grower:
    """Return an empty tree to grow."""
    return Grower()


@pytest.fixture
def tree(grower: Grower) -> CallTree:
    """Two threads, recursion, C functions, await, a sleep, a deep pass-through."""
    return grow(grower)


def grow(grower: Grower, **info: object) -> CallTree:
    """Grow the tree of the fixture of that name."""
    main = grower.thread("MainThread")
    module = grower.call(main, MAIN, 100, cpu=70)
    run = grower.call(module, RUN, 99, cpu=69)
    fib = grower.call(run, FIB, 30)
    deeper = grower.call(fib, FIB, 20, calls=2)
    grower.call(deeper, FIB, 10, calls=4)
    parse = grower.call(run, PARSE, 38, calls=1_200)
    grower.call(parse, LEN, 2, calls=36_000)
    grower.call(parse, APPEND, 1, calls=1_200)
    grower.call(run, FETCH, 30.5, cpu=0.5, calls=2, awaited=25 * MS, resumes=6)
    worker = grower.thread("worker")
    again = grower.call(worker, RUN, 11, cpu=10)
    chain = grower.call(again, PARSE, 10.9, cpu=9.9)
    for code in (DECODE, PARSE, DECODE):
        chain = grower.call(chain, code, 10.8, cpu=9.8)
    grower.call(chain, FIB, 9.7)
    return grower.finish(**info)


def rendered(tree: CallTree, form: str, **options: object) -> str:
    """Write a tree in a form; a binary one is decoded as Latin-1."""
    report = _report.find(form)
    chosen = _report.ReportOptions()
    for name, value in options.items():
        setattr(chosen, name, value)
    if not report.is_binary:
        out = StringIO()
        report.write(tree, out, chosen)
        return out.getvalue()
    data = BytesIO()
    text = TextIOWrapper(data, write_through=True)
    report.write(tree, text, chosen)
    return data.getvalue().decode("latin-1")


def lacking(tree: CallTree, form: str) -> str:
    """Write a tree in a form that cannot be made of it; returns why not."""
    with pytest.raises(_report.LackingError) as caught:
        rendered(tree, form)
    return str(caught.value)


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a golden file; FRAMETOOLS_UPDATE_GOLDEN=1 rewrites it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("FRAMETOOLS_UPDATE_GOLDEN") == "1":
            GOLDEN.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a file."""
    started = Browser(str(browsers.find()))
    yield started
    started.close()


def grow_named(
    grower: Grower,
    monkeypatch: pytest.MonkeyPatch,
    names: tuple[str, ...],
    thread: str,
) -> None:
    """Let a thread call functions of these names; the n-th takes n ms."""
    codes = [
        FIB._replace(qualname=name, firstlineno=at + 1) for at, name in enumerate(names)
    ]
    monkeypatch.setattr("tests.profile.conftest.CODES", codes)
    grower.image.codes = codes
    root = grower.thread(thread)
    for number, code in enumerate(codes):
        grower.call(root, code, number + 1)


@pytest.fixture
def open_text(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open the text of a page; in the end no page has complained of anything."""
    opened = []

    def open_text(text: str, fragment: str = "") -> Page:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        opened.append(browser.open(path, fragment=fragment))
        return opened[-1]

    yield open_text
    problems = [problem for page in opened for problem in page.problems()]
    for page in opened:
        page.close()
    assert problems == []


@pytest.fixture
def show(open_text: Callable[..., Page]) -> Open:
    """Open the page of a tree."""

    def show(tree: CallTree, fragment: str = "", **options: Any) -> Page:
        page = rendered(tree, "html", **options).encode("latin-1").decode()
        return open_text(page, fragment)

    return show
