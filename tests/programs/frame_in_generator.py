"""gi_frame: there from the call on, with the locals, and None at the end."""

from __future__ import annotations

import weakref


class Big:
    pass


def numbers(n):
    big = Big()
    for i in range(n):
        yield weakref.ref(big)


def main():
    g = numbers(2)
    frame = g.gi_frame
    seen = [sorted(frame.f_locals), frame.f_back]
    alive = next(g)
    seen.append((frame is g.gi_frame, sorted(frame.f_locals), frame.f_locals["i"]))
    seen.append(alive() is not None)
    for _ in g:
        pass
    seen.append((g.gi_frame, frame.f_code.co_name, alive() is None))
    return seen
