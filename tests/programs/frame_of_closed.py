"""Generators that are closed, or their frames cleared: when their variables die."""

from __future__ import annotations

import gc
import warnings

log = []


class Value:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def plain(first):
    second = Value("second")
    yield second
    yield first


def guarded(first):
    second = Value("second")
    try:
        yield second
    finally:
        del second


def delegating(first):
    yield from plain(first)


async def coroutine(first):
    return first


def begin(generator):
    for _ in generator:
        return


def clear(frame):
    try:
        frame.clear()
    except RuntimeError as error:
        log.append(str(error))


def end(make, is_begun, is_asked):
    generator = make(Value("first"))
    frame = generator.gi_frame if is_asked else None
    if is_begun:
        begin(generator)
    generator.close()
    log.append("closed")
    if is_asked:
        log.append(gc.is_tracked(frame))
        log.append((frame.f_lasti, frame.f_back is None))
        clear(frame)
        log.append(gc.is_tracked(frame))
    del generator
    log.append("dropped")
    if is_asked:
        log.append(gc.is_tracked(frame))
    del frame  # its f_back may be this one


def drop(make):
    generator = make(Value("first"))
    begin(generator)
    frame = generator.gi_frame
    del generator
    log.append(("dropped", frame.f_lasti, gc.is_tracked(frame)))
    del frame


def cleared_coroutine():
    made = coroutine(Value("first"))
    made.cr_frame.clear()
    log.append(made.cr_frame is None)
    try:
        made.send(None)
    except (StopIteration, RuntimeError) as error:
        log.append(str(error) or "ran")


def main():
    log.clear()
    for make in plain, guarded, delegating:
        for is_begun in False, True:
            end(make, is_begun, False)
            end(make, is_begun, True)
        drop(make)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cleared_coroutine()
    return list(log)
