"""except*: one exception wrapped, nothing matched, all matched, in a loop."""

from __future__ import annotations


def shape(error):
    if not isinstance(error, BaseExceptionGroup):
        return repr(error)
    return [shape(e) for e in error.exceptions]


def attempt(error):
    seen = []
    try:
        try:
            raise error
        except* ValueError as group:
            seen.append(("values", shape(group)))
        except* (KeyError, OSError) as group:
            seen.append(("lookups", shape(group)))
        else:
            seen.append("else")
        finally:
            seen.append("finally")
    except Exception as error:
        seen.append(("rest", type(error).__name__, shape(error)))
    return seen


def in_loop():
    seen = []
    for n in range(3):
        try:
            if n:
                raise ExceptionGroup("g", [ValueError(n), KeyError(n)])
        except* ValueError:
            seen.append(n)
        except* KeyError:
            seen.append(-n)
        else:
            seen.append("none")
    return seen


def main():
    return (
        attempt(ValueError(1)),
        attempt(TypeError(2)),
        attempt(ExceptionGroup("g", [KeyError(1), TypeError(2)])),
        attempt(ExceptionGroup("g", [ExceptionGroup("h", [OSError(1)]), KeyError(2)])),
        in_loop(),
    )
