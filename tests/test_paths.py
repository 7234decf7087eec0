"""Paths of source files are cut short in one way, wherever they are shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from frametools._paths import in_package, is_installed, is_standard, short_path
from frametools.monitor import _places
from frametools.profile._names import Places
from frametools.retention.leaks import KeptFrame, Through
from frametools.retention.report.places import place_of


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("/home/me/src/app.py", "app.py"),
        ("/home/me/src/net/a.py", "net/a.py"),
        ("/home/me/srcs/a.py", "/home/me/srcs/a.py"),
        ("/v/lib/python3.13/site-packages/docutils/core.py", "docutils/core.py"),
        ("/usr/lib/python3/dist-packages/yaml/a.py", "yaml/a.py"),
        ("/opt/lib/python3.13/json/decoder.py", "json/decoder.py"),
        ("/opt/lib/python3.13t/json/decoder.py", "json/decoder.py"),
        ("/opt/lib/python3.x/odd.py", "/opt/lib/python3.x/odd.py"),
        ("C:\\v\\Lib\\site-packages\\a\\b.py", "a/b.py"),
        ("<frozen importlib._bootstrap>", "importlib._bootstrap"),
        ("<string>", "<string>"),
    ],
)
def test_short_paths(path: str, short: str) -> None:
    """What says nothing is cut off."""
    assert short_path(path, "/home/me/src") == short


SHOWN = {
    "venv/lib/python3.13/site-packages/flask/app.py": "flask/app.py",
    "venv/lib/python3.13/json/decoder.py": "json/decoder.py",
    "shop/cart.py": "shop/cart.py",
}


@pytest.mark.parametrize("below", SHOWN)
def test_all_tools_show_the_same(
    below: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where the environment is in the current directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    path = f"{tmp_path}/{below}"
    kept = KeptFrame("f", path, 3, Through.FRAME, 0, ())
    assert _places.short_path(path) == SHOWN[below]
    assert Places(str(tmp_path)).file(path) == SHOWN[below]
    assert place_of(kept) == f"f ({SHOWN[below]}:3)"


def test_whose_a_file_is() -> None:
    """An installer's, the standard library's, or the program's own."""
    installed, own = "/v/lib/python3.13/site-packages/a.py", "/home/me/a.py"
    assert [is_installed(path) for path in (installed, own)] == [True, False]
    assert [is_standard(x) for x in ("<frozen os>", "/lib/python3.13/os.py", own)] == [
        True,
        True,
        False,
    ]
    assert [in_package(path) for path in (installed, own)] == ["a.py", ""]
