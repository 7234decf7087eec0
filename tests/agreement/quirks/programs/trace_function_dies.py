"""A trace function cannot be set by the `__del__` of the one that it replaces."""

import sys

said = []


class Trace:
    def __call__(self, frame, event, arg):
        return None

    def __del__(self):
        try:
            sys.settrace(None)
        except RuntimeError as error:
            said.append(str(error))


sys.settrace(Trace())
sys.settrace(None)
assert said
