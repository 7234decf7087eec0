"""Runs one of CPython's test files and tells of each test: a program of its own.

    python [-m frametools.vm] driver.py MODULE REPORT SECONDS [SKIP]

Under the VM this file, `unittest` and the test file are run by the VM. A line of JSON
goes to REPORT when a test starts and when it ends, so that what a dying process was at
can be read. A test that takes more than SECONDS ends the process with all stacks on
standard error. SKIP holds the tests that are not to be run, a line each.
"""

# ruff: noqa: D102, N802, N815 - the methods are those of unittest

import faulthandler
import json
import os
import sys
import traceback
import unittest


class Report(unittest.TestResult):
    """Writes what becomes of each test, at once."""

    def __init__(self, descriptor, seconds):
        super().__init__()
        self.descriptor = descriptor
        self.seconds = seconds
        self.pid = os.getpid()
        self.ids = {}
        self.worst = ("passed", "")

    def write(self, *fields):
        """Report one line."""
        if os.getpid() == self.pid:  # a test may fork
            os.write(self.descriptor, json.dumps(fields).encode() + b"\n")

    def startTest(self, test):
        super().startTest(test)
        self.worst = ("passed", "")
        self.write("start", self.ids.get(test, test.id()))
        faulthandler.dump_traceback_later(self.seconds, exit=True, file=sys.__stderr__)

    def stopTest(self, test):
        faulthandler.cancel_dump_traceback_later()
        super().stopTest(test)
        self.write("end", self.ids.get(test, test.id()), *self.worst)

    def tell(self, test, outcome, text):
        """Note how a test ended; a failure stays one."""
        if test not in self.ids and not isinstance(test, unittest.TestCase):
            self.write("start", test.id())  # a class or module that cannot be set up
            self.write("end", test.id(), outcome, text)
        elif self.worst[0] != "failed":
            self.worst = (outcome, text)

    def addError(self, test, err):
        self.tell(test, "failed", shown(err))

    addFailure = addError

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.tell(test, "failed", shown(err))

    def addSkip(self, test, reason):
        self.tell(getattr(test, "test_case", test), "skipped", str(reason))

    def addExpectedFailure(self, test, err):
        self.tell(test, "expected failure", "")

    def addUnexpectedSuccess(self, test):
        self.tell(test, "failed", "unexpected success")


def shown(err):
    """Return a traceback as text, whatever is wrong with it."""
    try:
        return "".join(traceback.format_exception(*err))[-6000:]
    except BaseException as error:
        return (
            f"{err[0].__name__}, and no traceback for {type(error).__name__}: {error}"
        )


def flat(suite):
    """Every test of a suite, in order."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flat(item)
        else:
            yield item


def without(suite, result, skipped):
    """The suite with the tests that are still to be run; equal names get a number."""
    seen = {}
    for test in flat(suite):
        name = test.id()
        seen[name] = count = seen.get(name, 0) + 1
        result.ids[test] = name if count == 1 else f"{name} ({count})"
    return keep(suite, result, skipped)


def keep(suite, result, skipped):
    """Build the suite anew, without what is skipped."""
    kept = []
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            kept.append(keep(item, result, skipped))
        elif result.ids[item] not in skipped:
            kept.append(item)
    return type(suite)(kept)


def main():
    """Run the file that the arguments name."""
    name, report, seconds, *skip = sys.argv[1:]
    skipped = set()
    if skip:
        with open(skip[0], encoding="utf-8") as file:
            skipped.update(file.read().splitlines())
    descriptor = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    result = Report(descriptor, float(seconds))
    faulthandler.dump_traceback_later(120, exit=True, file=sys.__stderr__)
    from test import support

    support.verbose = 0
    support.use_resources = {}
    __import__(name)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[name])
    faulthandler.cancel_dump_traceback_later()
    without(suite, result, skipped).run(result)
    result.write("complete")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # threads that a failed test left


if __name__ == "__main__":
    main()
