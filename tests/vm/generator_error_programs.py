"""Programs whose generators raise, handle, and are thrown into."""

import contextlib
import sys
import traceback

from raise_programs import Boom, simple


def generator_sees_what_is_handled_outside():
    def generate():
        yield repr(sys.exception())
        try:
            yield repr(sys.exception())
            {}["inside"]
        except KeyError:
            yield repr(sys.exception())
        yield repr(sys.exception())

    log = [next(iter(generate()))]
    try:
        simple()
    except ValueError:
        log.extend(generate())
        for seen in generate():
            log.append((seen, repr(sys.exception())))
    steps = generate()
    log += [next(steps), next(steps), next(steps), repr(sys.exception())]
    return log


def generator_sees_the_outside_again():
    def generate():
        try:
            {}["inside"]
        except KeyError:
            pass
        yield repr(sys.exception())

    try:
        simple()
    except ValueError:
        return list(generate()), max(generate())


def generator_keeps_its_own():
    def generate():
        try:
            simple()
        except ValueError:
            yield 1
            try:
                {}["k"]
            except KeyError as error:
                yield repr(error.__context__)
            raise

    steps = generate()
    try:
        {}["outer"]
    except KeyError:
        log = [next(steps), next(steps), repr(sys.exception())]
    try:
        next(steps)
    except ValueError as error:
        log.append(repr(error.__context__))
        log.append([name for name in names(error)])
    return log


def names(error):
    return [
        (frame.f_code.co_name, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]


def generator_raises_through():
    def inner():
        yield 1
        raise Boom("in generator")

    def outer():
        yield from inner()

    return [list(outer())]


def generator_raises_stop_iteration():
    def inner():
        yield 1
        raise StopIteration("no")

    for value in inner():
        pass


def throw_into_generator():
    def inner():
        try:
            yield 1
        except ValueError as error:
            yield repr(error.__context__), names(error)
            raise KeyError("after")

    steps = inner()
    next(steps)
    log = [steps.throw(ValueError("thrown"))]
    try:
        next(steps)
    except KeyError as error:
        log.append(repr(error.__context__))
        log.append(names(error))
    return log


def context_manager_function():
    @contextlib.contextmanager
    def manager(log):
        try:
            yield log
        except ValueError as error:
            log.append(names(error))
            raise KeyError("from manager") from error

    with manager([]) as log:
        simple()
