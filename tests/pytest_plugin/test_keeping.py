"""What pytest keeps itself is no test's to answer for."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.running import HEAD, Run

pytest_plugins = ["pytester"]

INNOCENT = {
    "nothing": "def test_it(): pass",
    "value of a fixture": """
@pytest.fixture
def box(): return []
def test_it(box): leak(box)
""",
    "finished fixture": """
@pytest.fixture
def box():
    data = bytearray(3 << 20)
    yield data
def test_it(box): pass
""",
    "raises": """
def test_it():
    with pytest.raises(RuntimeError) as caught:
        load_big()
""",
    "instance of a class": """
class TestIt:
    def test_it(self):
        try: load_big()
        except RuntimeError as error: self.error = error
""",
    "warning about a coroutine": """
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_it():
    async def never(): pass
    never()
def test_recorded(recwarn):
    async def never(): pass
    never()
@pytest.mark.filterwarnings("always::RuntimeWarning")
def test_shown():
    async def never(): pass
    never()
""",
    "capture": """
def test_it(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("test_it.saved", [])
    print(1)
    assert capsys.readouterr().out
""",
    "subtests": """
def test_it(subtests):
    for n in range(3):
        with subtests.test(n=n):
            with pytest.raises(RuntimeError) as caught:
                load_big()
""",
    "old hook wrapper": """
def test_it(request):
    class Plugin:
        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(self, item):
            data = bytearray(3 << 20)
            yield
    request.config.pluginmanager.register(Plugin())
def test_other(): pass
""",
    "new hook wrapper": """
def test_it(request):
    class Plugin:
        @pytest.hookimpl(wrapper=True, tryfirst=True)
        def pytest_runtest_makereport(self, item):
            data = bytearray(3 << 20)
            return (yield)
    request.config.pluginmanager.register(Plugin())
def test_other(): pass
""",
    "parameters": """
@pytest.mark.parametrize("make", [lambda: load_big(), load_big])
def test_it(make):
    with pytest.raises(RuntimeError) as caught: make()
""",
    "doctest": "def test_it(): pass",
    "skip in a wider fixture": """
@pytest.fixture(scope="module")
def skipped(): pytest.skip("no")
def test_it(skipped): pass
def test_other(skipped): pass
""",
}
UNITTEST = """
import unittest
class TestIt(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.data = bytearray(3 << 20)
    @classmethod
    def tearDownClass(cls): del cls.data
    def setUp(self): self.addCleanup(print, 1)
    def test_it(self):
        with self.assertRaises(RuntimeError) as self.caught: load_big()
    def test_instance(self):
        try: load_big()
        except RuntimeError as error: self.error = error
    def test_sub(self):
        with self.subTest(n=1): pass
class TestAsync(unittest.IsolatedAsyncioTestCase):
    async def test_it(self):
        with self.assertRaises(RuntimeError): load_big()
"""
INNOCENT["unittest"] = UNITTEST


@pytest.mark.parametrize("source", INNOCENT.values(), ids=INNOCENT)
def test_is_not_blamed(run: Run, source: str) -> None:
    """Nothing counts, whatever its size."""
    ran = run(source, "--frame-leaks=fail", "--frame-leaks-min=0")
    assert ran.exit in (0, 5), ran.text
    assert not ran.lines("kept frames"), ran.text


def test_failed_tests_are_not_checked(run: Run) -> None:
    """A test that failed, or was expected to, keeps its frames for pytest to show."""
    ran = run(
        """
def test_fails(): leak(); load_big()
@pytest.mark.xfail
def test_expected(): leak(); load_big()
def test_skipped(): leak(); pytest.skip("no")
@pytest.fixture
def bad(): leak(); load_big()
def test_setup(bad): pass
@pytest.fixture
def worse(): yield; leak(); load_big()
def test_teardown(worse): pass
def test_after(): pass
""",
        "--frame-leaks=fail",
        "--frame-leaks-min=0",
    )
    counts = {"failed": 1, "xfailed": 1, "skipped": 1, "errors": 2, "passed": 2}
    assert ran.counts == counts
    assert not ran.lines("kept frames")


def test_last_test_failed(run: Run) -> None:
    """Nor is its module checked for what it has left."""
    source = "def test_it(): load_big()\n"
    ran = run(source, "--frame-leaks=fail", "--frame-leaks-min=0")
    assert ran.counts == {"failed": 1}


def test_what_a_debugger_has_stopped_in(run: Run) -> None:
    """A test that stopped in the debugger is not checked; others are."""
    ran = run(
        """
def test_stopped(request):
    request.config.hook.pytest_enter_pdb(config=request.config, pdb=None)
    leak()
def test_other(): leak()
""",
        "--frame-leaks=warn",
    )
    assert ran.counts == {"passed": 2, "kept": 1}


def test_a_trace_function_is_active(run: Run) -> None:
    """With `sys.settrace` the same is found, and variables keep their values."""
    ran = run(
        """
import sys
def test_it():
    before = sys.gettrace()
    sys.settrace(lambda frame, event, arg: lambda *a: None)
    leak()
    sys.settrace(before)
    assert saved[0].__traceback__.tb_next.tb_frame.f_locals["mebibytes"] == 3
""",
        "--frame-leaks=warn",
    )
    assert ran.counts == {"passed": 1, "kept": 1}


def test_an_error_of_the_detector_switches_it_off(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes on without it, and says so once."""

    def find(*_: object, **__: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("frametools.pytest_plugin.detector.find", find)
    ran = run("def test_1(): leak()\ndef test_2(): leak()\n", "--frame-leaks=fail")
    assert (ran.exit, ran.counts) == (0, {"passed": 2})
    assert len(ran.lines("an error of frametools: ValueError: broken")) == 1


LOG = """
import logging
@pytest.fixture
def log():
    yield
    try: load_big()
    except RuntimeError: logging.getLogger().exception("in teardown")
def test_it(log, caplog):
    try: load_big()
    except RuntimeError: logging.getLogger().exception("in the test")
    assert caplog.records
"""


@pytest.mark.slow
def test_log_records(pytester: pytest.Pytester) -> None:
    """Pytest's handlers keep those of the last phase of a test until the next."""
    pytester.makepyfile(test_it=HEAD + LOG)
    result = pytester.runpytest_subprocess("--frame-leaks=fail", "--frame-leaks-min=0")
    assert result.parseoutcomes() == {"passed": 1}
