"""Go elsewhere; relative names and __file__ still mean what they did."""

import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    print(os.path.basename(__file__), os.path.isabs(__file__))
    print(os.listdir("."))
    os.chdir("/")
