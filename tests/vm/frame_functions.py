"""Functions about frames, run natively and in the VM by the tests beside this file."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import traceback
import types
import warnings
import weakref


def _said(act, *args):
    """Return what an act returns, or what it raises, in words."""
    try:
        return repr(act(*args))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _words(text):
    return [word for word in str(text).split() if not word.startswith("0x")]


# Frame objects


def attributes():
    frame = sys._getframe()
    return [
        _words(repr(frame))[2:],
        type(frame) is types.FrameType,
        isinstance(frame, types.FrameType),
        type(frame).__name__,
        frame.f_code is attributes.__code__,
        frame.f_globals is globals(),
        frame.f_builtins["len"] is len,
        frame.f_lineno - frame.f_code.co_firstlineno,
        frame.f_lasti,
        frame.f_trace,
        frame.f_trace_lines,
        frame.f_trace_opcodes,
        sys._getframe() is frame,
        frame.__sizeof__(),
        [name for name in dir(frame) if name.startswith("f_")],
        getattr(frame, "f_generator", 0),
    ]


def refusals():
    frame = sys._getframe()
    found = []
    for name in ("f_code", "f_back", "f_locals", "f_lasti", "f_trace_lines", "other"):
        found.append(_said(setattr, frame, name, 3))
        found.append(_said(delattr, frame, name))
    found.append(_said(setattr, frame, "f_trace_opcodes", 3))
    found.append(_said(delattr, frame, "f_lineno"))
    for act in (pickle.dumps, copy.copy, weakref.ref, types.FrameType):
        found.append(_said(act, frame))
    return found


def back():
    def inner():
        frame = sys._getframe()
        return [
            frame.f_back.f_code.co_name,
            frame.f_back is sys._getframe(1),
            sys._getframe(1).f_lineno - sys._getframe(1).f_code.co_firstlineno,
            _said(sys._getframe, "x"),
        ]

    return inner(), sorted([1], key=lambda _: 0) and inner()


def back_through_native_code():
    def key(_value):
        names.append(sys._getframe(1).f_code.co_name)
        return 0

    names = []
    sorted([1, 2], key=key)
    list(map(key, [1]))
    return names


def outlives_its_run():
    def inner(value):
        other = value + 1
        return sys._getframe()

    frame = inner(1)
    return [
        frame.f_locals == {"value": 1, "other": 2},
        frame.f_back is sys._getframe(),
        frame.f_lineno - frame.f_code.co_firstlineno,
        _said(frame.clear),
        frame.f_locals == {},
        _said(sys._getframe().clear),
    ]


def generator_frame():
    def numbers():
        local = 1
        yield sys._getframe()
        yield local

    gen = numbers()
    created = gen.gi_frame
    found = [created.f_back, created.f_lasti >= 0, _words(repr(created))[2:]]
    frame = next(gen)
    found += [frame is created, frame.f_back, dict(frame.f_locals), frame.f_lineno > 0]
    if sys.version_info >= (3, 14):
        found.append(frame.f_generator is gen)
    found += [_said(frame.clear), type(next(gen, None)), _said(list, gen), gen.gi_frame]
    found += [_said(frame.clear), frame.f_locals == {}]
    found.append(frame.f_back and frame.f_back.f_code.co_name)
    if sys.version_info >= (3, 14):
        found.append(frame.f_generator)
    return found


def clear_of_created():
    def numbers(value):
        yield value

    gen = numbers(3)
    return _said(gen.gi_frame.clear), _said(list, gen)


def clear_frames_of_traceback():
    class Value:
        pass

    def inner():
        value = Value()
        dead.append(weakref.ref(value))
        raise ValueError(1)

    dead = []
    try:
        inner()
    except ValueError as error:
        caught = error
    found = [dead[0]() is None, caught.__traceback__.tb_next.tb_frame.f_code.co_name]
    traceback.clear_frames(caught.__traceback__)
    gc.collect()
    return [*found, dead[0]() is None]


def traceback_frames():
    def inner():
        local = 5
        raise ValueError(local)

    try:
        inner()
    except ValueError as error:
        entry = error.__traceback__
        found = [
            entry.tb_frame is sys._getframe(),
            entry.tb_next.tb_frame.f_locals["local"],
        ]
        found.append(entry.tb_next.tb_frame.f_back is sys._getframe())
        made = types.TracebackType(None, sys._getframe(), 0, 1)
        found.append(made.tb_frame is sys._getframe())
        found.append(entry.tb_frame is sys._getframe())
        return found


def module_frame():
    namespace = {"sys": sys}
    exec("frame = sys._getframe(); same = frame.f_locals is globals()", namespace)
    frame = namespace["frame"]
    return [
        namespace["same"],
        frame.f_locals is namespace,
        frame.f_back.f_code.co_name,
        frame.f_code.co_name,
        frame.f_code.co_filename,
    ]


def no_frame_is_kept():
    class Value:
        pass

    def inner(value):
        sys._getframe().f_locals  # noqa: B018
        sys._getframe().f_back.f_lineno  # noqa: B018
        return weakref.ref(value)

    return inner(Value())() is None


# f_locals


def locals_are():
    first, second = 1, 2
    frame = sys._getframe()
    found = [sorted(frame.f_locals), type(frame.f_locals).__name__]
    found += [frame.f_locals is frame.f_locals, locals() is locals()]
    frame.f_locals["first"] = 5
    found += [first, frame.f_locals["first"]]
    frame.f_locals["extra"] = 6
    found += ["extra" in frame.f_locals, "extra" in locals(), sorted(locals())]
    del second
    return [*found, "second" in frame.f_locals]


def locals_of_cells():
    outer = 1

    def inner(argument):
        held = argument
        found = [sorted(locals()), sys._getframe().f_locals["outer"]]

        def innermost():
            return held, argument

        sys._getframe().f_locals["outer"] = 2
        sys._getframe().f_locals["held"] = 3
        return found, innermost(), outer, sys._getframe(1).f_locals["outer"]

    return inner(7), outer


def snapshots_differ():
    first = 1
    before = locals()
    first = 2
    after = locals()
    return before["first"], after["first"], before is after


PROXY_ACTS = (
    "p['zz']", "p[[]]", "p[1]", "p.__delitem__('a')", "p.__delitem__('x')",
    "p.__setitem__([], 1)", "p.get()", "p.get([])", "p.get('a')", "p.get('no', 4)",
    "[] in p", "'a' in p", "p.setdefault()", "p.setdefault('nn')", "p.setdefault('a', 3)",
    "p.update()", "p.update(3)", "p.update(1, 2)", "p.update(a=1)", "p | 3",
    "p | {'q': 1} == {**p, 'q': 1}", "type({'q': 1} | p)", "p.__ior__(3)",
    "p == dict(p)", "p == frame.f_locals", "hash(p)", "type(reversed(p))",
    "type(iter(p))", "type(p.keys())", "type(p.values())", "type(p.items())", "len(p)",
    "type(p)()", "type(p)(frame) == p", "type(p)(3)", "type(p.copy())", "p < p",
    "bool(p)", "p.__setitem__(1, 2)", "list(p)", "p.__delitem__(1)", "list(p)",
    "p.update({'a': 9, 'new': 1})", "list(p.items())", "p != 3", "copy.copy(p)",
    "pickle.dumps(p)", "p.pop()", "p.pop('a')", "p.pop('new')", "p.pop('no', 4)",
    "list(reversed(p))", "repr(p)", "isinstance(p, __import__('typing').Mapping)",
)  # fmt: skip


def proxy_acts():
    def inner():
        a, b = 1, 2
        return sys._getframe()

    frame = inner()
    names = {"p": frame.f_locals, "frame": frame, "copy": copy, "pickle": pickle}
    return [(act, _said(eval, act, names)) for act in PROXY_ACTS]


def proxy_matches():
    value = 3
    match sys._getframe().f_locals:
        case {"value": found}:
            return found, value


CLASS_BODY = """
class Body:
    value = 1
    frame_locals = sys._getframe().f_locals
    same = frame_locals is locals()
    names = [sorted(n for n in locals() if n in "x value .0") for x in (1,)]
outer = [sorted(n for n in locals() if n in "x outer .0") for x in (1,)]
"""


def locals_of_class_body():
    namespace = {"sys": sys}
    exec(CLASS_BODY, namespace)
    body = namespace["Body"]
    return body.same, body.names, namespace["outer"]


# Builtins that read frames


def evals():
    value = 2
    names = {"value": 30}
    found = [eval("value + 1"), eval(" \tvalue", names), eval("value", {}, names)]
    found += [eval(compile("value", "<c>", "eval")), eval(b"value")]
    exec("value = 9; other = value")
    found += [value, _said(eval, "other")]
    exec("new = value * 2", names)
    found += [names["new"], "__builtins__" in names]
    for arguments in ((), (1,), ("1", 2), ("1", {}, 2), ("1 +",), ("1", {}, {}, {})):
        found += [_said(eval, *arguments), _said(exec, *arguments)]
    code = compile("sys._getframe().f_back.f_code.co_name", "<c>", "eval")
    found.append(eval(code))
    found.append(_said(eval, "\n 1"))
    return found


def exec_with_closure():
    held = 1

    def inner():
        nonlocal held
        held += 1

    exec(inner.__code__, globals(), closure=inner.__closure__)
    cells = inner.__closure__
    found = [held, _said(exec, inner.__code__), _said(eval, inner.__code__)]
    exec_it = lambda closure, code=inner.__code__: exec(code, closure=closure)  # noqa: E731
    return [*found, _said(exec_it, ()), _said(exec_it, cells, "1"), _said(exec_it, [])]


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
        _said(child.dynamic),
        _said(child.deleted),
        _said(Child.bare),
    ]
    return [*found, _said(plain, 1), super(Child, child).name()]


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
    found += [_said(act) for act in (conflict, no_mapping, no_entries, no_cell)]
    build = __builtins__["__build_class__"]
    return [*found, _said(build), _said(build, 1, 2), _said(build, classes, 2)]


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
    found += [_said(setattr, one, "__code__", three.__code__), hasattr(one, "__code__")]
    found += [_said(setattr, one, "__code__", 5), _said(delattr, one, "__code__")]
    made = types.FunctionType(
        three.__code__, globals(), "made", None, three.__closure__
    )
    found += [made(), made.__name__, made.__code__ is three.__code__]
    found += [
        _said(types.FunctionType, three.__code__, globals()),
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
    found += [_said(sys.setrecursionlimit, 0), _said(sys.setrecursionlimit, "x")]
    return [*found, _said(deep, before + 100)]


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
    found.append(_said(warnings.warn, "m", int, 2))
    found.append(_said(lambda: warnings.warn("m", stacklevel="x")))
    return found


def module_names():
    if not hasattr(sys, "_getframemodulename"):
        return []
    found = [
        sys._getframemodulename() == __name__,
        sys._getframemodulename(1) == __name__,
    ]
    return [*found, _said(sys._getframemodulename, "x")]


def current_frames():
    import threading

    frames = sys._current_frames()
    found = [frames[threading.get_ident()] is sys._getframe()]
    try:
        raise ValueError(3)
    except ValueError:
        handled = sys._current_exceptions()[threading.get_ident()]
        return [*found, repr(handled)[:12]]


FRAMES = (
    attributes, refusals, back, back_through_native_code, outlives_its_run,
    generator_frame, clear_of_created, clear_frames_of_traceback, traceback_frames,
    module_frame, no_frame_is_kept,
)  # fmt: skip
LOCALS = (
    locals_are, locals_of_cells, snapshots_differ, proxy_acts, proxy_matches,
    locals_of_class_body,
)  # fmt: skip
BUILTINS = (
    evals, exec_with_closure, inherits_future, supers, classes, function_code, types_are,
    names_seen, recursion_limit, recursion_through_native_code, warns, module_names,
    current_frames,
)  # fmt: skip
