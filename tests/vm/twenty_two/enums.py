"""enum: members, aliases, flags, auto, methods, lookups that fail."""

from enum import Enum, Flag, IntEnum, StrEnum, auto, unique


class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    @property
    def lower(self):
        return self.name.lower()

    @classmethod
    def _missing_(cls, value):
        return cls.GREEN if value == "g" else None


class Level(IntEnum):
    LOW = auto()
    HIGH = auto()


class Mode(Flag):
    R = auto()
    W = auto()
    RW = R | W


class Word(StrEnum):
    HELLO = auto()


print(
    list(Color), Color.CRIMSON is Color.RED, Color["RED"], Color("g"), Color.RED.lower
)
print(Level.HIGH + 1, sorted(Level, reverse=True), Mode.R | Mode.W, Mode.W in Mode.RW)
print(~Mode.R, Word.HELLO, f"{Word.HELLO:>8}", repr(Mode(0)), list(Mode.RW))
for bad in (lambda: Color(7), lambda: Color["NO"], lambda: setattr(Color, "RED", 2)):
    try:
        bad()
    except (ValueError, KeyError, AttributeError) as error:
        print(type(error).__name__, error)
try:

    @unique
    class Twice(Enum):
        A = 1
        B = 1
except ValueError as error:
    print(error)
