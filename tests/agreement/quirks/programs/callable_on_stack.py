"""The callable is pushed before its self or NULL."""

import dis

from watching import told


def called():
    pass


def calling_c(args=("four",)):
    len(*args)


def function(local=called):
    local()


[(_, _, _, shown, _)] = told(["CALL"], calling_c)
assert shown is len, "CALL tells another"
names = [each.opname for each in dis.get_instructions(function)]
pushed = next(at for at, name in enumerate(names) if name.startswith("LOAD_FAST"))
assert pushed < names.index("PUSH_NULL")
