"""CALL tells the function of a bound method."""

from watching import told


class C:
    def method(self):
        pass


bound = C().method


def function():
    bound()


[(_, _, _, called, _)] = told(["CALL"], function)
assert called == C.method
