"""global: written, deleted, augmented, from nested functions and class bodies."""

from __future__ import annotations

value = "first"


def write(new):
    global value
    old, value = value, new
    return old


def delete():
    global value
    del value
    try:
        del value
    except NameError as error:
        return str(error), error.name


def create():
    global made, also
    made = also = 1
    made += 1

    class Body:
        global in_class
        in_class = made

    for made in range(3):
        pass
    with open(__file__) as also:  # noqa: F811
        pass
    return made, in_class, also.closed


def nested():
    value = "local"

    def inner():
        global value
        value = "by inner"
        return [value for _ in range(1)]

    return inner(), value


def main():
    global value
    value = "first"
    seen = [write("second"), value, delete(), "value" in globals()]
    seen += [create(), nested(), value]
    for name in ("made", "also", "in_class"):
        del globals()[name]
    return seen
