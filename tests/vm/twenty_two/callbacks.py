"""Program functions called by native code."""

import functools
import operator
import re
import threading
from collections import defaultdict


class Key:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return self.value > other.value

    def __eq__(self, other):
        return self.value == other.value

    def __hash__(self):
        return hash(self.value)

    def __repr__(self):
        return f"Key({self.value})"


class Missing(dict):
    def __missing__(self, key):
        return f"made {key}"


print(sorted("banana", key=lambda c: (-ord(c), c)), sorted(map(Key, [2, 3, 1])))
print(list(filter(lambda n: n % 2, range(6))), Missing()["k"], {Key(1): 1}[Key(1)])
print(
    functools.reduce(lambda a, b: a * 10 + b, [1, 2, 3]), max([3, 1], key=lambda n: -n)
)
print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "a1 b22"), defaultdict(lambda: 5)[1])
print(functools.partial(lambda *a, **k: (a, k), 1, x=2)(3), "%s" % Key(9))
print(list(iter(iter([1, 2, 0, 3]).__next__, 0)), operator.methodcaller("upper")("a"))
thread = threading.Thread(target=lambda: print("in a thread"))
thread.start()
thread.join()
try:
    sorted([1, 2], key=lambda n: 1 / (n - 1))
except ZeroDivisionError as error:
    tb = error.__traceback__
    while tb:
        print(tb.tb_frame.f_code.co_name, tb.tb_lineno)
        tb = tb.tb_next
