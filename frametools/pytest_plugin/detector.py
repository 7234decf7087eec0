"""The working half, where tests run: looks once each test has ended.

    setup of the item       baseline.renew()
    fixtures of wider scope what they make is theirs
    teardown begins         if collectors end, too: part what is new, level by level
    report of teardown      find(baseline): pytest's own frames run, and are not kept

A wrapper of `pytest_runtest_makereport` is the last place where the report can still be
changed, and the first after the test's fixtures have finished.
"""

from __future__ import annotations

import gc
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest

from frametools.pytest_plugin.again import run_again
from frametools.pytest_plugin.judging import KEPT, Entry, Hidden, are_alike, judge
from frametools.pytest_plugin.keeping import (
    is_generator_of_pytest,
    kept_by_wrappers,
    let_go,
)
from frametools.pytest_plugin.markers import Terms, check, is_left_out, terms_of
from frametools.pytest_plugin.reporting import write_into
from frametools.pytest_plugin.scopes import Belongings, ending_with, name_of
from frametools.retention.finding import find
from frametools.retention.heap.census import Baseline

if TYPE_CHECKING:
    from collections.abc import Generator

    from frametools.pytest_plugin.options import Options
    from frametools.retention.leaks import Leak

    Report = Generator[None, pytest.TestReport, pytest.TestReport]


class Detector:
    """Hooks around the phases of a test. An error of its own switches it off."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._baseline: Baseline | None = None
        self._passed = True
        """All phases of the test so far, and no debugger was entered."""
        self._next: pytest.Item | None = None
        self._ending: list[Any] = []
        """Collectors that end with the test, the innermost first."""
        self._parts: list[tuple[str, set[int]]] = []
        """Whose is what was new at the end of each level: ids."""
        self._wider: dict[str, Belongings] = {}
        self._wrappers: set[int] = set()
        self._again: list[Leak] | None = None
        """What a second run has left; None: this is no second run."""
        self._error: str | None = None
        self._is_told = False

    # --- hooks ---

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Refuse markers that say nothing valid, before any test runs."""
        for item in session.items:
            check(item, self._options)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, None, None]:
        """Begin: what is alive now is not the test's."""
        self._passed, self._ending, self._parts = True, [], []
        if self._error is None:
            try:
                self._begin()
            except Exception as error:  # the run goes on, without the detector
                self._switch_off(error)
        yield

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Note what a fixture of wider scope makes: it is not the test's."""
        if fixturedef.scope == "function" or self._baseline is None:
            return (yield)
        before = self._ids_of_news()
        try:
            return (yield)
        finally:
            self._note_wider(name_of(request.node), before)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> None:
        """Prepare to part what is new, if collectors end with the test."""
        self._next = nextitem
        if nextitem is None or nextitem.parent is not item.parent:
            self._ending = ending_with(item, nextitem)
            if self._passed and self._baseline is not None:
                # The last finalizer of a node runs first, when all within has ended.
                names = [item.nodeid, *map(name_of, self._ending)]
                for node, name in zip(self._ending, names, strict=False):
                    node.addfinalizer(partial(self._part, name))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Report:
        """Look, when the test's fixtures have finished."""
        report = yield
        if not report.passed or call.excinfo is not None:
            self._passed = False
        if call.when == "teardown":
            if self._error is None:
                try:
                    self._look(item, report)
                except pytest.exit.Exception:  # of a second run
                    raise
                except Exception as error:  # the run goes on, without the detector
                    self._switch_off(error)
            if self._error is not None and not self._is_told:
                self._is_told = True
                report.frame_leaks_error = self._error  # type: ignore[attr-defined]
        return report

    def pytest_enter_pdb(self) -> None:
        """Leave out a test that stopped in the debugger, which keeps its frames."""
        self._passed = False

    def pytest_unconfigure(self) -> None:
        """End."""
        if self._baseline is not None:
            self._baseline.close()
            self._baseline = None

    # --- looking ---

    def _begin(self) -> None:
        if self._baseline is None:
            self._baseline = Baseline()
        else:
            self._baseline.renew()

    def _ids_of_news(self) -> set[int]:
        """Return ids of what is new; none if the detector has failed."""
        try:
            return (
                set() if self._baseline is None else set(map(id, self._baseline.new()))
            )
        except Exception as error:
            self._switch_off(error)
            return set()

    def _note_wider(self, name: str, before: set[int]) -> None:
        """Note what a fixture of wider scope has made."""
        try:
            if self._baseline is not None:
                mine = self._wider.setdefault(name, Belongings())
                mine.add(new for new in self._baseline.new() if id(new) not in before)
        except Exception as error:
            self._switch_off(error)

    def _part(self, owner: str) -> None:
        if self._baseline is not None:
            self._parts.append((owner, self._ids_of_news()))

    def _look(self, item: pytest.Item, report: pytest.TestReport) -> None:
        owners = self._owners_of_news(item) if self._passed else set()
        ended = [name_of(node) for node in self._ending]
        entries: list[Entry] = []
        if item.nodeid in owners and not is_left_out(item):
            entries += self._entries_of_test(item)
        if ended:
            entries += self._entries_of_ended(ended, owners)
        if self._again is not None:
            own = [each for each in entries if each.node == item.nodeid]
            self._again += [entry.leak for entry in own]
            return
        if self._options.rerun:
            entries = self._confirmed(item, entries)
        if not self._options.everything:
            entries = [entry for entry in entries if entry.verdict == KEPT]
        if entries:
            write_into(report, entries, self._options)

    def _owners_of_news(self, item: pytest.Item) -> set[str]:
        """Tell whose frames are new; pytest lets go of what it would anyhow."""
        if self._baseline is None or not self._baseline.new():
            return set()
        let_go(item)
        if not self._may_want_garbage(item):
            gc.collect(1)  # most of it was garbage of this test, and nothing is left
            if not self._baseline.new():
                return set()
        self._wrappers = kept_by_wrappers()
        last = name_of(self._ending[-1]) if self._ending else item.nodeid
        self._parts.append((last, set()))
        news = self._baseline.new()
        return {self._owner(new) for new in news if not self._is_known(new)}

    def _may_want_garbage(self, item: pytest.Item) -> bool:
        """Tell if garbage cycles may count: then none is collected."""
        return (
            self._options.cycles or item.get_closest_marker("frame_leaks") is not None
        )

    def _owner(self, new: Any) -> str:
        """Tell whose something is: the first level at whose end it was there."""
        for owner, ids in self._parts:
            if id(new) in ids:
                return owner
        return self._parts[-1][0]

    def _is_known(self, found: Any) -> bool:
        """Tell if something is pytest's, or of a fixture of wider scope."""
        if type(found) is FrameType:
            return False
        return (
            id(found) in self._wrappers
            or is_generator_of_pytest(found)
            or any(mine.has(found) for mine in self._wider.values())
        )

    def _entries_of_test(self, item: pytest.Item) -> list[Entry]:
        terms = terms_of(item, self._options)
        return self._find(item.nodeid, terms, self._baseline, None)

    def _entries_of_ended(self, ended: list[str], owners: set[str]) -> list[Entry]:
        """Find what is left of collectors: of their fixtures' setup, and teardown."""
        options, entries = self._options, []
        terms = Terms(options.minimum, options.cycles, options.ignore)
        for node in ended:
            mine = self._wider.pop(node, None)
            if mine is not None and self._passed and mine.are_left():
                entries += self._find(node, terms, None, mine)
            elif node in owners:
                entries += self._find(node, terms, self._baseline, None)
        return entries

    def _find(
        self,
        node: str,
        terms: Terms,
        baseline: Baseline | None,
        mine: Belongings | None,
    ) -> list[Entry]:
        """Find what is new and a node's, and what is its own of old."""
        hidden = Hidden()

        def ignore(found: Any) -> bool:
            if type(found) is FrameType:
                hidden.note(found)
            if mine is not None and mine.has(found):
                return False
            return not self._is_new(found, node) or self._is_known(found)

        everything = self._options.everything
        leaks = find(
            baseline,
            min_size=0 if everything else terms.minimum,
            cycles=terms.cycles,
            ignore=ignore,
        )
        return judge(node, leaks, terms, hidden)

    def _is_new(self, found: Any, node: str) -> bool:
        assert self._baseline is not None
        return self._baseline.is_new(found) and self._owner(found) == node

    # --- a second run ---

    def _confirmed(self, item: pytest.Item, entries: list[Entry]) -> list[Entry]:
        """Run the test again; what it leaves the first time only does not count."""
        if all(each.verdict != KEPT or each.node != item.nodeid for each in entries):
            return entries
        self._again = []
        try:
            passed, left = run_again(item, self._next), self._again
        finally:
            self._again = None
        return [
            entry._replace(verdict="once")
            if entry.verdict == KEPT
            and entry.node == item.nodeid
            and passed
            and not any(are_alike(entry.leak, leak) for leak in left)
            else entry
            for entry in entries
        ]

    def _switch_off(self, error: Exception) -> None:
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        line = "" if where is None else f", line {where.tb_lineno}"
        name = "" if where is None else f" in {where.tb_frame.f_code.co_filename}"
        self._error = f"{type(error).__name__}: {error}{name}{line}"
        del where
        self.pytest_unconfigure()
