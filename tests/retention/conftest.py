"""Programs whose frames are kept, loaded as a module named `app`."""

from __future__ import annotations

import gc
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


@pytest.fixture
def app() -> Iterator[Any]:
    """Give the situations as a module of a program; they are let go at the end."""
    spec = importlib.util.spec_from_file_location("app", HERE / "situations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["app"] = module
    spec.loader.exec_module(module)
    yield module
    module.let_go()
    del sys.modules["app"]
    gc.collect()
