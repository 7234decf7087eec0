"""__del__ at the end, by order of what is still alive; weakref.finalize too."""

import gc
import sys
import weakref

gc.disable()  # when it would run is nobody's promise


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name, __name__, "__file__" in globals())


class Cycle(Noisy):
    def __init__(self, name):
        super().__init__(name)
        self.me = self


held = Noisy("global")
cycle = Cycle("cycle")
del cycle
sys.noisy = Noisy("in sys")
weakref.finalize(held, print, "finalize")
weakref.finalize(sys.modules["__main__"], print, "__main__ is gone")


def fail():
    local = Noisy("local of the traceback")
    raise ValueError(local.name)


fail()
