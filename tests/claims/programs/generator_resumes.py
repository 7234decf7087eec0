"""A generator goes on where it was; it does not start again."""


def gen():
    started.append(1)
    yield 1
    yield 2


started = []
g = gen()
assert [next(g), next(g)] == [1, 2]
assert started == [1]
assert list(g) == []
