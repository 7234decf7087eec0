"""One caller with more callees than fit a small list."""

from __future__ import annotations

names = {}
exec("\n".join(f"def f{i}(): return {i}" for i in range(200)), names)


def main():
    return sum(names[f"f{i}"]() for i in range(200) for _ in range(2))
