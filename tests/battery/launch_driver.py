"""Runs a program through `frametools._launch` alone, with nothing watching it."""

import sys

from frametools import _launch
from frametools.monitor._twin import run_alone

try:
    _launch.run(_launch.find(sys.argv[1:]), call=run_alone)
except _launch.LaunchError as error:
    sys.exit(sys.stderr.write(f"frametools: {error}\n") and 2)
