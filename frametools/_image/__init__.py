"""Data files (docs/data-file.md): bytes <-> `Image`.

    bytes -- reader.read --> Image -- writer.write --> bytes
                |
                repair: the file of a process that was killed

`layout` holds the offsets. Nothing here knows what the columns mean: `CallTree` and
`Recording` do.
"""

from __future__ import annotations

from frametools._image.layout import Image, ImageError, ThreadRecord
from frametools._image.reader import load, read
from frametools._image.writer import save, write

__all__ = ["Image", "ImageError", "ThreadRecord", "load", "read", "save", "write"]
