"""A return waits while `finally` runs, and is completed then."""

order = []


def f():
    try:
        return order.append("value") or 1
    finally:
        order.append("cleanup")


assert f() == 1
assert order == ["value", "cleanup"]
