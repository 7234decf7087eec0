"""throw with a class, an instance, and what is no exception."""

from __future__ import annotations


def catching():
    while True:
        try:
            yield "ready"
        except Exception as error:
            yield repr(error), error.__traceback__.tb_frame.f_code.co_name


def attempt(what):
    g = catching()
    next(g)
    try:
        return g.throw(what)
    except TypeError as error:
        return str(error)
    except BaseException as error:
        return "through", type(error).__name__, g.gi_frame is None


def main():
    return [attempt(w) for w in (KeyError, KeyError(1), 3, "s", KeyboardInterrupt)]
