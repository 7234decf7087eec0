"""The context manager's walk along the traceback finds compute before run."""

from contextlib import contextmanager


@contextmanager
def enhanced_traceback():
    try:
        yield
    except ZeroDivisionError as error:
        entry = error.__traceback__
        while entry is not None:
            names.append(entry.tb_frame.f_code.co_name)
            entry = entry.tb_next


def compute(x):
    return x / 0


def run():
    with enhanced_traceback():
        compute(42)


names = []
run()
assert names[1:] == ["compute", "run"]
