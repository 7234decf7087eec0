"""Runs some tests of one of CPython's test files: a program to be run both ways.

    python stdlib_driver.py MODULE TEST_MODULE COUNT [SKIP...]

COUNT tests are run, spread over the file, with chance, order and garbage collection the
same in every run. What became of each is printed. A test with a word of SKIP in its
name is left out.
"""

# ruff: noqa: D102, E402, N802, N815 - the methods are those of unittest

import sys

KEPT = "frametools", "encodings", "importlib", "_frozen", "zipimport", "site", "__main"


def forget(tested):
    """Have what was imported before this program began imported anew.

    Of functions made before, a VM runs what it calls itself, and not what C code does.
    What the interpreter holds on to stays, but for the module that is tested.
    """
    hooked = sys.modules.get("threading")
    gone = {name for name in sys.modules if is_python(name) or name == tested}
    for name in list(sys.modules):
        if name in gone or name.rpartition(".")[0] in gone:
            del sys.modules[name]
    import threading

    if hooked is not None:  # by these alone 3.11 shows new threads to who records
        threading.setprofile(hooked.getprofile())
        threading.settrace(hooked.gettrace())


def is_python(name):
    """Say if a module was read from a file, and nothing depends on its being there."""
    module = sys.modules[name]
    if type(module) is not type(sys):
        return False  # such as `typing.re`, of which asking for an attribute runs code
    spec = getattr(module, "__spec__", None)
    return getattr(spec, "has_location", False) and not name.startswith(KEPT)


if __name__ == "__main__":
    forget(sys.argv[1])

import gc
import os
import random
import shutil
import tempfile
import unittest


class Report(unittest.TestResult):
    """Prints what becomes of each test."""

    def startTest(self, test):
        super().startTest(test)
        random.seed(0)
        self.word = "passed"

    def stopTest(self, test):
        super().stopTest(test)
        print(test.id(), self.word)

    def addError(self, test, err):
        self.word = f"failed: {err[0].__name__}"
        if not isinstance(test, unittest.TestCase):
            print(test.id(), self.word)  # a class or module that cannot be set up

    addFailure = addError

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.addError(test, err)

    def addSkip(self, test, reason):
        self.word = "skipped"


def flat(suite):
    """Every test of a suite, in order."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flat(item)
        else:
            yield item


def main():
    """Run what the arguments say."""
    name, test_name, count, *skip = sys.argv[1:]
    gc.disable()
    sys.modules["hypothesis"] = None  # where it is installed, tests go by its chance
    from test import support

    support.verbose = 0
    support.use_resources = {}
    __import__(name)
    __import__(test_name)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[test_name])
    tests = [
        test for test in flat(suite) if not any(word in test.id() for word in skip)
    ]
    step = max(1, len(tests) // int(count))
    folder = tempfile.mkdtemp(prefix="stdlib-")
    os.chdir(folder)
    unittest.TestSuite(tests[::step][: int(count)]).run(Report())
    os.chdir("/")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
