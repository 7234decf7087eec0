"""Leave with None."""

import sys

sys.exit(None)
