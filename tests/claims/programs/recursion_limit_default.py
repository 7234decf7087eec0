"""The recursion limit is 1000 until somebody changes it."""

import sys

assert sys.getrecursionlimit() == 1000
