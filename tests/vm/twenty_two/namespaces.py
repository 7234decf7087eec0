"""locals, globals, vars, dir, eval, exec and del."""

name = "global"


def function(a, b=2):
    c = a + b
    inner = [sorted(locals())]
    exec("c = 100; new = 1")
    inner.append((c, eval("a * c"), eval("name"), sorted(vars())))
    del b
    return inner, sorted(locals()), "function" in globals(), dir()


def closing():
    free = 1

    def inside():
        return free, sorted(locals()), eval("free + 1")

    return inside()


class Body:
    one = 1
    seen = sorted(key for key in locals() if not key.startswith("__"))
    two = eval("one + 1")


print(function(1), closing(), Body.seen, Body.two)
space = {"x": 1}
exec("def made(n): return n + x\ny = made(5)\n[z for z in range(y)]", space)
print(space["y"], space["made"](1), eval("x + y", space, {"y": 10}))
print(
    eval(compile("1 + 1", "<s>", "eval")),
    name in globals().values(),
    vars() is globals(),
)
globals()["later"] = "set"
print(later, sorted(key for key in globals() if not key.startswith("_")))
try:
    exec("1 +", {})
except SyntaxError as error:
    print(error)
