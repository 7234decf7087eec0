"""Leave with a message."""

import sys

print("before")
sys.exit("the text")
