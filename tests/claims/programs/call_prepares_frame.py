"""A call puts the arguments into localsplus and starts at the first instruction."""

from frametools import vm


def callee(x, y):
    return x - y


def caller():
    return callee(5, 3)


begun = [s for s in vm.steps(caller) if s.before.code.qualname == "callee"]
assert begun[0].instruction.offset == 0
assert begun[0].before.localsplus[:2] == ("5", "3")
assert begun[0].before.stack == ()
assert [f.code.qualname for f in begun[0].frames] == ["caller", "callee"]
