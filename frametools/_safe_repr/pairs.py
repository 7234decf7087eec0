"""Which elements of a sequence are secrets: the one before tells it.

    ("password", HIDDEN)                    the second of two, as of a header
    ["mysql", "--password", HIDDEN, "-v"]   what is behind an option, whatever it is

None is no secret.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from frametools._secrets import REDACTED, option_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Judge = Callable[[object], bool] | None


class _Hidden:
    def __repr__(self) -> str:
        return REDACTED


HIDDEN = _Hidden()
"""Stands for an element that is a secret."""
_NAME = re.compile(r"[^\s=]{1,100}")
"""Not a sentence: of `ParseError("unexpected token", 5)` the 5 is shown."""


def hides(pair: Sequence[object], redact: Judge) -> bool:
    """Tell if these are two, and the first, a word, names the second as a secret."""
    if redact is None or len(pair) != 2 or pair[1] is None:
        return False
    name: Any = pair[0]
    is_text = type(name) is str or type(name) is bytes
    if not is_text or not redact(name):
        return False
    text = name[:101].decode("latin-1") if type(name) is bytes else name
    return _NAME.fullmatch(text) is not None


def without_secrets(elements: Iterable[object], redact: Judge) -> Iterator[object]:
    """Yield the elements of a sequence, HIDDEN for those that are secrets."""
    if redact is None:
        yield from elements
        return
    rest = iter(elements)
    first = list(islice(rest, 3))
    if hides(first, redact):
        first[1] = HIDDEN
    is_value = False
    for each in chain(first, rest):
        yield HIDDEN if is_value and each is not None else each
        is_text = type(each) is str or type(each) is bytes
        name = option_name(each) if is_text else ""
        is_value = bool(name) and redact(name)
