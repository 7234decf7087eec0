"""A module's globals and locals are one dict, its `__dict__`."""

import sys
import types

module = types.ModuleType("app")
source = "import sys\nx = 10\nframe = sys._getframe()\nsame = locals() is globals()"
exec(compile(source, "app.py", "exec"), module.__dict__)
assert module.same
assert module.frame.f_code.co_name == "<module>"
assert module.frame.f_locals is module.frame.f_globals is module.__dict__
assert module.__dict__["x"] == 10
del module.frame
assert sys._getframe().f_locals is globals()
