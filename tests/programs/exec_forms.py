"""exec and eval of strings, code objects, closures, and what they refuse."""

from __future__ import annotations


def outer(x):
    def inner():
        seen.append(x)

    return inner


seen = []


def attempt(call, *args, **kwargs):
    try:
        return call(*args, **kwargs)
    except (TypeError, SyntaxError) as error:
        return type(error).__name__, str(error).split("(")[0]


def main():
    seen.clear()
    inner = outer(1)
    x = 10
    own = eval("x + 1"), eval("lambda: x")
    return (
        attempt(exec, inner.__code__),
        attempt(exec, inner.__code__, globals(), closure=outer("given").__closure__),
        attempt(eval, "1 +"),
        attempt(eval, "x = 1"),
        attempt(exec, "return 1"),
        attempt(eval, "1", []),
        eval(compile("y = 1", "<compiled>", "exec")),
        eval("[i + j for i in range(2)]", {"j": 5}),
        own[0],
        x,
        list(seen),
    )
