"""Twenty-one nested loops compile."""

lines = [f"{' ' * k}while x:" for k in range(21)]
compile("\n".join([*lines, " " * 21 + "pass"]), "blocks.py", "exec")
