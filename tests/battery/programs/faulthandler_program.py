"""faulthandler writes the stack that is there."""

import faulthandler
import sys


def here():
    faulthandler.dump_traceback(all_threads=False)


print(faulthandler.is_enabled())
here()
sys.stderr.flush()
