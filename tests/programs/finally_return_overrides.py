"""return, break and continue in a finally discard what was on its way."""

from __future__ import annotations

import warnings

SOURCE = """
def over_return():
    try:
        return "first"
    finally:
        return "second"

def over_exception():
    try:
        raise ValueError
    finally:
        return "swallowed"

def breaking(log):
    for i in range(3):
        try:
            log.append(i)
            raise ValueError
        finally:
            break
    else:
        log.append("else")
    return log

def continuing(log):
    while len(log) < 3:
        try:
            return log
        finally:
            log.append("again")
            if len(log) < 3:
                continue
    return "end"
"""


def main():
    names = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(SOURCE, names)
    one, two = names["over_return"](), names["over_exception"]()
    return one, two, names["breaking"]([]), names["continuing"]([])
