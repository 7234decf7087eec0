"""The working directory is gone when the program ends."""

import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
try:
    os.getcwd()
except FileNotFoundError:
    print("gone")
