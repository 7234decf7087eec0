"""Programs that raise, chain and match exceptions: run by the host and by the VM."""

import sys


class Boom(Exception):
    pass


class Custom(Exception):
    def __init__(self, code=7):
        super().__init__("custom", code)
        self.seen = sys.exception()


def simple():
    raise ValueError("x")


def raises_class():
    raise Boom


def operator_error(a=1, b=None):
    # fmt: off
    return (
        a
        + b  # the line with the caret
    )
    # fmt: on


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
