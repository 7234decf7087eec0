"""It says "an suspended frame"."""


def generator():
    yield


made = generator()
next(made)
try:
    made.gi_frame.clear()
except RuntimeError as error:
    said = str(error)
assert said == "cannot clear an suspended frame", said
