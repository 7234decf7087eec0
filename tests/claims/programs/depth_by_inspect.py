"""len(inspect.stack()) - 1 is the depth, 0 for a module: 3 in c -> b -> a."""

import inspect


def current_depth():
    return len(inspect.stack()) - 1


def a():
    return current_depth()


def b():
    return a()


def c():
    return b()


assert (current_depth(), a(), c()) == (0, 1, 3)
