"""An object of a class in __main__ goes through pickle."""

import pickle


class Point:
    def __init__(self, x):
        self.x = x


copy = pickle.loads(pickle.dumps(Point(3)))
print(type(copy) is Point, copy.x, b"__main__" in pickle.dumps(copy))
