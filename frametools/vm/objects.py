"""Stand-in until helper B's objects are here."""


class generator:
    frame = None


def resume(gen, frame):
    raise NotImplementedError


def finish(frame):
    pass


def get_yield_from_iter(frame, iterable):
    return iter(iterable)
