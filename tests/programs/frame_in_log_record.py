"""Frames kept by a log record's exc_info, until the handler is emptied."""

from __future__ import annotations

import logging
import weakref


class Big:
    pass


class Keeping(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


alive = []


def fail():
    big = Big()
    alive.append(weakref.ref(big))
    raise ValueError("logged")


def main():
    alive.clear()
    logger = logging.Logger("kept")  # noqa: LOG001
    handler = Keeping()
    logger.addHandler(handler)
    try:
        fail()
    except ValueError:
        logger.exception("it failed")
    kind, error, traceback = handler.records[0].exc_info
    seen = kind.__name__, error.args, traceback.tb_next.tb_frame.f_code.co_name
    held = alive[0]() is not None, handler.records[0].funcName
    del kind, error, traceback
    handler.records.clear()
    logging.Handler.close(handler)
    return seen, held, alive[0]() is None
