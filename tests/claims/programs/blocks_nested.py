"""Twenty nested loops compile, twenty-one do not."""


def compiles(depth):
    lines = [f"{' ' * k}while x:" for k in range(depth)]
    try:
        compile("\n".join([*lines, " " * depth + "pass"]), "blocks.py", "exec")
    except SyntaxError as error:
        assert error.msg == "too many statically nested blocks"
        return False
    return True


assert compiles(20)
assert not compiles(21)
