"""Functions of __main__ run in processes made by spawn."""

import multiprocessing
import os
import sys


def square(n):
    return n * n


def speak(queue):
    queue.put((__name__ == "__main__", len(sys.argv), os.path.basename(__file__)))


if __name__ == "__main__":
    print("top level", __name__)
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        print(pool.map(square, range(5)))
    queue = context.SimpleQueue()
    process = context.Process(target=speak, args=(queue,))
    process.start()
    print(queue.get())
    process.join()
    print(process.exitcode)
