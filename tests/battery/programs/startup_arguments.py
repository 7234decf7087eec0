"""sys.argv and sys.path[0]."""

import os
import sys

print(os.path.basename(sys.argv[0]), sys.argv[1:], __name__)
print(os.path.basename(sys.path[0]), os.path.basename(__file__))
