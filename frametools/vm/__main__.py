"""`python -m frametools.vm app.py`: run a program in the reference VM."""

from __future__ import annotations

import sys

from frametools.vm import _runner

if __name__ == "__main__":
    sys.exit(_runner.main(sys.argv[1:], "python -m frametools.vm"))
