"""`generator.close()` returns what the generator returns on GeneratorExit."""


def generator():
    try:
        yield
    except GeneratorExit:
        return 5


made = generator()
next(made)
assert made.close() == 5
