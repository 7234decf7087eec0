"""An audit hook that stops the excepthook."""

import sys


def audit(event, arguments):
    if event == "sys.excepthook":
        print(arguments[1].__name__)
        raise RuntimeError("not shown")


sys.addaudithook(audit)
raise ValueError("not shown either")
