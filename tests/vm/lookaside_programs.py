"""Programs that call builtins which read frames."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import types
import warnings

from saying import said


def evals():
    value = 2
    names = {"value": 30}
    found = [eval("value + 1"), eval(" \tvalue", names), eval("value", {}, names)]
    found += [eval(compile("value", "<c>", "eval")), eval(b"value")]
    exec("value = 9; other = value")
    found += [value, said(eval, "other")]
    exec("new = value * 2", names)
    found += [names["new"], "__builtins__" in names]
    for arguments in ((), (1,), ("1", 2), ("1", {}, 2), ("1 +",), ("1", {}, {}, {})):
        found += [said(eval, *arguments), said(exec, *arguments)]
    code = compile("sys._getframe().f_back.f_code.co_name", "<c>", "eval")
    found.append(eval(code))
    found.append(said(eval, "\n 1"))
    return found


def exec_with_closure():
    held = 1

    def inner():
        nonlocal held
        held += 1

    exec(inner.__code__, globals(), closure=inner.__closure__)
    cells = inner.__closure__
    found = [held, said(exec, inner.__code__), said(eval, inner.__code__)]
    exec_it = lambda closure, code=inner.__code__: exec(code, closure=closure)  # noqa: E731
    return [*found, said(exec_it, ()), said(exec_it, cells, "1"), said(exec_it, [])]


def inherits_future():
    names = {}
    exec(
        "from __future__ import annotations\ncode = compile('x: no', '', 'exec')", names
    )
    return names["code"].co_flags, compile("x", "", "eval").co_flags


def supers():
    class Base:
        def name(self):
            return "base"

    class Child(Base):
        def name(self):
            return "child of " + super().name()

        def dynamic(self):
            return [super().name() for _ in range(2)], (
                lambda: super(Child, self)
            )().name()

        def deleted(self):
            del self
            return super()

        @staticmethod
        def bare():
            return super()

    def plain(self):
        return super()

    child = Child()
    found = [
        child.name(),
        said(child.dynamic),
        said(child.deleted),
        said(Child.bare),
    ]
    return [*found, said(plain, 1), super(Child, child).name()]


def classes():
    class Meta(type):
        @classmethod
        def __prepare__(mcs, name, bases, **keywords):
            return {"prepared": name, "keywords": keywords}

        def __new__(mcs, name, bases, namespace, **keywords):
            return super().__new__(mcs, name, bases, namespace)

        def __init__(cls, name, bases, namespace, **keywords):
            pass

    class Other(type):
        pass

    class First(metaclass=Meta, flag=1):
        """Doc."""

        def method(self):
            return __class__

    class Second(First):
        pass

    class Entries:
        def __mro_entries__(self, bases):
            return (First,)

    class Third(Entries()):
        pass

    def conflict():
        class Wrong(First, metaclass=Other):
            pass

    def no_mapping():
        class Wrong(metaclass=lambda *a: a):
            pass

        Meta.__prepare__ = classmethod(lambda *a, **k: 5)

        class Wronger(metaclass=Meta):
            pass

    def no_entries():
        class Bad:
            def __mro_entries__(self, bases):
                return [First]

        class Wrong(Bad()):
            pass

    def no_cell():
        class Lost(type):
            def __new__(mcs, name, bases, namespace):
                namespace.pop("__classcell__", None)
                return super().__new__(mcs, name, bases, namespace)

        class Wrong(metaclass=Lost):
            def method(self):
                return __class__

    found = [
        First.prepared,
        First.keywords,
        First.__doc__,
        First.__module__ == __name__,
        First.__qualname__,
        First().method() is First,
        type(Second) is Meta,
        Third.__bases__ == (First,),
        len(Third.__orig_bases__),
    ]
    found += [said(act) for act in (conflict, no_mapping, no_entries, no_cell)]
    build = __builtins__["__build_class__"]
    return [*found, said(build), said(build, 1, 2), said(build, classes, 2)]


def function_code():
    def one():
        return 1

    def two():
        return 2

    held = 3

    def three():
        return held

    found = [
        one.__code__.co_name,
        one.__code__ is one.__code__,
        one.__code__ == two.__code__,
    ]
    one.__code__ = two.__code__
    found += [one(), one.__code__ is two.__code__, one.__name__]
    found += [said(setattr, one, "__code__", three.__code__), hasattr(one, "__code__")]
    found += [said(setattr, one, "__code__", 5), said(delattr, one, "__code__")]
    made = types.FunctionType(
        three.__code__, globals(), "made", None, three.__closure__
    )
    found += [made(), made.__name__, made.__code__ is three.__code__]
    found += [
        said(types.FunctionType, three.__code__, globals()),
        copy.copy(one) is one,
    ]
    changed = types.FunctionType(one.__code__.replace(co_name="new"), globals())
    return [
        *found,
        changed(),
        changed.__name__,
        pickle.loads(pickle.dumps(supers)) is supers,
    ]


def types_are():
    gen = (n for n in ())
    frame = sys._getframe()
    return [
        type(gen) is types.GeneratorType,
        type(frame) is types.FrameType,
        type(type) is type,
        type("Made", (), {}).__module__ == __name__,
        type(frame.f_locals) is type(sys._getframe().f_locals),
        frame.__class__ is types.FrameType,
    ]


def names_seen():
    first = 1
    return [dir(), sorted(vars()), first, globals() is sys._getframe().f_globals]


def recursion_limit():
    before = sys.getrecursionlimit()

    def deep(n):
        return n if n == 0 else deep(n - 1)

    try:
        sys.setrecursionlimit(before + 500)
        found = [sys.getrecursionlimit() - before, deep(before + 200)]
    finally:
        sys.setrecursionlimit(before)
    found += [said(sys.setrecursionlimit, 0), said(sys.setrecursionlimit, "x")]
    return [*found, said(deep, before + 100)]


class Compared:
    def __eq__(self, other):
        return self == other


class Begun:
    def __init__(self):
        Begun()


def recursion_through_native_code():
    def through_sorted(_value):
        return sorted([1], key=through_sorted)

    def through_repr():
        class Shown:
            def __repr__(self):
                return repr(self)

        return repr(Shown())

    found = []
    for act in (
        lambda: through_sorted(0),
        lambda: Compared() == 1,
        Begun,
        through_repr,
    ):
        try:
            act()
        except RecursionError:
            found.append("RecursionError")
    return found


def warns():
    def inner(level, **more):
        warnings.warn("careful", stacklevel=level, **more)

    def outer(level, **more):
        inner(level, **more)

    found = []
    for level in (1, 2, 3, 10_000):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            outer(level)
        first = sys._getframe().f_code.co_firstlineno
        found.append((caught[0].lineno - first, caught[0].category, caught[0].filename))
    found.append(said(warnings.warn, "m", int, 2))
    found.append(said(lambda: warnings.warn("m", stacklevel="x")))
    return found


def module_names():
    if not hasattr(sys, "_getframemodulename"):
        return []
    found = [
        sys._getframemodulename() == __name__,
        sys._getframemodulename(1) == __name__,
    ]
    return [*found, said(sys._getframemodulename, "x")]


def current_frames():
    import threading

    frames = sys._current_frames()
    found = [frames[threading.get_ident()] is sys._getframe()]
    try:
        raise ValueError(3)
    except ValueError:
        handled = sys._current_exceptions()[threading.get_ident()]
        return [*found, repr(handled)[:12]]


def tracked_frames():
    def running():
        frame = sys._getframe()
        return frame, gc.is_tracked(frame), any(o is frame for o in gc.get_objects())

    def suspended():
        yield sys._getframe()

    frame, *found = running()
    found += [gc.is_tracked(frame), any(o is frame for o in gc.get_objects())]
    gen = suspended()
    frame = next(gen)
    found.append(gc.is_tracked(frame))
    found += gen
    found += [gc.is_tracked(frame), gc.is_tracked(1), gc.is_tracked([])]
    return [*found, said(gc.is_tracked), said(gc.is_tracked, frame, frame)]
