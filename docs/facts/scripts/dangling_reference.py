"""`gen_dealloc` clears the weak references to a generator before its finalizer runs.

One that is made in there is not cleared when the generator is freed, nor is its
callback called: it points at what was a generator. To use or drop it may crash.
"""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import gc, os, types, weakref
made, called = [], []
def generate():
    try:
        yield
    finally:
        for found in gc.get_objects():
            if type(found) is types.GeneratorType and found.gi_running:
                made.append(weakref.ref(found, called.append))
def drop(generator):
    next(generator)
drop(generate())
gc.collect()
print("made", len(made), "cleared", len(called), flush=True)
os._exit(0)  # the reference is never dropped
"""

FACT = Fact(
    "weak references to a generator made while its finalizer runs",
    {(3, 11): "made 1 cleared 0"},
    lambda: python(CODE),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
