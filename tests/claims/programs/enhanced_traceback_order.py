"""The walk finds the context manager's own frame, run, compute: outermost first."""

from contextlib import contextmanager


@contextmanager
def enhanced_traceback():
    try:
        yield
    except ZeroDivisionError as error:
        entry = error.__traceback__
        while entry is not None:
            frame = entry.tb_frame
            found.append((frame.f_code.co_name, dict(frame.f_locals)))
            entry = entry.tb_next
        del frame


def compute(x):
    result = x / 0
    return result


def run():
    with enhanced_traceback():
        compute(42)


found = []
run()
assert [name for name, _ in found] == ["enhanced_traceback", "run", "compute"]
assert [names for _, names in found[1:]] == [{}, {"x": 42}]
