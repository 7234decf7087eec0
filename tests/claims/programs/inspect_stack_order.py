"""inspect.stack() lists the frames from the innermost to the module's."""

import inspect


def deep_call():
    return [(info.function, info.lineno) for info in inspect.stack()]


def middle():
    return deep_call()


def top():
    return middle()


found = top()
assert found == [("deep_call", 7), ("middle", 11), ("top", 15), ("<module>", 18)]
