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

LOSES_UNWIND_ON_CLOSE = _version == (3, 13)
"""A generator closed at a yield without a handler fires no event (gh-140373)."""

HAS_PROFILE_ALL_THREADS = _version >= (3, 12)
"""`threading.setprofile_all_threads` is there."""
