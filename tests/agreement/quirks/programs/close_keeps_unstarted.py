"""close() of a generator that has not begun leaves its variables to it."""

alive = [1]


class Value:
    def __del__(self):
        alive.clear()


def generator(value):
    yield value


made = generator(Value())
made.close()
assert alive
del made
assert not alive
