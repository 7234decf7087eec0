"""subprocess, also with preexec_fn, and Python in Python."""

import os
import subprocess
import sys

print(subprocess.run(["echo", "hello"], capture_output=True).stdout)
done = subprocess.run(["pwd"], preexec_fn=lambda: os.chdir("/"), capture_output=True)
print(done.stdout)
command = [sys.executable, "-c", "import sys; print(sys.argv, sys.gettrace())", "x"]
print(subprocess.run(command, capture_output=True, text=True).stdout)
