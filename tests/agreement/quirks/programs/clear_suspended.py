"""`frame.clear()` refuses the frame of a suspended generator."""


def generator():
    yield


made = generator()
next(made)
try:
    made.gi_frame.clear()
except RuntimeError:
    refuses = True
else:
    refuses = False
assert refuses
