"""Read standard input by name and by descriptor."""

import os
import sys

print(repr(input("prompt> ")), repr(sys.stdin.readline()))
print(sys.stdin.read(), os.read(0, 10), sys.stdin.isatty())
