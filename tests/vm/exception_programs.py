"""Functions that raise and handle: each is run by the host and by the VM."""

# ruff: noqa

import contextlib
import logging
import sys
import traceback


class Boom(Exception):
    pass


class Custom(Exception):
    def __init__(self, code=7):
        super().__init__("custom", code)
        self.seen = sys.exception()


class Manager:
    def __init__(self, log, swallow=False, name="m"):
        self.log, self.swallow, self.name = log, swallow, name

    def __enter__(self):
        self.log.append(("enter", self.name, sys.exception()))
        return self

    def __exit__(self, kind, value, tb):
        lines = []
        while tb is not None:
            lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
            tb = tb.tb_next
        self.log.append(
            ("exit", self.name, kind, repr(value), lines, repr(sys.exception()))
        )
        return self.swallow


def simple():
    raise ValueError("x")


def raises_class():
    raise Boom


def operator_error(a=1, b=None):
    return (
        a
        + b  # the line with the caret
    )


def through_calls():
    def inner(n):
        if n == 0:
            return {}["missing"]
        return inner(n - 1) + 1

    return inner(4)


def caught():
    try:
        simple()
    except ValueError as error:
        return repr(error), error.__traceback__.tb_lineno


def name_is_unbound():
    try:
        simple()
    except ValueError as error:
        pass
    return error


def context_of_operator():
    try:
        simple()
    except ValueError:
        return 1 / 0


def context_of_raise():
    try:
        simple()
    except ValueError:
        raise KeyError("second")


def context_through_native():
    try:
        simple()
    except ValueError:
        int("no number")


def context_three_deep():
    try:
        try:
            try:
                simple()
            except ValueError:
                {}[1]
        except KeyError:
            [].pop()
    except IndexError:
        raise Boom("last")


def cause():
    try:
        simple()
    except ValueError as error:
        raise KeyError("caused") from error


def cause_none():
    try:
        simple()
    except ValueError:
        raise KeyError("no cause") from None


def cause_class():
    raise KeyError("k") from Boom


def cause_wrong():
    raise KeyError("k") from 3


def raise_wrong():
    raise 3


def raise_wrong_class():
    raise int


def raise_nothing():
    raise


def raise_custom():
    try:
        simple()
    except ValueError:
        try:
            raise Custom
        except Custom as error:
            return repr(error), repr(error.seen), repr(error.__context__)


def raise_makes_no_exception():
    class Bad(Exception):
        def __new__(cls):
            return 3

    raise Bad


def cycle():
    try:
        raise ValueError("a")
    except ValueError as a:
        try:
            raise KeyError("b")
        except KeyError as b:
            try:
                raise a
            except ValueError as again:
                return (
                    repr(again.__context__),
                    repr(again.__context__.__context__),
                )


def same_error_twice():
    error = Boom("again")
    for _ in range(3):
        try:
            raise error
        except Boom:
            pass
    raise error


def bare_raise():
    try:
        simple()
    except ValueError:
        x = 1
        raise


def bare_raise_in_callee():
    def again():
        raise

    try:
        simple()
    except ValueError:
        again()


def bare_raise_after_inner():
    try:
        simple()
    except ValueError:
        try:
            {}[0]
        except KeyError:
            pass
        raise


def no_match():
    try:
        simple()
    except (KeyError, IndexError):
        return 1
    except OSError as error:
        return 2


def matches_nothing_valid():
    try:
        simple()
    except 3:
        pass


def matches_tuple_with_wrong():
    try:
        simple()
    except (KeyError, "x"):
        pass


def matches_nested_tuple():
    try:
        simple()
    except (KeyError, (ValueError, OSError)):
        return "caught"


def subclass_hook_is_not_asked():
    class Meta(type):
        def __subclasscheck__(cls, other):
            return True

    class Odd(Exception, metaclass=Meta):
        pass

    try:
        simple()
    except Odd:
        return "odd"
    except ValueError:
        return "right"


def finally_runs():
    log = []
    try:
        try:
            simple()
        finally:
            log.append(repr(sys.exception()))
    except ValueError:
        log.append("outer")
    log.append(repr(sys.exception()))
    return log


def finally_returns():
    try:
        simple()
    finally:
        return 5


def finally_overrides_return():
    for i in range(3):
        try:
            return i
        finally:
            if i < 2:
                continue
            return "finally"


def finally_raises():
    try:
        simple()
    finally:
        {}["other"]


def pending_return():
    log = []

    def inner():
        try:
            return log.append("try") or "value"
        finally:
            log.append("finally")

    return inner(), log


def finally_in_loop():
    log = []
    for i in range(4):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            log.append(i)
        finally:
            log.append(("f", i))
    return log


def else_clause():
    try:
        x = 1
    except ValueError:
        x = 2
    else:
        simple()
    finally:
        x = 3


def exc_info_at_points():
    log = [sys.exc_info()]
    try:
        simple()
    except ValueError:
        log.append(sys.exc_info()[:2])
        try:
            {}[3]
        except KeyError:
            log.append(sys.exc_info()[:2])
        log.append(sys.exc_info()[:2])
    log.append(sys.exc_info())
    return repr(log)


def exc_info_in_callee():
    def look():
        return repr(sys.exception())

    log = [look()]
    try:
        simple()
    except ValueError:
        log.append(look())
        log.append(max([1, 2], key=lambda n: log.append(look()) or n))
    log.append(look())
    return log


def format_exc():
    try:
        simple()
    except ValueError:
        return traceback.format_exc()


def notes():
    try:
        simple()
    except ValueError as error:
        error.add_note("first note")
        error.add_note("second")
        raise


def assertion():
    assert 1 == 2, "no"


def with_fine():
    log = []
    with Manager(log) as m:
        log.append(m.name)
    return log


def with_swallows():
    log = []
    with Manager(log, True):
        simple()
    log.append(repr(sys.exception()))
    return log


def with_passes_on():
    log = []
    try:
        with Manager(log):
            simple()
    except ValueError:
        return log


def with_nested():
    log = []
    with Manager(log, True, "outer"), Manager(log, False, "inner") as m:
        with Manager(log, False, "third"):
            {}["k"]
    return log


def with_raises_in_exit():
    class Bad(Manager):
        def __exit__(self, *args):
            raise KeyError("in exit")

    with Bad([]):
        simple()


def with_raises_in_enter():
    class Bad(Manager):
        def __enter__(self):
            raise KeyError("in enter")

    with Bad([]):
        pass


def with_return():
    log = []

    def inner():
        with Manager(log):
            return 3

    return inner(), log


def with_no_enter():
    with 3:
        pass


def with_no_exit():
    class Half:
        def __enter__(self):
            pass

    with Half():
        pass


def with_async_manager():
    class Half:
        async def __aenter__(self):
            pass

        async def __aexit__(self, *args):
            pass

    with Half():
        pass


def with_static_and_class_methods():
    log = []

    class Odd:
        @staticmethod
        def __enter__():
            log.append("enter")

        @classmethod
        def __exit__(cls, *args):
            log.append(len(args))

    with Odd():
        pass
    return log


def with_instance_attribute():
    class Odd:
        pass

    odd = Odd()
    odd.__enter__ = odd.__exit__ = lambda *args: None
    with odd:
        pass


def with_native():
    with contextlib.suppress(ValueError):
        simple()
    return "suppressed"


def exit_stack():
    log = []
    with contextlib.ExitStack() as stack:
        stack.enter_context(Manager(log, True, "a"))
        stack.enter_context(Manager(log, False, "b"))
        stack.callback(log.append, "callback")
        simple()
    return log


def star_all():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError as group:
        first = repr(group)
    except* KeyError as group:
        second = repr(group)
    return first, second, repr(sys.exception())


def star_rest():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2), OSError(3)])
    except* ValueError:
        pass


def star_naked():
    try:
        simple()
    except* ValueError as group:
        return_value = repr(group), repr(sys.exception())
    return return_value


def star_naked_reraised():
    try:
        simple()
    except* ValueError as group:
        raise


def star_raises():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError:
        raise Boom("new")
    except* KeyError:
        raise


def star_nested():
    try:
        raise ExceptionGroup(
            "outer",
            [ValueError(1), ExceptionGroup("inner", [ValueError(2), TypeError(3)])],
        )
    except* ValueError:
        raise
    except* TypeError as group:
        raise Boom("type") from group


def star_no_match():
    try:
        raise ExceptionGroup("g", [ValueError(1)])
    except* KeyError:
        pass


def star_naked_no_match():
    try:
        simple()
    except* KeyError:
        pass


def star_group_type():
    try:
        simple()
    except* ExceptionGroup:
        pass


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


def try_in_while():
    n = 0
    while True:
        try:
            n += 1
            if n % 2:
                raise ValueError(n)
            if n > 5:
                break
        except ValueError as error:
            kept = str(error)
    return n, kept


def nested_function_error_line():
    value = None
    result = (
        value.first.second
    )
    return result


def subscript_carets():
    data = {"a": {"b": None}}
    return data["a"]["b"]["c"]["d"]


def call_carets():
    data = [simple]
    return data[0]() + data[1](
        1
    )


def keyboard_interrupt():
    try:
        raise KeyboardInterrupt
    except Exception:
        return "wrong"
    finally:
        del_me = 1


def system_exit():
    try:
        sys.exit(3)
    except SystemExit as error:
        return error.code


def error_in_finally_after_return():
    def inner():
        try:
            return 1
        finally:
            raise Boom("instead")

    inner()


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
        log.append([name for name in _names(error)])
    return log


def _names(error):
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
            yield repr(error.__context__), _names(error)
            raise KeyError("after")

    steps = inner()
    next(steps)
    log = [steps.throw(ValueError("thrown"))]
    try:
        next(steps)
    except KeyError as error:
        log.append(repr(error.__context__))
        log.append(_names(error))
    return log


def context_manager_function():
    @contextlib.contextmanager
    def manager(log):
        try:
            yield log
        except ValueError as error:
            log.append(_names(error))
            raise KeyError("from manager") from error

    with manager([]) as log:
        simple()


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


def context_after_handled():
    try:
        simple()
    except ValueError:
        sys.exc_info()
    {}["no context"]


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


PROGRAMS = [
    value
    for name, value in list(globals().items())
    if callable(value)
    and getattr(value, "__module__", None) == __name__
    and isinstance(value, type(simple)) and value.__name__[0] != "_"
]
