"""The example g3 yields 1, 2, 3, 4, 5, 6, 4, 100, and is then over."""


def g3():
    try:
        yield 1
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        yield 2
        try:
            yield 3
            import no  # noqa: F401
        except ModuleNotFoundError:
            for i in range(3):
                yield i + 4
            yield 4
        finally:
            yield 100


gg = g3()
assert list(gg) == [1, 2, 3, 4, 5, 6, 4, 100]
assert gg.gi_frame is None
