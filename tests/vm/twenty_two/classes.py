"""Classes: super(), metaclass, __prepare__, descriptors, slots."""


class Meta(type):
    @classmethod
    def __prepare__(cls, name, bases, **kwargs):
        print("prepare", name, kwargs)
        return {"prepared": name}

    def __new__(cls, name, bases, space, **kwargs):
        return super().__new__(cls, name, bases, dict(space))

    def __init__(cls, name, bases, space, **kwargs):
        super().__init__(name, bases, space)
        print("made", name, [base.__name__ for base in bases])


class Base(metaclass=Meta, option=1):
    def __init__(self, value):
        self.value = value

    def hello(self):
        return f"{__class__.__name__} {self.value}"

    def __init_subclass__(cls, /, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.tag = tag


class Left(Base, tag="left"):
    def hello(self):
        return "L" + super().hello()


class Right(Base):
    def hello(self):
        return "R" + super(Right, self).hello()


class Both(Left, Right):
    __slots__ = ("extra",)

    @property
    def double(self):
        return self.value * 2

    @double.setter
    def double(self, value):
        self.value = value // 2

    @staticmethod
    def static(x):
        return x + 1

    @classmethod
    def make(cls, value):
        return cls(value)

    def __getattr__(self, name):
        return f"no {name}"


it = Both.make(21)
it.double = 84
print(it.hello(), it.double, it.static(1), it.other, Both.prepared, Left.tag)
print([c.__name__ for c in Both.__mro__], Both.hello.__qualname__)
