"""What is written into locals() of a module is a variable of it."""

locals()["x"] = 2
assert x == 2  # noqa: F821
assert locals() is globals()
