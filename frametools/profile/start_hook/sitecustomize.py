"""Python imports this as it starts, in the children of `profile --subprocesses`.

This directory is then the first of PYTHONPATH. The program never sees it: it leaves
sys.path, and a sitecustomize of the user's is imported in its place. It may be any
Python's that runs this, with nothing of frametools installed: no newer syntax, and
whatever goes wrong is nobody's affair.
"""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [entry for entry in sys.path if entry != _here]
sys.path_importer_cache.pop(_here, None)

# sys.exception() came with 3.11, the first Python that is supported.
if hasattr(sys, "exception") and sys.implementation.name == "cpython":
    try:
        if "frametools" not in sys.modules:
            # By its own path: a sys.path with that would shadow the program's modules.
            _root = os.path.dirname(os.path.dirname(os.path.dirname(_here)))
            _find = sys.modules["_frozen_importlib_external"].PathFinder.find_spec
            sys.modules["_frozen_importlib"]._load(_find("frametools", [_root]))
        from frametools.profile import _followed

        _followed.begin()
    except Exception:
        pass

# Where there is none of the user's, the ImportError says what `site` expects.
del sys.modules["sitecustomize"]
__import__("sitecustomize")
