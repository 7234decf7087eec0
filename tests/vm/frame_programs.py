"""Programs that ask frame objects: each returns what it saw."""

import copy
import gc
import pickle
import sys
import traceback
import types
import weakref

from saying import said


def _words(text):
    return [word for word in str(text).split() if not word.startswith("0x")]


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
        found.append(said(setattr, frame, name, 3))
        found.append(said(delattr, frame, name))
    found.append(said(setattr, frame, "f_trace_opcodes", 3))
    found.append(said(delattr, frame, "f_lineno"))
    for act in (pickle.dumps, copy.copy, weakref.ref, types.FrameType):
        found.append(said(act, frame))
    return found


def back():
    def inner():
        frame = sys._getframe()
        return [
            frame.f_back.f_code.co_name,
            frame.f_back is sys._getframe(1),
            sys._getframe(1).f_lineno - sys._getframe(1).f_code.co_firstlineno,
            said(sys._getframe, "x"),
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
        said(frame.clear),
        frame.f_locals == {},
        said(sys._getframe().clear),
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
    found += [said(frame.clear), type(next(gen, None)), said(list, gen), gen.gi_frame]
    found += [said(frame.clear), frame.f_locals == {}]
    found.append(frame.f_back and frame.f_back.f_code.co_name)
    if sys.version_info >= (3, 14):
        found.append(frame.f_generator)
    return found


def clear_of_created():
    def numbers(value):
        yield value

    gen = numbers(3)
    return said(gen.gi_frame.clear), said(list, gen)


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


def frames_that_end_before_they_begin():
    def made():
        yield 1

    def place(frame):
        return frame.f_lineno - frame.f_code.co_firstlineno, frame.f_lasti

    found = []
    for end in (lambda made: made.close(), lambda made: made.throw(KeyError), id):
        generator = made()
        frame = generator.gi_frame
        found.append(place(frame))
        try:
            end(generator)
        except KeyError as error:
            entry = error.__traceback__.tb_next.tb_next
            found.append((place(entry.tb_frame), entry.tb_lasti))
            found.append(entry.tb_lineno - made.__code__.co_firstlineno)
        found.append(place(frame))
        del generator
        found.append(place(frame))
    return found
