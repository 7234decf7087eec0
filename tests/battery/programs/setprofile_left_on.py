"""The program leaves its profile function on until the end."""

import sys


def profile(frame, event, argument):
    if frame.f_globals.get("__name__") != "threading":
        print(event, frame.f_code.co_name)


def work():
    return None


sys.setprofile(profile)
work()
