"""Annotations of functions, variables and classes, when they are evaluated."""

log = []


def kind(name):
    log.append(name)
    return int


def make():
    def function(a: kind("a"), *args: kind("args"), b: kind("b") = 1) -> kind("return"):
        local: kind("never")  # noqa: F842
        other: kind("never") = 1
        return other

    class Body:
        x: kind("x") = 1
        y: kind("y")

    return function, Body


SOURCE = """
x: int = 1
(y): str = "not simple"
items = {}
items["key"]: float = 2.5
z: "text"
"""


def main():
    log.clear()
    function, body = make()
    names = list(function.__annotations__), list(body.__annotations__)
    module = {}
    exec(SOURCE, module)
    found = module.get("__annotations__")
    if found is None:
        found = module["__annotate__"](1)
    return names, sorted(log), function(1), sorted(found), module["items"]
