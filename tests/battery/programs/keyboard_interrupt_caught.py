"""SIGINT that the program handles; later a subclass is not handled."""

import os
import signal


class Stop(KeyboardInterrupt):
    pass


try:
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(10**6):
        pass
except KeyboardInterrupt as error:
    print("caught", repr(error))
raise Stop("mine")
