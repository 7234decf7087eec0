"""No `from __future__` of the launcher reaches the program."""


def function(x: int) -> str:
    return ""


print(function.__annotations__, function.__code__.co_flags & 0xFFF0000)
