"""suppress, closing, redirect_stdout, nullcontext and a manager as decorator."""

from __future__ import annotations

import contextlib
import io


class Resource:
    def close(self):
        log.append("closed")


@contextlib.contextmanager
def around(name):
    log.append(f"+{name}")
    yield
    log.append(f"-{name}")


@around("decorated")
def decorated():
    log.append("body")


log = []


def main():
    log.clear()
    with contextlib.suppress(KeyError, ValueError):
        log.append("before")
        raise KeyError
    with contextlib.closing(Resource()), contextlib.nullcontext(5) as five:
        log.append(five)
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print("caught")
    decorated()
    try:
        with around("twice") as _, contextlib.suppress(ValueError):
            raise TypeError
    except TypeError:
        log.append("through")
    return list(log), text.getvalue()
