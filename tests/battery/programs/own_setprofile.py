"""The program sets its own profile function, and puts it away."""

import sys
import threading


def work(n):
    return len([inner(i) for i in range(n)])


def inner(i):
    return abs(i)


events = []


def profile(frame, event, argument):
    events.append((frame.f_code.co_name, event, getattr(argument, "__name__", None)))


print(sys.getprofile())
sys.setprofile(profile)
work(2)
sys.setprofile(None)
print(events)
print(sys.getprofile())
events.clear()
threading.setprofile(profile)
thread = threading.Thread(target=work, args=(1,))
thread.start()
thread.join()
print([event for event in events if event[0] in ("work", "inner")])
