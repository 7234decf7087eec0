"""Named facts about this interpreter: what it does, not which number it has.

A version is compared here and in the version tables of the reference VM, and
nowhere else. Each fact carries its evidence; docs/facts/ has the scripts.
"""

from __future__ import annotations

import sys

_version = sys.version_info[:2]

HAS_MONITORING = _version >= (3, 12)
"""`sys.monitoring` is there (PEP 669); before it, `sys.setprofile`."""

CAN_LOCAL_UNWIND = _version >= (3, 15)
"""PY_UNWIND, PY_THROW, RAISE and their kin can be local events; before, a
`set_local_events` that names one is a ValueError (docs/facts/monitoring.md)."""

COUNTS_THREADS_AFTER_HOOKS = _version == (3, 13)
"""os.fork() counts the process's threads, to warn of them, after the at-fork hooks of
the parent have run; other versions count before (tests/battery/programs/forks.py)."""

HAS_LAST_EXC = _version >= (3, 12)
"""`sys.last_exc` is set for an exception that nobody handled."""

# How the interpreter starts and ends a program: tests/test_launch.py asks each version.

MAIN_HAS_ANNOTATIONS = _version < (3, 14)
"""`__main__` begins with an empty `__annotations__` (before PEP 649)."""

HAS_CACHED = _version < (3, 15)
"""Modules and scripts have a `__cached__`."""

FORGETS_FILE_AFTER_EXIT = _version >= (3, 14)
"""A script loses its `__file__` at its end after SystemExit too."""

COMMAND_IS_IN_LINECACHE = _version >= (3, 13)
"""The text of -c is given to linecache, for tracebacks and inspect."""

COMMAND_IS_DEDENTED = _version >= (3, 14)
"""The text of -c may be indented as a whole."""
