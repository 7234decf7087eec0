"""Generators that end before they begin: where their frames are, and whose they are."""

from __future__ import annotations

import gc
import warnings


def numbers(first):
    second = first
    yield second


def closure(first):
    def inner():
        return first

    yield inner


async def coroutine(first):
    return first


async def async_generator(first):
    yield first


def place(frame):
    return (
        frame.f_lasti,
        frame.f_back is None,
        gc.is_tracked(frame),
        sorted(frame.f_locals),
    )


def frame_of(generator):
    for name in "gi_frame", "cr_frame", "ag_frame":
        if hasattr(generator, name):
            return getattr(generator, name)
    return None


def close(generator):
    if hasattr(generator, "close"):
        generator.close()


def throw(generator):
    try:
        if hasattr(generator, "athrow"):
            generator.athrow(KeyError).send(None)
        else:
            generator.throw(KeyError)
    except KeyError as error:
        return line_of(error.__traceback__.tb_next)


def line_of(entry):
    try:
        return entry and entry.tb_lineno - entry.tb_frame.f_code.co_firstlineno
    finally:
        del entry  # its frame's f_back may be this one


def clear(generator):
    frame_of(generator).clear()
    return frame_of(generator) is None


def nothing(generator):
    return None


def end(make, how):
    generator = make(1)
    frame = frame_of(generator)
    said = [place(frame), how(generator), place(frame)]
    del generator
    said.append(place(frame))
    del frame  # its f_back may be this one
    return said


def main():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            end(make, how)
            for make in (numbers, closure, coroutine, async_generator)
            for how in (close, throw, clear, nothing)
        ]
