"""20,000 frames, in the main thread and in one with a stack of its own."""

import sys
import threading


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


sys.setrecursionlimit(25_000)
print(down(20_000))
threading.stack_size(256 * 1024 * 1024)
thread = threading.Thread(target=lambda: print(down(20_000)))
thread.start()
thread.join()
