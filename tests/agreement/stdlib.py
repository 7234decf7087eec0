"""What the VM predicts of the standard library under its tests, and what it does.

    python tests/agreement/stdlib.py [--save] [MODULE...]

For each module some of the tests that CPython has for it are run both ways, and all
events of the module's code and of the test file's are compared; so is what becomes of
each test. --save keeps the results of this Python, and writes docs/vm-conformance.md.
"""

from __future__ import annotations

import importlib.util
import json
import platform
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
RESULTS = HERE / "stdlib_results"
TESTS = 4
"""Tests of each file that are run, spread over it."""

FAST = ("textwrap", "csv", "graphlib")
"""Those of every ordinary test run."""

FILES = {
    name: ("test_" + name.replace(".", "_"),)
    for name in """
    abc argparse base64 bisect calendar cmd codeop collections colorsys configparser
    contextlib copy copyreg csv dataclasses dis enum filecmp fileinput fnmatch
    fractions functools genericpath getopt gettext glob graphlib hmac html http.cookies
    ipaddress keyword linecache mimetypes netrc ntpath operator optparse pickle
    pickletools plistlib posixpath pprint quopri reprlib sched secrets
    shelve shlex stat statistics stringprep symtable textwrap tokenize traceback types
    typing warnings weakref dbm.dumb
    """.split()
} | {
    "_pydecimal": ("test_decimal",),
    "_threading_local": ("test_threading_local",),
    "_weakrefset": ("test_weakset",),
    "ast": ("test_ast.test_ast", "test_ast"),
    "email": ("test_email.test_utils",),
    "html.parser": ("test_htmlparser",),
    "http.cookiejar": ("test_http_cookiejar",),
    "json": ("test_json.test_decode",),
    "numbers": ("test_abstract_numbers",),
    "opcode": ("test__opcode",),
    "pathlib": ("test_pathlib.test_pathlib", "test_pathlib"),
    "string": ("test_string.test_string", "test_string"),
    "tomllib": ("test_tomllib.test_misc",),
    "urllib.parse": ("test_urlparse",),
    "urllib.robotparser": ("test_robotparser",),
    "xml.etree.ElementTree": ("test_xml_etree",),
}
"""Where the tests of each module are: the first that this Python has counts."""


class Found(NamedTuple):
    """What came of a module."""

    module: str
    events: int
    said: str
    """Where the two part; empty if they do not."""


def tests_of(module: str) -> str | None:
    """Return the module of the tests; None if this Python comes without it."""
    for name in FILES[module]:
        try:
            if importlib.util.find_spec(f"test.{name}") is not None:
                return f"test.{name}"
        except ImportError:
            continue
    return None


def here() -> list[str]:
    """Return the modules that this Python has tests of."""
    return [module for module in sorted(FILES) if tests_of(module) is not None]


def rows() -> list[dict[str, Any]]:
    """Return what the table of differences says of this version."""
    table = tomllib.loads((HERE / "stdlib_expected.toml").read_text())["expected"]
    return [row for row in table if VERSION in row.get("versions", (VERSION,))]


def expected(module: str) -> str:
    """Say why a module is expected to differ; empty if it is not."""
    reasons = [row["reason"] for row in rows() if module in row.get("modules", ())]
    return "; ".join(reasons)


def compare(module: str) -> Found:
    """Run the tests of a module both ways, a process each."""
    from frametools.agreement.sides import run
    from frametools.agreement.verdict import SAME, verdict
    from frametools.monitor._recording import EXTRA_EVENTS

    tests = tests_of(module)
    assert tests is not None
    include = (*_files(module), *_files(tests)[-1:])
    options = {"events": tuple(sorted(EXTRA_EVENTS)), "include": include}
    left_out = [test for row in rows() for test in row.get("tests", ())]
    words = [str(HERE / "stdlib_driver.py"), module, tests, str(TESTS), *left_out]
    observed = run("host", words, options)
    status, said = verdict(run("vm", words, options), observed)
    is_same = status == SAME
    if observed.recording is None or observed.status:
        said, is_same = f"{said}{observed.errors.decode(errors='replace')}", False
    return Found(module, len(observed.recording or ()), "" if is_same else said)


def _files(module: str) -> list[str]:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    if spec.submodule_search_locations:
        return [f"{folder}/*" for folder in spec.submodule_search_locations]
    return [f"<frozen {module}>", str(spec.origin)]


def save(all_found: list[Found]) -> None:
    """Keep the results of this version; modules not run now stay as they were."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{VERSION}.json"
    kept = json.loads(path.read_text())["modules"] if path.exists() else {}
    for found in all_found:
        reason = expected(found.module) or "no reason is known" if found.said else ""
        kept[found.module] = [found.events, reason]
    result = {
        "python": platform.python_version(),
        "modules": dict(sorted(kept.items())),
    }
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main(words: list[str]) -> int:
    """The command; 1 if a module differs for which there is no reason."""
    keeps, modules = "--save" in words, [word for word in words if word != "--save"]
    is_new = False
    for module in modules or here():
        found = compare(module)
        reason = expected(module)
        is_new = is_new or bool(found.said) != bool(reason)
        print(f"{module}: {found.events:,} events", reason or found.said, flush=True)
        if keeps:
            save([found])
    if keeps:
        sys.path.insert(0, str(HERE.parent / "vm" / "conformance"))
        import files
        import report

        report.PAGE.write_text(report.page(files.FILES), encoding="utf-8")
    return int(is_new)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent.parent))
    sys.exit(main(sys.argv[1:]))
