"""The variables of a frame, by name, for the detector: see `_frame_values`."""

from __future__ import annotations

from frametools._frame_values import CO_OPTIMIZED, frame_of, local_values

__all__ = ["CO_OPTIMIZED", "frame_of", "local_values"]
