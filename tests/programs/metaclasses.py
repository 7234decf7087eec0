"""A metaclass with __prepare__, __new__, __init__ and __call__."""

from __future__ import annotations


class Registry(type):
    names = []

    @classmethod
    def __prepare__(mcs, name, bases, **kwargs):
        return {"prepared": True}

    def __new__(mcs, name, bases, namespace, **kwargs):
        return super().__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)
        Registry.names.append(name)

    def __call__(cls, *args):
        instance = super().__call__(*args)
        instance.made = True
        return instance


class Base(metaclass=Registry):
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__()
        cls.sub = True


def main():
    Registry.names.clear()

    class One(Base, option=1):
        def __init__(self, value):
            self.value = value

    one = One(4)
    return Registry.names, one.value, one.made, One.sub, One.prepared
