"""runpy inside the program."""

import os
import runpy
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "other.py")
    with open(path, "w") as file:
        file.write("import sys\nx = __name__, sys.argv[0] == __file__\n")
    print(runpy.run_path(path)["x"])
    print(runpy.run_path(path, run_name="__main__")["x"])
    sys.path.insert(0, folder)
    print(runpy.run_module("other", alter_sys=True)["x"])
print(os.path.basename(sys.argv[0]), sys.modules["__main__"].__dict__ is globals())
