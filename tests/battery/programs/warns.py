"""stacklevel counts frames, also beyond the last."""

import warnings


def old(level):
    warnings.warn(f"level {level}", UserWarning, stacklevel=level)


for level in (1, 2, 3, 4):
    old(level)
warnings.warn("deprecated", DeprecationWarning)
print(len("\\"), [type(x).__name__ for x in globals().get("__warningregistry__", {})])
