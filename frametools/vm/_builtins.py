"""The builtins that the VM itself uses, kept from before a program could change them."""

from __future__ import annotations

from builtins import *  # noqa: F403
