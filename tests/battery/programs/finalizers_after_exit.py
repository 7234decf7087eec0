"""__del__ of what the frames of a SystemExit hold."""

import sys


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name, __name__, "__file__" in globals())


held = Noisy("global")


def leave():
    local = Noisy("local")
    sys.exit(len(local.name) + 1)


leave()
