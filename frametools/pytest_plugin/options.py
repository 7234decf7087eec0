"""The options of the plugin, and their twins in the ini file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

MODES = ("off", "warn", "fail")
DATA = ".frames"
"""How the names of data files end."""
PROFILES = "frame-profiles"
"""The folder of `--frame-profile` without one."""


class Options(NamedTuple):
    """What was asked for, checked."""

    mode: str
    """One of `MODES`."""
    minimum: int = 0
    """Bytes: what keeps less does not count."""
    cycles: bool = False
    """Garbage that waits for the collector counts, too."""
    json: str | None = None
    """Where to write all that was found: an absolute path."""
    everything: bool = False
    """List what does not count, too."""
    rerun: bool = False
    """Run a test that leaves frames once more."""
    ignore: tuple[str, ...] = ()
    """Globs on the paths of holders."""


_TEXTS = {
    "frame-leaks": ("MODE", "off"),
    "frame-leaks-min": ("SIZE", "1MiB"),
    "frame-leaks-json": ("FILE", ""),
}
"""With the placeholder of the value, and what it is if not given."""
_FLAGS = "frame-leaks-cycles", "frame-leaks-all", "frame-leaks-rerun"
_HELP = {
    "frame-leaks": """off, warn or fail: find the frames that a test leaves behind, how
        much memory they keep, and who holds them (default: off)""",
    "frame-leaks-min": "frames that keep less memory do not count (default: 1MiB)",
    "frame-leaks-json": "write all that was found to a file",
    "frame-leaks-cycles": "count garbage that waits for the collector, too",
    "frame-leaks-all": """list what does not count, too: what is below the minimum,
        has no variables left, or is allowed""",
    "frame-leaks-rerun": """run a test that leaves frames once more: what only the first
        run leaves is a cache, and does not count""",
    "frame-leaks-ignore": """globs on the path of a holder whose frames do not count,
        one a line""",
    "frame-profile": f"""profile each test: a data file for `frametools report` in the
        folder (default: {PROFILES}), and the slowest in the summary""",
}


def declare(parser: pytest.Parser) -> None:
    """Add the options to pytest's."""
    group = parser.getgroup("frametools", "frames that stay alive (frametools)")
    for name, (metavar, default) in _TEXTS.items():
        text = _help(name)
        group.addoption(f"--{name}", metavar=metavar, default=None, help=text)
        parser.addini(_twin(name), text, default=default)
    for name in _FLAGS:
        text = _help(name)
        group.addoption(f"--{name}", action="store_true", default=None, help=text)
        parser.addini(_twin(name), text, type="bool", default=False)
    parser.addini("frame_leaks_ignore", _help("frame-leaks-ignore"), type="linelist")
    group.addoption(
        "--frame-profile",
        metavar="DIR",
        nargs="?",
        const=PROFILES,
        default=None,
        help=_help("frame-profile"),
    )
    parser.addini("frame_profile", _help("frame-profile"), default="")


def _help(name: str) -> str:
    return " ".join(_HELP[name].split())


def _twin(name: str) -> str:
    return name.replace("-", "_")


def read(config: pytest.Config) -> Options:
    """Return the options; raises pytest.UsageError."""
    mode, source = _value(config, "frame_leaks")
    if mode not in MODES:
        raise pytest.UsageError(f"{source}: {mode!r} is none of {', '.join(MODES)}")
    if mode == "off":
        return Options(mode)
    file, source = _value(config, "frame_leaks_json")
    if file and not os.path.isdir(os.path.dirname(os.path.abspath(file))):
        raise pytest.UsageError(f"{source}: there is no folder for {file!r}")
    return Options(
        mode,
        size(*_value(config, "frame_leaks_min")),
        _value(config, "frame_leaks_cycles")[0],
        os.path.abspath(file) if file else None,
        _value(config, "frame_leaks_all")[0],
        _value(config, "frame_leaks_rerun")[0],
        globs(config.getini("frame_leaks_ignore"), "frame_leaks_ignore"),
    )


def _value(config: pytest.Config, name: str) -> tuple[Any, str]:
    """Return a value and where it is from: the command line goes before the file."""
    given = config.getoption(name)
    if given is not None:
        return given, f"--{name.replace('_', '-')}"
    return config.getini(name), name


def profile_folder(config: pytest.Config) -> str | None:
    """Return where profiles go, as an absolute path; raises pytest.UsageError.

    With a space instead of `=`, what is to be tested would be taken for the folder: so
    one that holds anything but data files is refused.
    """
    given, source = _value(config, "frame_profile")
    if not given:
        if source.startswith("--"):
            raise pytest.UsageError(f"{source}= needs a folder")
        return None
    folder = str(os.path.abspath(given))
    try:
        others = [name for name in os.listdir(folder) if not name.endswith(DATA)]
    except FileNotFoundError:
        return folder
    except OSError as error:
        raise pytest.UsageError(f"{source}: {folder}: {error.strerror}") from None
    if others:
        problem = f"{folder} has other files than profiles"
        raise pytest.UsageError(f"{source}: {problem}; name a new one: {source}=DIR")
    return folder


def size(value: int | str, source: str) -> int:
    """Return a number of bytes; raises pytest.UsageError, naming the source."""
    from frametools.retention.amounts import AmountError, parse_amount

    try:
        return parse_amount(value)
    except AmountError as error:
        raise pytest.UsageError(f"{source}: {error}") from None


def globs(value: str | Sequence[str], source: str) -> tuple[str, ...]:
    """Return one glob or a list of them; raises pytest.UsageError."""
    found = (value,) if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(
        isinstance(glob, str) and glob for glob in found
    ):
        raise pytest.UsageError(f"{source}: {value!r} is no glob or list of globs")
    return tuple(found)
