"""A frame runs until the function returns, raises, or yields."""

from frametools import vm


def returns():
    return 1


def raises():
    raise ValueError


def yields():
    yield 1


def program():
    returns()
    try:
        raises()
    except ValueError:
        pass
    return next(yields())


_, recording = vm.run(program)
left = {
    event.code.qualname: event.kind.name
    for event in recording
    if event.kind.name in ("PY_RETURN", "PY_UNWIND", "PY_YIELD")
}
assert left["returns"] == "PY_RETURN"
assert left["raises"] == "PY_UNWIND"
assert left["yields"] in ("PY_YIELD", "PY_UNWIND")
