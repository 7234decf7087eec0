"""The builtins that the VM itself uses, whatever a program does to its own."""

from __future__ import annotations

from builtins import *  # noqa: F403, UP029
