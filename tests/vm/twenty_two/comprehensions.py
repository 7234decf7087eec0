"""Comprehensions of every kind, nested, with conditions and scopes."""

x = "outer"
print([x for x in range(4)], x)
print({a: b for a, b in zip("abc", range(3))}, {n % 3 for n in range(10)})
print([[row * col for col in range(3)] for row in range(3)])
print(list(n for n in range(20) if n % 2 if n % 3))
print([y := 5, y**2], [last := n for n in range(3)], last)
print([(lambda: n)() for n in range(3)])


class Scope:
    items = [1, 2]
    doubled = [item * 2 for item in items]


def inside():
    a = 3
    return [a + b for b in range(a)], [[*range(n)] for n in range(a)]


print(Scope.doubled, inside())
try:
    print([1 / n for n in (1, 0)])
except ZeroDivisionError as error:
    print(error)
