"""textwrap: a library module of many small calls and regular expressions."""

import textwrap

TEXT = """\
    The quick brown fox jumps over the lazy dog; it then goes back, and does so again:
    every-hyphenated-word-is-split, and    white   space is kept where it should be.

    A second paragraph."""
print(textwrap.fill(textwrap.dedent(TEXT), 30, initial_indent="* "))
print(textwrap.shorten(TEXT, 40), textwrap.indent("a\n\nb", "> "), sep="\n")
