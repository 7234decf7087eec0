"""How a command on data files ends: its status, or one line that says why not."""

from __future__ import annotations

import os
import sys

from frametools._command_line import OptionError, refuse
from frametools.profile._report import LackingError, UnknownFormError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


class RefusalError(Exception):
    """Nothing can be shown or written; the message is one line."""


def cannot_write(target: str, error: OSError) -> RefusalError:
    """What to raise where the system lets nothing be written."""
    return RefusalError(f"cannot write {target}: {error.strerror or error}")


def guarded(action: Callable[[], int]) -> int:
    """Run a command; returns its exit status, 2 where it was refused."""
    from frametools._image import ImageError

    refusals = OptionError, UnknownFormError, LackingError, RefusalError, ImageError
    try:
        return action()
    except refusals as error:
        return refuse(str(error))
    except BrokenPipeError:
        let_go_of_stdout()
        return 0
    except KeyboardInterrupt:
        return 130
    except IsADirectoryError as error:
        merge = "frametools merge adds up the data files in it"
        return refuse(f"{error.filename} is a directory; {merge}")
    except OSError as error:
        name = error.filename
        where = "" if name is None else f"{name or repr('')}: "
        return refuse(f"{where}{error.strerror or error}")


def say_version() -> int:
    """Print the version; returns the exit status."""
    from frametools import __version__

    sys.stdout.write(f"frametools {__version__}\n")
    return 0


def be_lenient(stream: TextIO) -> None:
    """Escape what the stream's encoding has not, where it can be told to."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def let_go_of_stdout() -> None:
    """Keep Python from flushing into a closed pipe as it ends, and complaining."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
