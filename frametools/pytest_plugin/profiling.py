"""The working half of --frame-profile: a data file for each test, where it runs.

Watched are setup, call and teardown of a test, with the fixtures that begin or end
then, in all threads. Functions of pytest and of this package are left out. A test
whose events another tool has taken is run all the same, and told of.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from hashlib import sha256
from threading import get_ident
from typing import TYPE_CHECKING, Any

import pytest

from frametools._filters import wanted
from frametools._paths import here, is_installed, is_standard
from frametools.calltree import CallTree
from frametools.calltree.pruning import subtrees_of, without
from frametools.monitor import _twin
from frametools.monitor._calibrate import calibrate
from frametools.monitor.backend import ALL_FRAMES, HIDDEN, build, choose
from frametools.pytest_plugin.options import DATA

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    Phase = Generator[None, object, object]

_PYTEST = ("_pytest/*", "pluggy/*", "xdist/*", "execnet/*")
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_HIDDEN = (
    *HIDDEN,
    f"{_PACKAGE}pytest_plugin{os.sep}",
    f"{_PACKAGE}retention{os.sep}",
)
_LONGEST = 160
"""Characters of a file's name, without its end."""


class Profiling:
    """Hooks around the phases of a test. An error of its own leaves the test alone."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._images: list[bytes] = []
        """Of the phases of the test so far."""
        self._problem = ""

    def pytest_sessionstart(self) -> None:
        """Make the folder; raises pytest.UsageError."""
        try:
            os.makedirs(self._folder, exist_ok=True)
        except OSError as error:
            where = self._folder
            raise pytest.UsageError(
                f"--frame-profile: {where}: {error.strerror}"
            ) from None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Phase:
        """Watch the setup."""
        self._images.clear()
        self._problem = ""
        with self._watching():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Phase:
        """Watch the test itself."""
        with self._watching():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Phase:
        """Watch the teardown."""
        with self._watching():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Write the file once the test has ended; the report carries the figures."""
        report: Any = yield
        if call.when == "teardown":
            try:
                report.frame_profile = self._finish(item.nodeid, item.path)
            except Exception as error:  # the run goes on, without this profile
                self._note(error)
            if self._problem:
                report.frame_profile_problem = self._problem
        return report  # type: ignore[no-any-return]

    @contextmanager
    def _watching(self) -> Iterator[None]:
        running = self._start()
        try:
            yield
        finally:
            if running is not None:
                self._stop(*running)

    def _start(self) -> tuple[Any, Any] | None:
        try:
            backend = choose(wanted((), _PYTEST))
            builder = build(_twin.TreeBuilder, wants=backend.wants, hide=_HIDDEN)
            calibrate(builder)
            backend.start(builder, ALL_FRAMES)
        except Exception as error:
            self._note(error)
            return None
        return backend, builder

    def _stop(self, backend: Any, builder: Any) -> None:
        try:
            backend.stop()
            builder.stop()
            self._images.append(builder.image())
        except Exception as error:
            self._note(error)

    def _note(self, error: Exception) -> None:
        self._problem = f"{type(error).__name__}: {error}".partition("\n")[0]

    def _finish(self, nodeid: str, path: os.PathLike[str]) -> dict[str, Any] | None:
        """Write the data file; returns what the summary tells, None for no data."""
        if not self._images:
            return None
        test = str(path)
        trees = (CallTree.from_image(image) for image in self._images)
        first, *others = (without_pytests(tree, test) for tree in trees)
        self._images.clear()
        tree = first.merge(*others)
        tree.info = {**_facts(), "command": ["pytest", nodeid]}
        name = file_name(nodeid)
        tree.save(os.path.join(self._folder, name))
        return {"file": name, **_figures(tree)}


def without_pytests(tree: CallTree, test: str) -> CallTree:
    """Leave out what pytest called of the standard library, in this thread.

    pytest's own frames are not watched, so what they call begins at the root. What
    has other code below it stays, as that of unittest, and so does the file `test`.
    """
    me = get_ident()
    tops = [
        top
        for thread in tree.threads
        if thread.ident == me and thread.root
        for top in tree.children(thread.root)
    ]
    return without(tree, subtrees_of(tree, tops, lambda file: _is_library(file, test)))


def _is_library(path: str, test: str) -> bool:
    is_generated = path == "<string>"  # a method of a namedtuple or a dataclass
    is_standard_only = is_standard(path) and not is_installed(path)
    return path != test and (is_generated or is_standard_only)


def _facts() -> dict[str, Any]:
    from frametools import __version__

    python = f"CPython {sys.version.partition(' ')[0]}"
    return {
        "frametools": __version__,
        "python": python,
        "platform": sys.platform,
        "cwd": here(),
        "exclude": list(_PYTEST),
    }


def _figures(tree: CallTree) -> dict[str, Any]:
    """Wall and CPU time (ns), calls, and the function that took most itself."""
    rows = tree.functions()
    hot = max(rows, key=lambda row: row.self_wall, default=None)
    return {
        "wall": tree.wall_ns,
        "cpu": tree.cpu_ns,
        "calls": sum(row.calls for row in rows),
        "hot": "" if hot is None else hot.code.qualname,
        "hot_wall": 0 if hot is None else hot.self_wall,
    }


def file_name(nodeid: str) -> str:
    """Name the data file of a test: as its id, as far as a file name may be so."""
    plain = nodeid.replace("/", ".").replace("::", ".")
    name = re.sub(r"[^\w.\[\]=+-]", "_", plain, flags=re.ASCII)
    if name != plain or len(name) > _LONGEST:
        digest = sha256(nodeid.encode("utf-8", "backslashreplace")).hexdigest()
        name = f"{name[:_LONGEST]}-{digest[:8]}"
    return name + DATA
