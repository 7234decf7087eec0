"""ExceptionLog: each exception once, where it was raised and what became of it."""

from __future__ import annotations

import gc
import json
import sys
import threading
import weakref

import pytest

from frametools.monitor import MonitorError
from frametools.monitor.exceptions import ExceptionLog
from frametools.snapshot import TracebackSnapshot


def logged(function, **options):
    """Run a function under a log, whatever it raises, and give the log."""
    log = ExceptionLog(**options)
    log.start()
    try:
        function()
    except ValueError:
        pass
    finally:
        log.stop()
    return log


def rows(log):
    """Give raised, handled, cleared and escaped by type and function."""
    names = "raised", "handled", "cleared", "escaped"
    return {
        (row["type"], row["function"].rpartition(".")[2]): tuple(row[n] for n in names)
        for row in log.summary()
    }


def fail():
    """Raise."""
    raise ValueError("bottom")


def down(n):
    """Raise, n frames deeper."""
    return fail() if n == 0 else down(n - 1)


def line_of(function, offset):
    """Give a line of a function, counted from its first."""
    return function.__code__.co_firstlineno + offset


def test_handled_far_up():
    """An exception that passes many frames counts once, as handled."""

    def main():
        try:
            down(5)
        except ValueError:
            pass

    log = logged(main)
    assert rows(log) == {("ValueError", "fail"): (1, 1, 0, 0)}
    (snapshot,) = log.snapshots()
    assert [frame.code.qualname for frame in snapshot.frames] == [
        main.__qualname__,
        *["down"] * 6,
        "fail",
    ]
    assert (snapshot.type, snapshot.message, snapshot.left) == (
        "ValueError",
        "bottom",
        7,
    )
    assert snapshot.handled.code.qualname == main.__qualname__
    assert snapshot.raised_at.line == line_of(fail, 2)
    assert snapshot.frames[0].line == line_of(main, 2)


def test_position_is_exact(has_monitoring):
    """Frames have the columns of the expression that raised."""

    def main():
        try:
            return [1, down(0), 2]
        except ValueError:
            return None

    (snapshot,) = logged(main).snapshots()
    first = snapshot.frames[0]
    assert first.line == first.end_line == line_of(main, 2)
    assert (first.column, first.end_column) == (23, 30)
    if has_monitoring:
        assert snapshot.handled.line == line_of(main, 3)


@pytest.mark.parametrize("times", [1, 50])
def test_finally_and_with_do_not_handle(times):
    """Cleanups on the way are not handlers; the loop counts each exception."""

    class Manager:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False

    def cleaned():
        try:
            with Manager():
                down(1)
        finally:
            gc.isenabled()

    def main():
        for _ in range(times):
            try:
                cleaned()
            except ValueError:
                pass

    log = logged(main)
    assert rows(log) == {("ValueError", "fail"): (times, times, 0, 0)}
    assert log.snapshots()[0].handled.code.qualname == main.__qualname__


def test_a_handler_of_another_type():
    """An except clause that does not match handles nothing."""

    def wrong():
        try:
            fail()
        except KeyError:
            pass

    def main():
        try:
            wrong()
        except ValueError:
            pass

    log = logged(main)
    assert rows(log) == {("ValueError", "fail"): (1, 1, 0, 0)}
    assert log.snapshots()[0].left == 2


def test_raised_again():
    """A handled exception that is raised again is one, and handled at the end."""

    def again():
        try:
            fail()
        except ValueError:
            raise

    def stored():
        try:
            fail()
        except ValueError as error:
            kept = error
        raise kept

    def main():
        for function in (again, stored):
            try:
                function()
            except ValueError:
                pass

    log = logged(main)
    assert rows(log) == {("ValueError", "fail"): (2, 2, 0, 0)}
    assert {s.handled.code.qualname for s in log.snapshots()} == {main.__qualname__}


def test_chained():
    """An exception raised from another is a second one."""

    def main():
        try:
            try:
                fail()
            except ValueError as error:
                raise KeyError("second") from error
        except KeyError:
            pass

    log = logged(main)
    assert rows(log) == {
        ("ValueError", "fail"): (1, 1, 0, 0),
        ("KeyError", "main"): (1, 1, 0, 0),
    }


def test_escaped_from_a_thread():
    """What leaves a thread's run() has escaped."""

    def main():
        hook, threading.excepthook = threading.excepthook, lambda args: None
        try:
            thread = threading.Thread(target=down, args=(2,))
            thread.start()
            thread.join()
        finally:
            threading.excepthook = hook

    log = logged(main)
    assert rows(log)["ValueError", "fail"] == (1, 0, 0, 1)
    snapshot = next(s for s in log.snapshots() if s.type == "ValueError")
    assert snapshot.escaped
    assert snapshot.handled is None


def test_escaped_into_hidden_code():
    """What leaves the outermost frame that is shown has escaped."""
    here = __file__
    inner = {"__name__": "inner"}
    exec(compile("def leave():\n    raise ValueError(1)", "inner.py", "exec"), inner)
    log = logged(inner["leave"], hide=(here,))
    assert rows(log) == {("ValueError", "leave"): (1, 0, 0, 1)}


def test_cleared_by_c_code():
    """hasattr() and its kin take exceptions; no Python code handled them."""

    class Missing:
        def __getattr__(self, name):
            raise AttributeError(name)

    def main():
        hasattr(Missing(), "x")
        getattr(Missing(), "x", None)

    assert rows(logged(main)) == {("AttributeError", "__getattr__"): (2, 0, 2, 0)}


def test_control_flow_has_its_rows():
    """StopIteration and GeneratorExit are told apart from errors."""

    class Countdown:
        def __iter__(self):
            return self

        def __next__(self):
            raise StopIteration

    def numbers():
        try:
            yield 1
        finally:
            gc.isenabled()

    def main():
        list(Countdown())
        for _ in Countdown():
            pass
        generator = numbers()
        next(generator)
        generator.close()

    log = logged(main)
    kinds = {row["type"]: row["control_flow"] for row in log.summary()}
    assert kinds == {"StopIteration": True, "GeneratorExit": True}
    assert rows(log)["StopIteration", "__next__"][0] == 2


def test_thrown_in():
    """An exception thrown into a generator is raised there."""

    def patient():
        try:
            yield 1
        except ValueError:
            yield 2

    def main():
        generator = patient()
        next(generator)
        generator.throw(ValueError("in"))
        next(generator, None)

    assert rows(logged(main)) == {("ValueError", "patient"): (1, 1, 0, 0)}


def test_messages_are_bounded_and_guarded():
    """A huge message is cut; a __str__ that fails or exits does no harm."""

    class Huge(Exception):
        def __str__(self):
            return "x" * 10_000_000

    class Exits(Exception):
        def __str__(self):
            raise SystemExit(3)

    def main():
        for kind in (Huge, Exits):
            try:
                raise kind
            except kind:
                pass

    huge, exits = logged(main).snapshots()
    assert 100 < len(huge.message) < 1000
    assert isinstance(exits.message, str)


def test_examples_are_bounded():
    """Past the bound exceptions are counted, and str() is not asked for."""
    asked = []

    class Counted(Exception):
        def __str__(self):
            asked.append(1)
            return "counted"

    def main():
        for _ in range(20):
            try:
                raise Counted
            except Counted:
                pass

    log = logged(main, max_tracebacks=3)
    assert len(log.snapshots()) == len(asked) == 3
    assert [row["raised"] for row in log.summary()] == [20]


def test_deep_tracebacks_are_bounded():
    """Of a deep recursion the innermost frames are kept, and the outermost."""

    def main():
        try:
            down(700)
        except ValueError:
            pass

    (snapshot,) = logged(main).snapshots()
    assert len(snapshot.frames) <= 200
    assert snapshot.left == 702
    assert snapshot.frames[0].code.qualname == main.__qualname__
    assert snapshot.raised_at.code.qualname == "fail"


def test_summary_is_json():
    """The rows go through JSON, and the example comes back from it."""

    def main():
        try:
            down(1)
        except ValueError:
            pass

    (row,) = json.loads(json.dumps(logged(main).summary()))
    snapshot = TracebackSnapshot.from_dict(row["example"])
    assert snapshot.message == "bottom"
    assert (row["filename"], row["firstlineno"]) == (__file__, line_of(fail, 0))


def test_nothing_is_held():
    """Exception, traceback, frame and what it held die while the log is on."""

    class Held(ValueError):
        pass

    class Thing:
        pass

    def inner(dead):
        thing = Thing()
        error = Held(thing)
        dead += [weakref.ref(thing), weakref.ref(error)]
        raise error

    dead = []
    log = ExceptionLog()
    log.start()
    try:
        try:
            inner(dead)
        except Held:
            pass
        gc.collect()
        assert [ref() for ref in dead] == [None, None]
    finally:
        log.stop()
    assert [row["raised"] for row in log.summary()] == [1]


def test_an_address_that_comes_again():
    """Exceptions that get the address of dead ones are counted each."""

    def main():
        for number in range(100):
            try:
                raise KeyError(number)
            except KeyError:
                pass

    log = logged(main)
    assert rows(log) == {("KeyError", "main"): (100, 100, 0, 0)}
    assert len(log.snapshots()) == 100


def test_start_and_stop_again():
    """Both may be called twice; afterwards nothing is seen."""
    log = ExceptionLog()
    log.stop()
    log.start()
    log.start()
    log.stop()
    log.stop()
    with pytest.raises(ValueError, match="bottom"):
        fail()
    assert log.summary() == []


def test_the_place_is_taken(has_monitoring):
    """If another tool has the place, MonitorError says so in a line."""
    log = ExceptionLog()
    if has_monitoring:
        taken = [i for i in range(6) if sys.monitoring.get_tool(i) is None]
        for number in taken:
            sys.monitoring.use_tool_id(number, "another")
    else:
        sys.settrace(lambda *event: None)
    try:
        with pytest.raises(MonitorError) as error:
            log.start()
    finally:
        if has_monitoring:
            for number in taken:
                sys.monitoring.free_tool_id(number)
        else:
            sys.settrace(None)
    assert "\n" not in str(error.value)


def test_beside_a_builder(twin, observe):
    """A log and a builder watch the same program."""
    log = ExceptionLog()

    def main():
        try:
            down(3)
        except ValueError:
            pass

    log.start()
    builder = observe(twin.TreeBuilder, main)
    log.stop()
    assert rows(log)["ValueError", "fail"] == (1, 1, 0, 0)
    assert builder.stats()["unmatched"] == 0
