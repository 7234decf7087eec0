"""Small programs with a function `f`, whose events are compared: host and VM."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from frametools.vm.running import execute
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAMS = {
    "fib": """
def fib(n):
    if n<2:
        return n
    return fib(n-1)+fib(n-2)
def f():
    fib(4)
""",
    "loop": """
def f():
    x=0
    for i in range(3):
        if i==1: continue
        x+=i
    while x<5:
        x+=1
    while x<8: x+=1
    for a in (1,2):
        for b in "ab":
            if b=="b": break
    return x
""",
    "exc": """
def g(n):
    if n==0: raise ValueError(1)
    try:
        g(n-1)
    finally:
        n=1
def f():
    try:
        g(2)
    except KeyError:
        pass
    except ValueError as e:
        x=1
    try:
        try:
            1/0
        except ZeroDivisionError:
            raise
    except Exception: pass
    g(0)
""",
    "gen": """
def gen(n):
    for i in range(n):
        yield i
    return 7
def outer():
    x = yield from gen(2)
    yield x
def f():
    for x in outer():
        y=x
    g=gen(3)
    next(g)
    try: g.throw(ValueError)
    except ValueError: pass
    g=gen(3); next(g); g.close()
    sum(gen(3))
    sum(x for x in (1,2))
    list(outer())
""",
    "calls": """
class A:
    def __init__(self,x=1): self.x=x
    def m(self,a): return a
def k(*a,**k): return a
def f():
    a=A()
    a.m(1)
    m=a.m
    m(2)
    len([1])
    [].append(2)
    k(*[1],**{'x':1})
    max(*[1,2])
    k(1,b=2)
    A(x=1)
    sorted([2,1],key=lambda v:-v)
    dict(a=1)
    int("3")
    try: int("x")
    except ValueError: pass
    try: len()
    except TypeError: pass
    try: k.__call__()
    except TypeError: pass
    try: a.m()
    except TypeError: pass
""",
    "with": """
class C:
    def __enter__(self): return 1
    def __exit__(self,*a): return True
def f():
    with C() as c:
        x=1
    with C():
        raise KeyError
    match x:
        case 1: y=2
        case _: y=3
    z=[a for a in range(2) if a]
    assert z, "no"
    a = 1 if z else 2
    return (x and
            y or
            z)
""",
    "coro": """
class Aw:
    def __await__(self):
        yield 1
        return 2
async def agen():
    yield 1
    yield 2
async def c1():
    x = await Aw()
    async for i in agen():
        y=i
    return x
async def c2():
    await c1()
def f():
    co=c2()
    try:
        while True: co.send(None)
    except StopIteration: pass
""",
    "delegating": """
def f():
    def a():
        yield
    def b():
        yield from a()
    next(b())
    [x for x in b()]
""",
    "errors": """
class A:
    def method(self, x):
        return x
class B(A):
    def method(self, x):
        return super(
        ).method(
            x,
            1,
        )
def f():
    try:
        B().method(1)
    except TypeError:
        pass
    try:
        repr(
            1,
            2)
    except TypeError:
        pass
""",
    "super": """
class A:
    def m(self): return 1
class B(A):
    def m(self):
        return super().m()+1
def f():
    B().m()
""",
    "closed": """
def plain():
    yield 1
def f():
    made = plain()
    next(made)
    made.close()
""",
}


def shown(value: object) -> object:
    """Make what events tell comparable between two runs of a program."""
    if isinstance(value, (int, str)) or value is None:
        return value
    if value is getattr(getattr(sys, "monitoring", None), "MISSING", sys):
        return "MISSING"
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, tuple):
        return tuple(shown(each) for each in value)
    return getattr(value, "__name__", None) or type(value).__name__


def on_host(source: str) -> dict[str, Any]:
    """Run a program in plain Python, and return its globals."""
    names: dict[str, Any] = {}
    exec(compile(source, "<program>", "exec"), names)
    return names


def in_vm(source: str, vm: VM | None = None) -> dict[str, Any]:
    """Run a program in a VM, and return its globals."""
    names: dict[str, Any] = {}
    execute(vm or VM(), compile(source, "<program>", "exec"), names)
    return names


def both(source: str, observer: str, *args: object) -> tuple[Any, Any]:
    """Run a program and what observes it, `observe` of `observer`, here and there."""
    results = []
    run: Callable[[str], dict[str, Any]]
    for run in (on_host, in_vm):
        names = run(source + observer)
        results.append(names["observe"](*args))
    return results[0], results[1]
