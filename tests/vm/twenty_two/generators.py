"""Generators: send, throw, close, yield from and its value."""


def inner():
    got = []
    try:
        while True:
            got.append((yield len(got)))
    except KeyError as error:
        yield f"threw {error}"
    finally:
        print("inner ends", got)
    return "result"


def outer():
    value = yield from inner()
    print("value of yield from:", value)
    yield from [1, 2]
    return "outer"


gen = outer()
print(next(gen), gen.send("a"), gen.send("b"), gen.throw(KeyError("k")))
print(next(gen), next(gen))
try:
    next(gen)
except StopIteration as stop:
    print("stopped with", stop.value)
other = outer()
next(other)
other.close()
print(other.gi_frame, list(other))


def fails():
    yield 1
    raise StopIteration(2)


try:
    list(fails())
except RuntimeError as error:
    print(error, repr(error.__cause__))
print(sum(x * y for x in range(5) for y in range(x)))
