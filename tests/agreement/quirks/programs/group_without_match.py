"""A group of which an `except*` takes nothing goes on itself."""


class Group(ExceptionGroup):
    def split(self, kind):
        return None, ExceptionGroup("rest", self.exceptions)


raised = Group("whole", [ValueError()])
try:
    try:
        raise raised
    except* KeyError:
        pass
except ExceptionGroup as caught:
    found = caught.message
assert found == "whole", found
