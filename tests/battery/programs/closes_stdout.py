"""Close sys.stdout."""

import sys

print("before")
sys.stdout.close()
