"""A module's assignment is STORE_NAME, a function's is STORE_FAST."""

import dis


def operations(code):
    return {instruction.opname for instruction in dis.get_instructions(code)}


module = compile("x = 10\ndef f():\n    y = 1\n    return y", "app.py", "exec")
function = next(c for c in module.co_consts if hasattr(c, "co_code"))
assert "STORE_NAME" in operations(module)
assert not any("FAST" in name for name in operations(module))
assert any(name.startswith("STORE_FAST") for name in operations(function))
assert "STORE_NAME" not in operations(function)
