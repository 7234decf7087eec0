"""inspect finds source, module and file."""

import inspect
import sys


class Shape:
    """A shape."""

    def area(self):
        return 0  # nothing


print(inspect.getsource(Shape))
print(inspect.getsource(Shape.area), inspect.getmodule(Shape).__name__)
print(inspect.getsourcelines(sys.modules["__main__"])[1])
print(inspect.getdoc(sys.modules["__main__"]), inspect.findsource(Shape)[1])
