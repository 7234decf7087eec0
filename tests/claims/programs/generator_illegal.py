"""A finished generator does not resume; a running one cannot be entered again."""


def gen():
    try:
        next(g)
    except ValueError as error:
        yield str(error)


g = gen()
assert next(g) == "generator already executing"
assert next(g, "over") == "over"
assert next(g, "over") == "over"
