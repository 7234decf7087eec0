"""throw(type, value, traceback) is deprecated."""

import warnings


def generator():
    yield


made = generator()
next(made)
with warnings.catch_warnings(record=True) as found:
    warnings.simplefilter("always")
    try:
        made.throw(ValueError, ValueError(), None)
    except ValueError:
        pass
assert [each.category for each in found] == [DeprecationWarning]
