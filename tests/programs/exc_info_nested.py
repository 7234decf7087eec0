"""sys.exc_info and sys.exception in handlers, in calls from them, and after."""

from __future__ import annotations

import sys


def now():
    info = sys.exc_info()
    assert info[1] is sys.exception()
    return info[0] and info[0].__name__


def main():
    seen = [now()]
    try:
        raise KeyError
    except KeyError:
        seen.append(now())
        try:
            seen.append(now())
            raise ValueError
        except ValueError:
            seen.append(now())
        finally:
            seen.append(now())
        seen.append(now())
    seen.append(now())
    try:
        raise TypeError
    except TypeError:
        try:
            seen.append(now())
        finally:
            seen.append(now())
        seen.append([now() for _ in range(2)])
    return seen, now()
