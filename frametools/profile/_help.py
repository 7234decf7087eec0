"""What `--help` prints; loaded only then."""

from __future__ import annotations

RUN = """\
usage: {program} [options] app.py [args]
       {program} [options] -m module | -c code | directory | app.zip | - [args]

Run a Python program and show where its time goes: exact call counts, the tree
of calls, CPU, wall and await time. The report goes to standard error, the data
to a file that `frametools report` reads at any later time.

what is kept
  -o, --output FILE    the data file (default: <program>.<pid>.frames here)
  --subprocesses       Python programs that it starts too, and theirs: a data
                       file for each process, named with its pid, and a report of
                       all; -o may name a directory
  --c-calls            C functions too
  --exceptions         what was raised, where it was handled, with tracebacks
                       (slow on 3.11: three times what cProfile costs)
  --retention          the frames still alive at exit, who holds them, how much
                       memory they keep
  --memory             how large the process was and what it grew by, per function:
                       RSS, sampled every 10 ms
  --memory-alloc       the same of what Python has allocated, by tracemalloc, which
                       makes each allocation dearer
  --record             every event in order, for time lines and frame lifetimes
  --max-events N       bound of --record (default: 10,000,000; 16 bytes each)
  --keep first|last    which part stays when the bound is reached (first)
  --low                no clock in the callbacks: times are sampled every 2 ms,
                       counts and tree stay exact; a little cheaper
  --include GLOB       only functions in files that match
  --exclude GLOB       none of these; both can be given many times, and what is
                       left out costs nothing: 'docutils/*', '*/tests/*'
what is shown
  --sort KEY           self, cum (CPU), wall, self-wall, calls, await, depth, name
  --limit N            rows of each table (default: what matters, 20 at most)
  --by thread|task     what the tree of calls, and the page, begin with
  --raw                times without the cost of monitoring subtracted
  -q, --quiet          no progress line
  --no-report          only the data file
  --html OUT           a page too: flame graph, functions, source lines; one file
                       that needs no network
  --no-source          no source lines in it
  --version, -h, --help
"""

REPORT = """\
usage: frametools report FILE [options]

Show a data file of `frametools profile` again.

  -f, --format FORM    {forms}
                       (default: summary)
     head, table, tree, tasks, exceptions,
     retention, memory, processes, notices    the sections of the summary
     html                                     a page: flame graph, functions,
                                              source lines, in one file
     pstats                                   for pstats and what reads it
     speedscope                               JSON for the speedscope viewer
     collapsed                                stacks for flame graphs
     callgrind                                for KCachegrind, QCachegrind
     pprof                                    for go tool pprof
     perfetto                                 the time line, for Perfetto; needs the
                                              events of profile --record
  -o, --output OUT     write to a file, not to standard output; an older report
                       is replaced, a data file never
  --html OUT           the same as -f html -o OUT; replaces nothing but a page
  --no-source          no source lines in the page
  --watch              a live table, while the program runs; q ends
  --sort KEY           self, cum (CPU), wall, self-wall, calls, await, depth, name
  --limit N            rows of each table, lines of -f tree, spans of perfetto
  --alone              only the process of FILE, without those that it started
                       (--subprocesses)
  --clock cpu|wall     what tree, html, collapsed, speedscope, pstats measure,
                       what callgrind and pprof have first
                       (default: cpu; pstats: wall, as cProfile)
  --by thread|task     what tree, html, collapsed, speedscope, callgrind begin with:
                       a thread, or a task of an event loop (default: thread)
  --raw                times without the cost of monitoring subtracted
  --version, -h, --help
"""

MERGE = """\
usage: frametools merge FILE... -o OUT

Add data files up: those of several runs, processes or machines. The result is a
data file as any other. A directory stands for the data files in it, not those of
its folders; what else is in it is left out, and named. Files are read one after
another, so that their number does not matter; a data file that cannot be read is
named, and nothing is written.

  -o, --output OUT     where the sum goes; an older data file is replaced, any
                       other file is left alone
  --version, -h, --help

Calls are the same if their callers are, and file, name and first line of their
function. Threads are the same by name: the n-th of a name is the n-th of that
name in each file. Counts, CPU time and wall time add up. Events of --record are
not in the sum. Of a run of --subprocesses it takes the processes whose files are
given.
"""

DIFF = """\
usage: frametools diff OLD NEW [options]
       frametools diff --old FILE... --new FILE... [options]

Compare data files: what each function took before and after, the largest change
first. With several runs on a side their mean is compared, and a change that is no
larger than that between two runs of one side is marked as noise.

  --old FILE...        the runs before
  --new FILE...        the runs after
  --sort KEY           what change: self, cum (CPU), self-wall, wall, calls,
                       self-memory, memory (of --memory, --memory-alloc); or name
  --limit N            rows of the table (default: 20), functions of the JSON (all)
  --alone              only the processes of the files, without those that they
                       started (--subprocesses)
  --raw                times without the cost of monitoring subtracted
  --json               every figure, for programs
  -o, --output OUT     write to a file, not to standard output; an older one is
                       replaced, a data file never
  --html OUT           a page: the new flame graph coloured by change, in one file
  --no-source          no source lines in it
  --version, -h, --help

Functions are matched by name and file, wherever in it they stand now; in another
directory or a renamed file, by what else is in that file.
"""

MAGIC = """\
%frameprofile [options] statement      %%frameprofile [options]
                                       cell

Run a statement or a cell, and show where its time went: the report in a terminal,
the page in a notebook.

  -o, --output FILE    write the data too, for `frametools report`
  --html OUT           write the page too
  --no-source          no source lines in the page
  --text               the report in a notebook, too
  --c-calls            C functions too
  --low                sampled times; a little cheaper
  --include GLOB       only functions in files that match
  --exclude GLOB       none of these; both can be given many times
  --sort KEY           self, cum (CPU), wall, self-wall, calls, await, depth, name
  --limit N            rows of each table
  --clock cpu|wall     what the tree and the page measure
  --by thread|task     what they begin with
  --raw                times without the cost of monitoring subtracted
"""
