"""An import that runs a module's body: once, in a cycle, and one that fails."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys

SOURCES = {
    "cycle_a": "log.append('a begins')\nimport cycle_b\nvalue = cycle_b.value + 1",
    "cycle_b": "log.append('b')\nimport cycle_a\nvalue = hasattr(cycle_a, 'value')",
    "cycle_c": "log.append('c')\nraise ValueError('in a module')",
}
log = []


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name in SOURCES:
            return importlib.util.spec_from_loader(name, self)
        return None

    def exec_module(self, module):
        module.log = log
        exec(compile(SOURCES[module.__name__], "made.py", "exec"), module.__dict__)


def main():
    log.clear()
    finder = Finder()
    sys.meta_path.insert(0, finder)
    try:
        import cycle_a
        import cycle_a as again

        seen = [cycle_a.value, again is cycle_a]
        try:
            import cycle_c  # noqa: F401
        except ValueError as error:
            seen.append((str(error), "cycle_c" in sys.modules))
    finally:
        sys.meta_path.remove(finder)
        for name in SOURCES:
            sys.modules.pop(name, None)
    return seen, list(log)
