"""Questions about one object: why is it alive, will it be freed at once."""

from __future__ import annotations

from typing import Any

from frametools.retention.groups.cycles import ways_round
from frametools.retention.groups.graph import Graph
from frametools.retention.groups.grouping import members_of
from frametools.retention.heap.census import is_kept
from frametools.retention.heap.references import IMMORTAL, references
from frametools.retention.holders.edges import is_exception, label, type_name
from frametools.retention.holders.search import Search
from frametools.retention.holders.unseen import references as counted
from frametools.retention.leaks import Holder


def why(obj: object, /) -> list[Holder]:
    """Return what keeps an object alive, the most understandable first.

    Each is a path from something that lives long: a module's global, a class, a context
    variable, a local of running code (the caller's own variable is the last of these),
    or what Python cannot see. Empty if only garbage refers to it. 15 ns per object of
    the process in C for each step on the way, 30 in Python.
    """
    entries: list[Any] = [obj]
    del obj  # the list's is the only reference of ours
    if references(entries)[0] >= IMMORTAL:
        kind = "immortal: the interpreter itself has it"
        return [Holder(f"<{type_name(entries[0])}>", kind, is_certain=False)]
    search = Search(entries, references(entries))
    held = search.held(0)
    return [*held.holders, *_hidden(held.hidden, entries[0])]


def _hidden(count: int, obj: object) -> list[Holder]:
    if not count:
        return []
    kind = f"no holder Python can see: {counted(count)} from C"
    return [Holder(f"<{type_name(obj)}>", kind, is_certain=False)]


def assert_collectable(obj: object, /) -> None:
    """Raise AssertionError unless an object will be freed when its caller lets go.

    That is: by its reference count, without the collector. Nothing but variables of
    running code may refer to it, so it is in no cycle; if it is an exception, the
    frames of its traceback are in none either, and nobody else has them.
    """
    __tracebackhide__ = True
    entries: list[Any] = [obj]
    del obj
    if references(entries)[0] >= IMMORTAL:
        raise AssertionError(f"{type_name(entries[0])} is never freed: it is immortal")
    problems = _other_holders(entries)
    if is_exception(entries[0]):
        problems += _frame_problems(entries)
    if problems:
        name = type_name(entries[0])
        lines = "\n".join(f"  {problem}" for problem in dict.fromkeys(problems))
        raise AssertionError(f"{name} is not freed when it is let go:\n{lines}")


def _other_holders(entries: list[Any]) -> list[str]:
    search = Search(entries, references(entries))
    return search.problems(0)


def _frame_problems(entries: list[Any]) -> list[str]:
    """Name the frames, tracebacks and exceptions below that have other holders."""
    graph = Graph(is_kept)
    begin = [n for n, member in enumerate(graph.members) if member is entries[0]]
    everything = graph.reach(begin)
    round_to = ways_round(graph.edges, sorted(everything))
    reach = sorted(everything - set(begin))
    problems = [_cycle(graph, n, round_to[n]) for n in reach if n in round_to]
    external = graph.external()
    held = [number for number in reach if external[number] > 0]
    if held:
        members = [graph.members[number] for number in held]
        counts = [external[number] for number in held]
        search = Search(members, counts, members_of(graph, ()))
        for index in range(len(held)):
            problems += search.problems(index)
    return problems


def _cycle(graph: Graph, number: int, to: int) -> str:
    member, other = graph.members[number], graph.members[to]
    return f"in a cycle: {type_name(member)}{label(member, other)}"
