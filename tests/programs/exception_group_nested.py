"""split, subgroup and derive of nested groups, with subclasses."""

from __future__ import annotations


class Mine(ExceptionGroup):
    def derive(self, errors):
        return Mine(self.message + "'", errors)


def shape(error):
    if error is None or not isinstance(error, BaseExceptionGroup):
        return repr(error)
    return error.message, [shape(e) for e in error.exceptions]


def make():
    inner = Mine("inner", [ValueError(1), OSError(2)])
    return ExceptionGroup("outer", [inner, KeyError(3), ValueError(4)])


def main():
    group = make()
    matched, rest = group.split(ValueError)
    seen = [shape(matched), shape(rest)]
    seen.append(shape(group.subgroup(lambda e: isinstance(e, KeyError))))
    seen.append(shape(group.subgroup(TypeError)))
    try:
        ExceptionGroup("empty", [])
    except ValueError as error:
        seen.append(str(error))
    seen.append(type(BaseExceptionGroup("x", [ValueError()])).__name__)
    return seen
