"""The group that `except*` makes of an exception has a traceback."""

try:
    raise ValueError
except* ValueError as group:
    entry = group.__traceback__
assert entry is not None
