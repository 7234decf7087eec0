"""A function's locals are read without a dict, its globals with one."""

import dis

x = 1


def local(x):
    return x


def of_module():
    return x


assert any("LOAD_FAST" in i.opname for i in dis.get_instructions(local))
assert any(i.opname == "LOAD_GLOBAL" for i in dis.get_instructions(of_module))
asked = []


class Names(dict):
    def __getitem__(self, key):
        asked.append(key)
        return dict.__getitem__(self, key)


exec("def f(y):\n    return y\nf(2)\n", globals(), Names())
assert "y" not in asked
assert "f" in asked
