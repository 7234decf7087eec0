"""A traceback: one entry for each frame that was left, outermost first."""


def a():
    b()


def b():
    c()


def c():
    1 / 0  # noqa: B018


try:
    a()
except ZeroDivisionError as error:
    entry = error.__traceback__
found = []
while entry is not None:
    code = entry.tb_frame.f_code
    found.append((code.co_name, entry.tb_lineno, entry.tb_lasti >= 0))
    entry = entry.tb_next
assert found == [
    ("<module>", 17, True),
    ("a", 5, True),
    ("b", 9, True),
    ("c", 13, True),
]
