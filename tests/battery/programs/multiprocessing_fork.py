"""Functions of __main__ run in processes made by fork."""

import multiprocessing
import os
import sys

print("top level", __name__)


def square(n):
    return n * n


def speak(queue):
    queue.put((__name__ == "__main__", len(sys.argv), os.path.basename(__file__)))


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with context.Pool(2) as pool:
        print(pool.map(square, range(5)))
    queue = context.SimpleQueue()
    process = context.Process(target=speak, args=(queue,))
    process.start()
    print(queue.get())
    process.join()
    print(process.exitcode)
