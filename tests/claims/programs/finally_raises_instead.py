"""If `finally` raises, the return that waited is replaced by the exception."""


def f():
    try:
        return 1
    finally:
        raise KeyError(2)


try:
    f()
except KeyError as error:
    assert error.args == (2,)
    assert error.__context__ is None
else:
    raise AssertionError
