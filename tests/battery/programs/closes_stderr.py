"""Close sys.stderr, then fail."""

import sys

print("before")
sys.stderr.close()
sys.exit("nobody reads this")
