"""Files are replaced as a whole, where they are, as they were."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from frametools import retention
from frametools._image import writer
from frametools._whole_file import Replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write as those do that use it."""
    with Replacing(path) as partial, open(partial, "w", encoding="utf-8") as out:
        out.write(text)


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert list(tmp_path.rglob("*.part")) == []


def test_new_file(tmp_path: Path) -> None:
    """One that was not there has the mode that any new file has."""
    path, other = tmp_path / "a", tmp_path / "b"
    write(path, "new")
    other.write_text("")
    assert path.read_text() == "new"
    assert path.stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("mode", [0o600, 0o666, 0o640])
def test_mode_stays(tmp_path: Path, mode: int) -> None:
    """Whatever the umask; and it holds while the new content is written."""
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(mode)
    with Replacing(path) as partial:
        assert stat.S_IMODE(os.stat(partial).st_mode) == mode
    write(path, "new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", mode)


def test_link_stays(tmp_path: Path) -> None:
    """What a link leads to is replaced, there where it is; or made there."""
    folder = tmp_path / "real"
    folder.mkdir()
    for name in ("there", "missing"):
        link, real = tmp_path / name, folder / name
        link.symlink_to(real)
    (folder / "there").write_text("old")
    for name in ("there", "missing"):
        write(tmp_path / name, "new")
        assert (tmp_path / name).is_symlink()
        assert (folder / name).read_text() == "new"


def fail_half_way(path: Path) -> None:
    """Write something, and fail."""
    with Replacing(path) as partial, open(partial, "w", encoding="utf-8") as out:
        out.write("half")
        raise ZeroDivisionError


def test_failure_leaves_the_old_file(tmp_path: Path) -> None:
    """An error on the way removes what was begun; so does one at the end."""
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):
        fail_half_way(path)
    assert path.read_text() == "old"
    path.unlink()
    with pytest.raises(OSError, match="a"), Replacing(path):
        path.mkdir()
    assert path.is_dir()


def test_no_folder(tmp_path: Path) -> None:
    """Where it cannot be written that is an OSError, and the body does not run."""
    with pytest.raises(FileNotFoundError), Replacing(tmp_path / "no" / "a"):
        raise AssertionError


def test_a_name_that_is_taken(tmp_path: Path) -> None:
    """What has the name of the new file already is left alone."""
    path = tmp_path / "a"
    with Replacing(path) as partial:
        begin, _, number = partial.removesuffix(".part").rpartition("-")
    taken = tmp_path / f"{begin}-{int(number) + 1}.part"
    taken.symlink_to(tmp_path / "elsewhere")
    write(path, "new")
    assert path.read_text() == "new"
    assert not (tmp_path / "elsewhere").exists()
    taken.unlink()


def test_pipe(tmp_path: Path) -> None:
    """What is no file is written directly."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write(pipe, "through")
    reader.join()
    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_no_frame_is_kept(tmp_path: Path) -> None:
    """Neither of one that is written nor of one that fails."""
    path = tmp_path / "a"
    with retention.watch() as watch:
        write(path, "new")
        try:
            fail_half_way(path)
        except ZeroDivisionError:
            pass
    watch.assert_none()


def test_images_are_replaced_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data file behind a link stays there, with its mode."""
    monkeypatch.setattr(writer, "write", lambda _: b"data")
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    real.chmod(0o600)
    link.symlink_to(real)
    writer.save(None, link)  # type: ignore[arg-type]
    assert link.is_symlink()
    assert real.read_bytes() == b"data"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
