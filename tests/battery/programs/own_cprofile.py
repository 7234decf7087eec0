"""The program profiles itself with cProfile, twice."""

import cProfile
import pstats


def work(n):
    return sum(inner(i) for i in range(n))


def inner(i):
    return i


for _ in range(2):
    profiler = cProfile.Profile()
    profiler.enable()
    work(5)
    profiler.disable()
    stats = pstats.Stats(profiler).stats
    print(sorted((key[2], value[0], value[1]) for key, value in stats.items()))
print(cProfile.Profile().runcall(work, 3))
