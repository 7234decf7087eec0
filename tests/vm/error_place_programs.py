"""Programs that fail in many places: each traceback shows where, to the caret."""

import logging
import sys
import traceback

from raise_programs import Boom, simple


def handled_in_class_body():
    try:
        simple()
    except ValueError:

        class Body:
            seen = repr(sys.exception())
            {}["missing"]


def error_in_comprehension():
    return [1 // n for n in (2, 1, 0)]


def error_in_lambda():
    return sorted([3, 1], key=lambda n: n.nothing)


def error_in_multiline_call():
    def target(*args):
        raise Boom(len(args))

    return target(
        1,
        2,
        3,
    )


def error_in_caller_of_native():
    def key(n):
        return {}[n]

    return max([1, 2], key=key)


def caught_by_native():
    class Odd:
        def __getattr__(self, name):
            {}["looked up"]

    class Fine:
        def __getattr__(self, name):
            raise AttributeError(name)

    return getattr(Fine(), "x", "default"), hasattr(Fine(), "y"), hasattr(Odd(), "z")


def seen_by_native():
    lines = []

    class Handler(logging.Handler):
        def emit(self, record):
            lines.append(logging.Formatter().format(record))

    logger = logging.Logger("frametools.test")
    logger.addHandler(Handler())
    try:
        {}["logged"]
    except KeyError:
        logger.exception("message")
    return lines


def many_frames():
    def down(n):
        if n:
            return down(n - 1)
        raise Boom("deep")

    try:
        down(800)
    except Boom as error:
        return len(list(traceback.walk_tb(error.__traceback__)))


def recursion_error():
    def down():
        return down()

    try:
        down()
    except RecursionError as error:
        return str(error)


def deleted_name():
    x = 1
    del x
    return x


def locals_stay():
    def inner(a):
        b = a + 1
        raise Boom

    try:
        inner(4)
    except Boom as error:
        return dict(error.__traceback__.tb_next.tb_frame.f_locals)


def nested_function_error_line():
    value = None
    # fmt: off
    result = (
        value.first.second
    )
    # fmt: on
    return result


def subscript_carets():
    data = {"a": {"b": None}}
    return data["a"]["b"]["c"]["d"]


def call_carets():
    data = [simple]
    # fmt: off
    return data[0]() + data[1](
        1
    )
    # fmt: on


def nested_native_context():
    class Lazy:
        def __eq__(self, other):
            raise Boom("in eq")

        def __getitem__(self, key):
            try:
                raise OSError("inner")
            except OSError:
                raise Boom("in item")

    try:
        simple()
    except ValueError:
        try:
            Lazy() == 1
        except Boom:
            Lazy()[2]


def unpack_error():
    a, b = 1, 2, 3


def attribute_error():
    return simple.nothing


def name_error():
    return nothing_of_that_name


def wrong_call():
    return simple(1)


def wrong_call_of_many():
    return many_frames(1, 2, c=3)
