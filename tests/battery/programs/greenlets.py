"""Switch between greenlets."""

import greenlet

log = []


def left(n):
    for i in range(n):
        log.append(("left", i))
        other.switch(i)
    return "left done"


def right(n):
    while True:
        log.append(("right", n))
        n = main.switch(n)


main = greenlet.greenlet(left)
other = greenlet.greenlet(right)
print(main.switch(3))
print(log)
