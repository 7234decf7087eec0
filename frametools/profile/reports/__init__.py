"""The forms of a report: one file each, found by its name.

summary       what the end of a run shows: the six below, in this order
head          command, wall, CPU, blocked, threads, calls, depth, memory
table         every function with its counts and times
tree          the hot part of the calling-context tree
exceptions    raised, handled, escaped
retention     frames still alive at exit
notices       what the reader must know about the data
pstats        for pstats, gprof2dot, snakeviz
speedscope    for speedscope: the time line, or the weights
collapsed     for flamegraph.pl and its kin
callgrind     for KCachegrind and QCachegrind
pprof         for go tool pprof
perfetto      for Perfetto: the time line of a recording
"""
