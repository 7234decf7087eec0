"""Small programs with generators: each returns what it saw."""

import contextlib
import copy
import gc
import sys
import warnings
import weakref


def count(n):
    for i in range(n):
        yield i


def fails(function, *args):
    """Return the type and text of what a call raises, or its result."""
    try:
        return function(*args)
    except BaseException as error:
        return type(error).__name__, str(error), repr(error.__context__)


def iterate():
    return [x * 2 for x in count(4)], list(count(3)), sum(count(5)), [*count(2)]


def expression():
    return list(x for x in range(5) if x % 2), any(x == 2 for x in range(3))


def send_values():
    def echo():
        seen = []
        while len(seen) < 3:
            seen.append((yield len(seen)))
        return seen

    gen = echo()
    found = [next(gen), gen.send("a"), gen.send(None)]
    try:
        gen.send("c")
    except StopIteration as stop:
        found.append(stop.value)
    return found, fails(next, gen), fails(gen.send, 1)


def delegate():
    def inner():
        got = yield 1
        yield got
        return "inner"

    def outer():
        result = yield from inner()
        yield result
        yield from [7, 8]
        return result

    gen = outer()
    found = [
        next(gen),
        gen.gi_yieldfrom.__name__,
        gen.send(5),
        next(gen),
        gen.gi_yieldfrom,
    ]
    found += list(gen)
    return found


def delegate_deep():
    def nest(n):
        if n:
            yield from nest(n - 1)
        yield n

    return list(nest(60))


def throw_in():
    def catch():
        while True:
            try:
                yield "ready"
            except ValueError as error:
                yield "caught", str(error), sys.exception() is error

    gen = catch()
    next(gen)
    found = [gen.throw(ValueError("x")), sys.exception(), next(gen)]
    return found, fails(gen.throw, KeyError), fails(next, gen), gen.gi_frame


def throw_through():
    log = []

    def inner():
        try:
            yield 1
        except KeyError:
            log.append("inner")
            return "returned"

    def outer():
        log.append((yield from inner()))
        try:
            yield from inner()
        finally:
            log.append("finally")

    gen = outer()
    next(gen)
    log.append(gen.throw(KeyError("k")))
    return log, fails(gen.throw, OSError("o")), log


def throw_unstarted():
    gen = count(3)
    return (
        fails(gen.throw, KeyError(1)),
        fails(next, gen),
        fails(gen.throw, KeyError(2)),
    )


def throw_wrongly():
    gen = count(3)
    return [
        fails(gen.throw),
        fails(gen.throw, 5),
        fails(gen.send, 5),
        fails(gen.send),
        fails(gen.close, 1),
        fails(gen.throw, 1, 2, 3, 4),
    ]


def throw_with_three():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = [
            fails(count(1).throw, ValueError, (1, 2)),
            fails(count(1).throw, ValueError, ValueError(3), None),
            fails(count(1).throw, ValueError(1), 2),
            fails(count(1).throw, ValueError, 1, "no traceback"),
        ]
    return found, [(str(w.message), w.filename, w.lineno) for w in caught]


def throw_context():
    def handle():
        try:
            raise KeyError("handled")
        except KeyError:
            yield

    gen = handle()
    next(gen)
    try:
        raise OSError("of the caller")
    except OSError:
        return fails(gen.throw, ValueError("thrown"))


def handled_exceptions():
    def handle():
        found = [repr(sys.exception())]
        try:
            raise KeyError("mine")
        except KeyError:
            found.append(repr(sys.exception()))
            yield found
            found.append(repr(sys.exception()))
        found.append(repr(sys.exception()))
        yield found

    gen = handle()
    try:
        raise OSError("yours")
    except OSError:
        next(gen)
        before = repr(sys.exception())
    after = repr(sys.exception())
    return before, after, next(gen)


def close_it():
    log = []

    def closing():
        try:
            yield 1
            yield 2
        except GeneratorExit:
            log.append("exit")
            return "result"
        finally:
            log.append("finally")

    gen = closing()
    found = [count(1).close(), next(gen), gen.close(), gen.close()]
    return found, log, gen.gi_frame, gen.gi_code.co_name


def close_ignored():
    def stubborn():
        while True:
            with contextlib.suppress(GeneratorExit):
                yield 1

    gen = stubborn()
    next(gen)
    found = fails(gen.close)
    hook, sys.unraisablehook = sys.unraisablehook, lambda args: None
    try:
        del gen
    finally:
        sys.unraisablehook = hook
    return found


def close_delegated():
    log = []

    class Iterator:
        def __iter__(self):
            return self

        def __next__(self):
            return 1

        def close(self):
            log.append("closed")

    def outer():
        try:
            yield from Iterator()
        except GeneratorExit:
            log.append("exit")
            raise

    gen = outer()
    next(gen)
    gen.close()
    return log


def already_executing():
    def selfish():
        yield fails(lambda: next(gen)), fails(gen.close), fails(gen.throw, KeyError)
        yield gen.gi_running, gen.gi_suspended, gen.gi_frame is not None
        for _ in gen:
            pass

    gen = selfish()
    return next(gen), next(gen), fails(next, gen), gen.gi_running, gen.gi_suspended


def states():
    gen = count(1)
    found = [(gen.gi_running, gen.gi_suspended, gen.gi_frame is None)]
    next(gen)
    found.append((gen.gi_running, gen.gi_suspended, gen.gi_frame.f_lineno))
    found.append(gen.gi_frame.f_locals)
    next(gen, None)
    found.append((gen.gi_running, gen.gi_suspended, gen.gi_frame))
    return found


def stop_iteration_wrapped():
    def stops():
        yield 1
        raise StopIteration("x")

    try:
        list(stops())
    except RuntimeError as error:
        return str(error), repr(error.__cause__), repr(error.__context__)


def names():
    gen = count(1)
    gen.__name__, gen.__qualname__ = "other", "a.b"
    return [
        gen.__name__,
        repr(gen).split(" at ")[0],
        fails(setattr, gen, "__name__", 1),
        fails(delattr, gen, "__qualname__"),
        fails(setattr, gen, "gi_frame", 1),
        fails(setattr, gen, "gi_code", 1),
        fails(setattr, gen, "other", 1),
        fails(lambda: gen.other),
        fails(copy.copy, gen),
        type(gen).__name__,
        isinstance(gen, type(x for x in ())),
        sorted(name for name in dir(gen) if not name.startswith("__")),
        type(gen).send(gen, None),
    ]


def dropped_half_way():
    gc.disable()
    try:
        log = []

        class Token:
            pass

        def holds():
            token = Token()
            refs.append(weakref.ref(token))
            try:
                yield token
            finally:
                log.append("finally")

        refs = []
        gen = holds()
        next(gen)
        frame_ref = gen.gi_frame.f_lineno
        gone = weakref.ref(gen)
        del gen
        dropped = gone() is None, refs[0]() is None, log.copy()
        gen = holds()
        list(gen)
        finished = refs[1]() is None, log.copy()
        for _ in holds():
            break
        return dropped, finished, refs[2]() is None, frame_ref > 0
    finally:
        gc.enable()


def dropped_unstarted():
    gc.disable()
    try:

        class Token:
            pass

        def holds(token):
            yield token

        token = Token()
        gone = weakref.ref(token)
        gen = holds(token)
        del token
        held = gone() is not None
        del gen
        return held, gone() is None
    finally:
        gc.enable()


def unraisable():
    def bad():
        try:
            yield
        finally:
            raise KeyError("in finally")

    found = []

    def hook(args):
        named = args.object is None or type(args.object).__name__
        message = args.err_msg and args.err_msg.split("<")[0]
        found.append((repr(args.exc_value), message, named))

    before, sys.unraisablehook = sys.unraisablehook, hook
    try:
        gen = bad()
        next(gen)
        del gen
    finally:
        sys.unraisablehook = before
    return found


def resurrected():
    kept = []

    def saves():
        try:
            yield 1
        finally:
            kept.append(box[0])

    box = [saves()]
    next(box[0])
    gen = box[0]
    box[0] = gen
    gen.close()
    return len(kept), kept[0] is gen, gen.gi_frame


def natively():
    @contextlib.contextmanager
    def manager():
        try:
            yield "value"
        except ValueError:
            log.append("suppressed")

    log = []
    with manager() as value:
        log.append(value)
        raise ValueError
    return log, max(count(4)), dict(zip(count(2), "ab")), list(map(str, count(2)))


def traceback_lines():
    def inner():
        yield 1
        1 / 0

    def outer():
        yield from inner()

    found = []
    try:
        list(outer())
    except ZeroDivisionError as error:
        entry = error.__traceback__
        while entry is not None:
            found.append((entry.tb_frame.f_code.co_name, entry.tb_lineno))
            entry = entry.tb_next
    return found


def frame_back():
    def shows():
        yield sys._getframe().f_back.f_code.co_name

    def outer():
        yield from shows()

    return next(shows()), list(outer()), [*outer()]


def last_instructions():
    async def coro():
        pass

    def delegating():
        yield from count(2)

    gen, outer, waiting = count(2), delegating(), coro()
    frame = gen.gi_frame
    found = [frame.f_lasti, frame.f_lineno, waiting.cr_frame.f_lasti]
    waiting.close()
    for _ in gen, outer:
        next(gen)
        found += [frame.f_lasti, frame.f_lineno]
    next(outer)
    found += [outer.gi_frame.f_lasti, outer.gi_frame.f_lineno]
    return found
