"""At module level locals() is globals() is the module's dict."""

import sys

a = 1
b = c = None
locals()["b"] = 2
exec("c = 3")
print(b, c, locals() is globals() is vars(sys.modules[__name__]))
print(sys._getframe().f_locals is globals(), eval("a + b + c"))
print([key for key in list(locals()) if key.startswith("__")])
