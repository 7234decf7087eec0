"""`except ... as name` deletes the name at the handler's end, whatever it was."""

from __future__ import annotations

name = "global"


def function():
    error = "before"
    try:
        raise ValueError("v")
    except ValueError as error:
        inside = str(error)
    try:
        return inside, error
    except UnboundLocalError as unbound:
        return inside, unbound.name


def deleted_within():
    try:
        raise ValueError
    except ValueError as error:  # noqa: F841
        del error
    return "deleted twice is no error"


def rebound_within():
    try:
        raise ValueError
    except ValueError as error:  # noqa: F841
        error = "mine"
        kept = error
    return kept, "error" in locals()


def in_class():
    class Body:
        error = 1
        try:
            raise ValueError
        except ValueError as error:  # noqa: F811, F841
            pass

    return hasattr(Body, "error")


def in_module():
    global name
    try:
        raise KeyError
    except KeyError as name:  # noqa: F841
        pass
    found = "name" in globals()
    name = "global"  # noqa: F841
    return found


def main():
    return function(), deleted_within(), rebound_within(), in_class(), in_module()
