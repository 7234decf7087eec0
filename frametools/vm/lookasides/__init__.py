"""Builtins that read frames, answered from the VM's frames.

    names.py      locals vars dir globals
    codes.py      eval exec compile types.FunctionType
    classes.py    __build_class__ super
    objects.py    type getattr setattr hasattr, types.TracebackType, weakref.ref
    stack.py      sys._getframe and its kin, the recursion limit
    warn.py       warnings.warn with a stacklevel
    collector.py  gc.get_referrers, gc.get_objects, sys.getsizeof
    signals.py    signal.signal and signal.getsignal
    threads.py    _thread.start_new_thread and its kin: their frames are the VM's

Each is declared with `calling.lookaside(builtin)`; it is called with the frame that
calls and the arguments, and returns the result, or NULL to have the builtin itself
called after all: above all where it is the one to word the error.
"""

from __future__ import annotations

from frametools.vm.lookasides import (
    classes,
    codes,
    collector,
    names,
    objects,
    signals,
    stack,
    threads,
    warn,
)

__all__ = [
    "classes",
    "codes",
    "collector",
    "names",
    "objects",
    "signals",
    "stack",
    "threads",
    "warn",
]
