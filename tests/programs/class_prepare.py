"""__prepare__ gives the namespace that the class body writes into."""

from __future__ import annotations


class Recorder(dict):
    def __setitem__(self, key, value):
        if not key.startswith("__"):
            log.append(("set", key))
        super().__setitem__(key, value)

    def __getitem__(self, key):
        if key == "magic":
            return "from the namespace"
        return super().__getitem__(key)

    def __delitem__(self, key):
        log.append(("del", key))
        super().__delitem__(key)


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **options):
        log.append((name, options))
        return Recorder(options)

    def __new__(mcs, name, bases, namespace, **options):
        return super().__new__(mcs, name, bases, dict(namespace))

    def __init__(cls, name, bases, namespace, **options):
        super().__init__(name, bases, namespace)


class Wrong(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return 3


log = []


def main():
    log.clear()

    class Made(metaclass=Meta, option=5):
        x = option  # noqa: F821
        y = magic  # noqa: F821
        x = 2  # noqa: PIE794
        del x

        def method(self):
            pass

    try:

        class Bad(metaclass=Wrong):
            pass
    except TypeError as error:
        log.append(str(error))
    return Made.y, Made.option, list(log)
