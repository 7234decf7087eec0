"""Run with -W error."""

import sys
import warnings

print(sys.warnoptions)
try:
    warnings.warn("now an error")
except UserWarning as error:
    print(repr(error))
int("1_0")
