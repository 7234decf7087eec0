"""Text: index the words of Python's own `email` package, then answer questions.

    frametools profile examples/words.py [WORD...]

Worth a look in the report: `tokens` is a generator (one call per file, a resume per
word), `within` calls itself (primitive calls against calls, and the deepest stack).
"""

from __future__ import annotations

import email
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"[a-z]{3,}")
ENDINGS = ("ations", "ation", "ings", "ing", "ers", "ed", "er", "es", "s")


class Trie:
    """Words by their letters, to find those that are nearly right."""

    def __init__(self) -> None:
        self.children: dict[str, Trie] = {}
        self.is_word = False

    def add(self, word: str) -> None:
        """Put a word in."""
        node = self
        for letter in word:
            node = node.children.setdefault(letter, Trie())
        node.is_word = True

    def within(self, word: str, edits: int, prefix: str = "") -> Iterator[str]:
        """Yield the words at most this many edits away."""
        if not word and self.is_word:
            yield prefix
        if word and word[0] in self.children:
            child = self.children[word[0]]
            yield from child.within(word[1:], edits, prefix + word[0])
        if edits == 0:
            return
        if word:
            yield from self.within(word[1:], edits - 1, prefix)
        for letter, child in self.children.items():
            yield from child.within(word, edits - 1, prefix + letter)
            yield from child.within(word[1:], edits - 1, prefix + letter)


def stem(word: str) -> str:
    """Cut the ending off: parser, parsing and parsed are one word."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending)
    return word


def tokens(path: Path) -> Iterator[str]:
    """Yield the stems of a file's words, in order."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            for match in WORD.finditer(line.lower()):
                yield stem(match[0])


def build(paths: list[Path]) -> dict[str, Counter[str]]:
    """Count every stem in every file: {stem: {file: count}}."""
    index: dict[str, Counter[str]] = defaultdict(Counter)
    for path in paths:
        for word in tokens(path):
            index[word][path.name] += 1
    return index


def spelling(index: dict[str, Counter[str]]) -> Trie:
    """Put all stems of an index into one trie."""
    trie = Trie()
    for word in index:
        trie.add(word)
    return trie


def main(words: list[str]) -> None:
    """Answer each word with the files that use it, or with its like."""
    index = build(sorted(Path(email.__file__).parent.glob("*.py")))
    trie = spelling(index)
    for word in words:
        found = index.get(stem(word))
        if found:
            places = ", ".join(f"{name} {n}" for name, n in found.most_common(3))
            print(f"{word}: {places}")
        else:
            near = sorted(set(trie.within(stem(word), 2)))
            print(
                f"{word}: not found; did you mean {', '.join(near[:5]) or 'nothing'}?"
            )


if __name__ == "__main__":
    main(sys.argv[1:] or ["header", "parsing", "transfre", "polycies", "encodding"])
