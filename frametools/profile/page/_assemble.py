"""Joins the parts of the page into one document that needs no network."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from pkgutil import get_data
from zlib import compress

STYLES = "theme layout widgets details tables print".split()
SCRIPTS = (
    "data times memory tree regroup invert layout functions colours format change "
    "search dom draw stage splitter strip table tasks alive source details controls "
    "keys main"
).split()
_PLACE = re.compile(r"\{\{(\w+)\}\}")


def assemble(command: str, payload: bytes) -> str:
    """Make the document; the same text for the same payload, always."""
    style = "\n".join(part(f"{name}.css") for name in STYLES)
    script = "\n".join(part(f"{name}.js") for name in SCRIPTS)
    script = f'(() => {{\n"use strict";\n{script}\n}})();\n'
    filled = {
        "command": escape(command),
        "policy": policy(style, script),
        "style": style,
        "script": script,
        "data": b64encode(compress(payload, 4)).decode(),
    }
    # In one pass: what was filled in is not searched again.
    return _PLACE.sub(lambda place: filled[place[1]], part("page.html"))


def part(name: str) -> str:
    """Read a part of the page, from a zip too."""
    data = get_data(__package__, name)
    assert data is not None, name
    return data.decode().replace("\r\n", "\n")


def policy(style: str, script: str) -> str:
    """Forbid everything but this very style and script: no image, no connection."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
