"""What `--help` prints; loaded only then."""

from __future__ import annotations

RETENTION = """\
usage: {program} [options] app.py [args]
       {program} [options] -m module | -c code | directory | app.zip | - [args]

Run a Python program and report the frames that are still alive when it ends: who
holds them and how much memory they keep. The report goes to standard error.
Output, exit status and tracebacks of the program are those of plain Python.

when
  --signal NAME        also when this signal comes: USR2. A handler that the program
                       sets for it later takes its place, and the end says so; TERM,
                       QUIT and HUP then end the program as ever
  --every TIME         also each 500ms, 60s, 10m, 1h, from a thread of its own
  --no-report          no text at exit (a file of --json is written all the same)
what
  --min SIZE           only what keeps that much: 512KiB, 1MiB (default: all there is,
                       for at exit a small leak counts that was there a thousand times)
  --budget SECONDS     what the sizes of a report may take: 10, 0.5, 500ms. Those that
                       are not complete by then say ">=" (default: 200,000 objects for
                       one size, 400,000 for all, which is below a second)
  --cycles             garbage too that waits for the next collection
  --all                the frames of the exception too that ended the program, which
                       are one line otherwise; and every leak, however many
  --limit N            leaks that are shown (default: the {rows} largest)
  --json FILE          all that was found, as JSON; written anew at each report, and
                       FILE.<pid> by a forked child that gets the signal
  --version, -h, --help
"""
