"""The variables of a generator that has not begun die first to last."""

died = []


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        died.append(self.name)


def generator(a, b, c):
    yield


made = generator(Dies("a"), Dies("b"), Dies("c"))
made.close()
del made
assert died == ["a", "b", "c"], "".join(died)
