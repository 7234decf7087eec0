"""`python -m frametools.retention [options] app.py [args]`."""

from __future__ import annotations

import sys

from frametools.retention.command.runner import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], "python -m frametools.retention"))
