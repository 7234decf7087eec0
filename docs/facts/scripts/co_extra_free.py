"""The free function of co_extra is called when the code object dies."""

from __future__ import annotations

import ctypes

from _fact import HERE, Fact

FREE = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
FREED: list[int] = []
_free = FREE(FREED.append)


def _functions() -> tuple[object, object]:
    """_PyEval_RequestCodeExtraIndex and _PyCode_SetExtra, by their newer names."""
    api = ctypes.pythonapi
    if HERE < (3, 12):
        return api._PyEval_RequestCodeExtraIndex, api._PyCode_SetExtra
    return api.PyUnstable_Eval_RequestCodeExtraIndex, api.PyUnstable_Code_SetExtra


def see() -> str:
    """Hang a number on a code object, then drop it."""
    request, set_extra = _functions()
    request.restype, request.argtypes = ctypes.c_ssize_t, [FREE]  # type: ignore[attr-defined]
    set_extra.argtypes = [ctypes.py_object, ctypes.c_ssize_t, ctypes.c_void_p]  # type: ignore[attr-defined]
    index = request(_free)  # type: ignore[operator]
    code = compile("1", "dies.py", "eval")
    set_extra(code, index, 1234)  # type: ignore[operator]
    assert not FREED
    del code
    return "called with what was set" if FREED == [1234] else f"called with {FREED}"


FACT = Fact(
    "co_extra's free function at the code's death",
    {(3, 11): "called with what was set"},
    see,
)

if __name__ == "__main__":
    FACT.check()
