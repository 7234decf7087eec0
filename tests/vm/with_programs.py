"""Programs with `with` statements: each returns or raises what it saw."""

import contextlib
import sys

from raise_programs import simple


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
