"""The interpreter's options and flags reach the program."""

import sys

print(sys.flags, sys._xoptions, sys.warnoptions, sys.dont_write_bytecode)
