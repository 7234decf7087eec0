"""A callee that reads the name, the variables and the globals of its caller."""

from __future__ import annotations

import sys

setting = "global"


def whoami():
    return sys._getframe(1).f_code.co_name


def look_up(name):
    frame = sys._getframe(1)
    for scope in (frame.f_locals, frame.f_globals, frame.f_builtins):
        if name in scope:
            return scope[name]
    raise NameError(name)


def asker(argument):
    local = argument * 2
    found = look_up("argument"), look_up("local"), look_up("setting")
    return found, look_up("len") is len, whoami(), local


class C:
    def method(self):
        return whoami(), type(look_up("self")).__name__


def main():
    try:
        look_up("nowhere")
    except NameError as error:
        missing = error.args
    return asker(3), C().method(), (lambda: whoami())(), missing
