"""Logs the calls of functions: `@log_calls`.

    @log_calls                             → factorial(2)
    def factorial(n):                        → factorial(1)
        ...                                  ← factorial(1) = 1
                                           ← factorial(2) = 2

    decorator   what users call      options    what they ask for
    targets     the functions in a class, a module, a property; choosing, which of them
    monitoring  3.12+: events of a code object; the function itself stays as it is
    wrapping    3.11, and what has no code: a wrapt proxy; stepping, its generators
    flow        a call begins, ends, fails, waits, goes on --> lines --> sinks
    functions   how a function and its arguments are written; hiding, its secrets
    stacks      which logged calls run in a thread; suspended, which wait; greenlets

Both ways write the same lines.
"""

from frametools.calls.decorator import log_calls

__all__ = ["log_calls"]
