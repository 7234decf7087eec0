"""The text of an object, built piece by piece in the room that there is."""

from __future__ import annotations

from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from frametools._safe_repr.builtin import RENDER, SLOT, late
from frametools._safe_repr.classes import (
    NOT_SET,
    fields_of,
    in_class,
    name_of,
    size_note,
)
from frametools._safe_repr.pairs import HIDDEN, without_secrets
from frametools._secrets import REDACTED, hide_secrets, is_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Classes = type[BaseException] | tuple[type[BaseException], ...]

_DEPTH = 6
"""Deeper containers are shown as `...`."""


class FullError(Exception):
    """There is no room left; what was built so far is shown."""


class Text:
    """What was built so far, and the room that is left."""

    ahead = 300
    """Characters looked at behind the room, for a secret that begins before its end."""

    def __init__(
        self,
        limit: int,
        redact: Callable[[object], bool] | None = is_secret,
        call: Callable[[object], str] | None = None,
        let: Classes = (),
    ) -> None:
        self.limit = limit
        self.redact = redact
        self.call = call
        self.let = let
        self.left = limit
        self.parts: list[str] = []
        self.around: list[int] = []
        """Identities of the containers that are being shown."""

    def of(self, obj: object) -> str:
        """Give the repr of an object, whole or cut."""
        try:
            self.show(obj)
        except FullError:
            return self.cut(size_note(obj))
        return self.whole()

    def add(self, text: str) -> None:
        """Append a string; raises FullError once the room is used up."""
        self.parts.append(str.__getitem__(text, slice(self.left + 1)))
        self.left -= str.__len__(text)
        if self.left < 0:
            raise FullError

    def end(self) -> None:
        """Let nothing follow: what comes is not shown."""
        raise FullError

    def whole(self) -> str:
        """Give the text, lone surrogates escaped."""
        text = "".join(self.parts)
        clean = text.encode("utf-8", "backslashreplace").decode()
        return clean if len(clean) <= self.limit else clean[: self.limit - 1] + "…"

    def cut(self, note: str) -> str:
        """Give what fits, with a mark and a note at its end."""
        text = self.whole()
        end = f"… {note}" if note else "…"
        if len(end) > self.limit // 2:
            end = "…"
        return (text[: self.limit - len(end)] + end)[: self.limit]

    def show(self, obj: object) -> None:
        """Append the repr of an object, or in its place what it raised."""
        before = len(self.parts), len(self.around), self.left
        try:
            method = in_class(type(obj), "__repr__")
            is_slot = type(method) is SLOT  # else `hash` of it may be anything
            render = (RENDER.get(method) or late(method)) if is_slot else None
            if render is not None:
                render(self, obj)
            else:
                self.show_other(obj, method)
        except FullError:
            raise
        except self.let:
            raise
        except BaseException as error:
            del self.parts[before[0] :], self.around[before[1] :]
            self.left = before[2]
            self.add(_raised(obj, error))

    def show_other(self, obj: object, method: object) -> None:
        """Append the fields of an object, or what its `__repr__` gives."""
        fields = fields_of(obj, method)
        if fields is None:
            result = self.call(obj) if self.call else called(obj, self.let)
            self.add(self.hidden(result))
        else:
            name = "namespace" if type(obj) is SimpleNamespace else name_of(type(obj))
            self.inside(obj, f"{name}(", ")", self.named, fields)

    def inside(
        self,
        obj: object,
        begin: str,
        end: str,
        element: Callable[[Any], None],
        elements: Iterable[Any],
    ) -> None:
        """Append a container: `begin`, its elements, `end`."""
        if id(obj) in self.around or len(self.around) >= _DEPTH:
            self.add(f"{begin}...{end}")
            return
        self.around.append(id(obj))
        self.add(begin)
        # As many as could fit, with a character and a comma each.
        for index, each in enumerate(islice(elements, self.left // 2 + 1)):
            self.add(", " if index else "")
            element(each)
        self.add(end)
        self.around.pop()

    def sequence(
        self, obj: object, begin: str, end: str, elements: Iterable[object]
    ) -> None:
        """Append a container whose elements may tell that the next is a secret."""
        shown = without_secrets(elements, self.redact)
        self.inside(obj, begin, end, self.element, shown)

    def item(self, pair: tuple[object, object]) -> None:
        """Append `key: value`."""
        key, value = pair
        self.show(key)
        self.add(": ")
        self.value(key, value)

    def named(self, pair: tuple[str, object]) -> None:
        """Append `name=value`."""
        name, value = pair
        self.add(f"{name}=")
        self.value(name, value)

    def value(self, key: object, value: object) -> None:
        """Append a value, unless its key tells a secret."""
        if value is not None and self.redact is not None and self.redact(key):
            self.add(REDACTED)
        elif value is NOT_SET:
            self.add("<not set>")
        else:
            self.show(value)

    def pair(self, pair: tuple[object, object]) -> None:
        """Append `(key, value)`."""
        key, value = pair
        self.add("(")
        self.show(key)
        self.add(", ")
        self.value(key, value)
        self.add(")")

    def element(self, each: object) -> None:
        """Append an element of a sequence."""
        if each is HIDDEN:
            self.add(REDACTED)
        else:
            self.show(each)

    def hidden(self, text: str) -> str:
        """Cut a text to what may be shown, without the secrets that it names."""
        piece = str.__getitem__(text, slice(self.left + self.ahead))
        return piece if self.redact is None else hide_secrets(piece)


def bounded(string: str, limit: int) -> str:
    """Cut a string, of whatever subclass, to one that every output takes."""
    text = Text(limit)
    try:
        text.add(string)
    except FullError:
        return text.cut("")
    return text.whole()


def called(obj: object, let: Classes = ()) -> str:
    """Call the `__repr__` of a class that has one; raises nothing but `let`."""
    try:
        return repr(obj)
    except let:
        raise
    except BaseException as error:
        return _raised(obj, error)


def _raised(obj: object, error: BaseException) -> str:
    return f"<{name_of(type(obj))} object, repr raised {name_of(type(error))}>"
