"""try, except, else, finally, from, nested, returns in finally."""


def order(kind):
    try:
        print("try", kind)
        if kind == "raise":
            raise ValueError("v")
        if kind == "return":
            return "returned"
    except ValueError as error:
        print("except", error)
    else:
        print("else")
    finally:
        print("finally")
    return "end"


print([order(kind) for kind in ("", "raise", "return")])


def overruled():
    for n in range(3):
        try:
            return n
        finally:
            if n == 0:
                print("in finally", n)


def chained():
    try:
        try:
            {}["k"]
        except KeyError as error:
            raise RuntimeError("r") from error
    except RuntimeError as error:
        error.add_note("a note")
        try:
            int("x")
        except ValueError as inner:
            return inner.__context__, inner.__context__.__cause__, error.__notes__


print(overruled(), chained())
try:
    try:
        1 / 0
    finally:
        print("passing")
except ArithmeticError as error:
    print(type(error).__name__, error, error.__traceback__.tb_lineno)


def fails(n):
    if n:
        return fails(n - 1)
    raise LookupError("the end") from None


fails(3)
