"""The example: an error's text that names the caller and its line."""

import inspect


def validate_positive(value, *, _caller_depth=1):
    if value <= 0:
        caller = inspect.stack()[_caller_depth]
        raise ValueError(f"got {value!r} from {caller.function}():{caller.lineno}")
    return value


def process_items(count):
    validate_positive(count)


try:
    process_items(-5)
except ValueError as error:
    assert str(error) == "got -5 from process_items():14"
else:
    raise AssertionError
