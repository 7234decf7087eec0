"""Programs that read and write `f_locals` and `locals()`."""

import copy
import pickle
import sys

from saying import said


def locals_are():
    first, second = 1, 2
    frame = sys._getframe()
    found = [sorted(frame.f_locals), type(frame.f_locals).__name__]
    found += [frame.f_locals is frame.f_locals, locals() is locals()]
    frame.f_locals["first"] = 5
    found += [first, frame.f_locals["first"]]
    frame.f_locals["extra"] = 6
    found += ["extra" in frame.f_locals, "extra" in locals(), sorted(locals())]
    del second
    return [*found, "second" in frame.f_locals]


def locals_of_cells():
    outer = 1

    def inner(argument):
        held = argument
        found = [sorted(locals()), sys._getframe().f_locals["outer"]]

        def innermost():
            return held, argument

        sys._getframe().f_locals["outer"] = 2
        sys._getframe().f_locals["held"] = 3
        return found, innermost(), outer, sys._getframe(1).f_locals["outer"]

    return inner(7), outer


def snapshots_differ():
    first = 1
    before = locals()
    first = 2
    after = locals()
    return before["first"], after["first"], before is after


PROXY_ACTS = (
    "p['zz']", "p[[]]", "p[1]", "p.__delitem__('a')", "p.__delitem__('x')",
    "p.__setitem__([], 1)", "p.get()", "p.get([])", "p.get('a')", "p.get('no', 4)",
    "[] in p", "'a' in p", "p.setdefault()", "p.setdefault('nn')",
    "p.setdefault('a', 3)",
    "p.update()", "p.update(3)", "p.update(1, 2)", "p.update(a=1)", "p | 3",
    "p | {'q': 1} == {**p, 'q': 1}", "type({'q': 1} | p)", "p.__ior__(3)",
    "p == dict(p)", "p == frame.f_locals", "hash(p)", "type(reversed(p))",
    "type(iter(p))", "type(p.keys())", "type(p.values())", "type(p.items())", "len(p)",
    "type(p)()", "type(p)(frame) == p", "type(p)(3)", "type(p.copy())", "p < p",
    "bool(p)", "p.__setitem__(1, 2)", "list(p)", "p.__delitem__(1)", "list(p)",
    "p.update({'a': 9, 'new': 1})", "list(p.items())", "p != 3", "copy.copy(p)",
    "pickle.dumps(p)", "p.pop()", "p.pop('a')", "p.pop('new')", "p.pop('no', 4)",
    "list(reversed(p))", "repr(p)", "isinstance(p, __import__('typing').Mapping)",
)  # fmt: skip


def proxy_acts():
    def inner():
        a, b = 1, 2
        return sys._getframe()

    frame = inner()
    names = {"p": frame.f_locals, "frame": frame, "copy": copy, "pickle": pickle}
    return [(act, said(eval, act, names)) for act in PROXY_ACTS]


def proxy_matches():
    value = 3
    match sys._getframe().f_locals:
        case {"value": found}:
            return found, value


CLASS_BODY = """
class Body:
    value = 1
    frame_locals = sys._getframe().f_locals
    same = frame_locals is locals()
    names = [sorted(n for n in locals() if n in "x value .0") for x in (1,)]
outer = [sorted(n for n in locals() if n in "x outer .0") for x in (1,)]
"""


def locals_of_class_body():
    namespace = {"sys": sys}
    exec(CLASS_BODY, namespace)
    body = namespace["Body"]
    return body.same, body.names, namespace["outer"]
