"""Leave with what is neither number nor text, from a nested call."""

import sys


class Reason:
    def __str__(self):
        return "a reason"

    def __del__(self):
        print("reason gone")


def leave(reason):
    try:
        sys.exit(reason)
    finally:
        print("leaving")


try:
    leave(None)
except SystemExit as error:
    print(repr(error.code))
leave(Reason())
