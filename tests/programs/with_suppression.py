"""A with statement whose manager swallows what its body raises, or does not."""

from __future__ import annotations

log = []


class Manager:
    def __init__(self, *swallowed):
        self.swallowed = swallowed

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        log.append(kind and kind.__name__)
        return isinstance(error, self.swallowed) and "yes"


def attempt(error):
    with Manager(KeyError, ValueError) as manager:
        if error is not None:
            raise error
        return "returned", len(manager.swallowed)
    return "went on"


def nested():
    with Manager(TypeError), Manager(KeyError):
        raise KeyError
    with Manager(KeyError), Manager(TypeError):
        raise KeyError
    return "nested"


def main():
    log.clear()
    seen = [attempt(None), attempt(KeyError()), attempt(ValueError()), nested()]
    try:
        attempt(TypeError())
    except TypeError:
        seen.append("not swallowed")
    return seen, list(log)
