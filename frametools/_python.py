"""Named facts about this interpreter: what it does, not which number it has.

A version is compared here and in the version tables of the reference VM, and
nowhere else. Each fact carries its evidence; docs/facts/ has the scripts, and
docs/host-quirks.md a program for each fact that the VM depends on.
"""

from __future__ import annotations

import sys

_version = sys.version_info[:2]

HAS_MONITORING = _version >= (3, 12)
"""`sys.monitoring` is there (PEP 669); before it, `sys.setprofile`."""

CAN_LOCAL_UNWIND = _version >= (3, 15)
"""PY_UNWIND, PY_THROW, RAISE and their kin can be local events; before, a
`set_local_events` that names one is a ValueError (docs/facts/monitoring.md)."""

COUNTS_THREADS_AFTER_HOOKS = _version == (3, 13)
"""os.fork() counts the process's threads, to warn of them, after the at-fork hooks of
the parent have run; other versions count before (tests/battery/programs/forks.py)."""

HAS_LAZY_IMPORTS = _version >= (3, 15)
"""`lazy import`, and `types.LazyImportType` for what it binds (PEP 810)."""

HAS_LAST_EXC = _version >= (3, 12)
"""`sys.last_exc` is set for an exception that nobody handled."""

# How the interpreter starts and ends a program: tests/test_launch.py asks each version.

MAIN_HAS_ANNOTATIONS = _version < (3, 14)
"""`__main__` begins with an empty `__annotations__` (before PEP 649)."""

HAS_CACHED = _version < (3, 15)
"""Modules and scripts have a `__cached__`."""

FORGETS_FILE_AFTER_EXIT = _version >= (3, 14)
"""A script loses its `__file__` at its end after SystemExit too."""

COMMAND_IS_IN_LINECACHE = _version >= (3, 13)
"""The text of -c is given to linecache, for tracebacks and inspect."""

COMMAND_IS_DEDENTED = _version >= (3, 14)
"""The text of -c may be indented as a whole."""

# What frame objects do: tests/vm/test_frame_objects.py and test_frame_locals.py ask
# each version.

HAS_LOCALS_PROXY = _version >= (3, 13)
"""`f_locals` of a function is a write-through proxy, `locals()` a copy (PEP 667)."""

INLINES_COMPREHENSIONS = _version >= (3, 12)
"""List, dict and set comprehensions have no frame of their own (PEP 709)."""

KEEPS_SUSPENDED_FRAMES = _version >= (3, 13)
"""`frame.clear()` refuses the frame of a suspended generator (gh-79932)."""

LASTI_IS_BEHIND_YIELD = _version >= (3, 13)
"""`f_lasti` of a suspended generator is that of the instruction that it will go on
with; before, of the YIELD_VALUE or RETURN_GENERATOR (test_generators.py asks)."""

CLEARS_AN_SUSPENDED_FRAME = _version >= (3, 15)
"""It says "cannot clear an suspended frame"."""

HAS_F_GENERATOR = _version >= (3, 14)
"""Frames have an `f_generator`."""

EVAL_HAS_KEYWORDS = _version >= (3, 13)
"""`eval` and `exec` take `globals` and `locals` by keyword."""

HAS_GETFRAMEMODULENAME = _version >= (3, 12)
"""There is `sys._getframemodulename`."""

CURRENT_EXCEPTIONS_ARE_VALUES = _version >= (3, 12)
"""`sys._current_exceptions()` has exceptions; before, what `sys.exc_info()` returns."""

HAS_CARETS_OF_CALLS = _version >= (3, 13)
"""Tracebacks say with "~" what is called, mark each line of a statement of several,
and have no carets for a statement that is no more than a call (test_carets.py asks)."""

TRACEBACK_SUGGESTS = HAS_MONITORING
"""`traceback` adds "Did you mean: ...?" to messages; before, the C function did that
writes what nobody caught (gh-98931; tests/tracebacks/test_suggestions.py asks)."""

WARNING_WITHOUT_FRAME = ("<sys>", 0) if _version >= (3, 13) else ("sys", 1)
"""File and line of a warning whose stacklevel is beyond the outermost frame."""

WARN_SKIPS_FILES = _version >= (3, 12)
"""`warnings.warn` has `skip_file_prefixes`."""

# What the interpreter's frames are: tests/vm ask each version.

FRAME_HEADER_SLOTS = 10 if _version >= (3, 14) else 9
"""Words of `_PyInterpreterFrame` before `localsplus`: FRAME_SPECIALS_SIZE
(tests/vm/test_layout.py reads it from a generator)."""

# What events do: tests/vm/test_monitoring.py and test_tracing.py ask each version.

HAS_BRANCH_SIDES = _version >= (3, 14)
"""BRANCH_LEFT and BRANCH_RIGHT stand for BRANCH (gh-122548)."""

EXPANDS_METHODS_BEFORE_CALL = _version >= (3, 14)
"""CALL tells the function of a bound method, with its self as first argument."""

CALLABLE_COMES_FIRST = _version >= (3, 13)
"""The callable lies below self or NULL on the stack of CALL; before, above."""

UNPACKS_CLASS_METHODS = _version >= (3, 14)
"""A class method, loaded from an instance for a call, is pushed as function and class;
before, bound (tests/agreement/test_lockstep.py asks: programs/method_loading.py)."""

RAISES_EARLIER_IN_CALLERS = _version >= (3, 13)
"""RAISE and PY_UNWIND in a frame whose callee raised are two bytes before its CALL;
3.12: at the last inline cache of the CALL."""

RAISES_BEHIND_CACHES = _version >= (3, 13)
"""They are at an instruction's last inline cache if it raised itself."""

THROWS_AT_RESUME = _version >= (3, 13)
"""PY_THROW is at the RESUME behind the `yield`; before, at the YIELD_VALUE."""

ENDS_DELEGATIONS_SILENTLY = _version >= (3, 15)
"""The StopIteration that ends a `yield from` or `await` has no RAISE there."""

CLOSES_UNSTARTED_SILENTLY = _version >= (3, 12)
"""close() of a generator that has not begun runs nothing; before, it is thrown into."""

CLOSES_UNGUARDED_SILENTLY = _version >= (3, 13)
"""close() of a generator at a `yield` outside of any `try` runs nothing."""

CLEARS_LOCALS_FORWARD = _version <= (3, 13)
"""A frame's variables and value stack die first to last; later the last dies first."""

CLOSED_FRAMES_DANGLE = (3, 13) <= sys.version_info < (3, 13, 6)
"""The frame of a generator so closed stays with it as long as that lives, and still has
its variables, freed (gh-125723)."""

CLOSE_KEEPS_UNSTARTED_FRAMES = (3, 12) <= sys.version_info < (3, 13, 12) or (
    (3, 14) <= sys.version_info < (3, 14, 3)
)
"""So it does if the generator had not begun, and its variables live on (gh-142766)."""

CLEARS_UNSTARTED_COROUTINES = _version >= (3, 15)
"""frame.clear() ends a coroutine that has not begun; before, it warns and does not."""

CLOSES_UNGUARDED_UNSEEN = _version == (3, 13)
"""It does so even if PY_UNWIND is watched (gh-140373)."""

RESUME_HIDES_LINE = _version >= (3, 13)
"""A function on one line has no LINE unless its PY_START is watched too: RESUME_CHECK,
which RESUME has become, hides it."""

TELLS_CALLS_WITH_STARS = _version >= (3, 13)
"""CALL is fired for `f(*args)` also if `f` is a Python function."""

BACKWARD_JUMPS_START_LINES = not HAS_MONITORING
"""Line events are found while running, not by instrumentation: 3.11's ceval.c."""

TRACES_OPCODES_PER_CODE = _version != (3, 12)
"""`f_trace_opcodes` takes effect at once, in its code; 3.12: at the next settrace."""

# How exceptions are raised and handled: tests/vm/test_exceptions.py asks each version.

WRAPPED_HAS_TRACEBACK = _version >= (3, 14)
"""The group that `except*` makes of a naked exception has an entry for the frame."""

KEEPS_GROUP_WITHOUT_MATCH = not HAS_MONITORING
"""A group of which an `except*` takes nothing goes on itself, as its `split` does not:
ceval.c of 3.11 (tests/agreement/test_lockstep.py: programs/except_star_kinds.py)."""

CHECKS_CAUSE_INSTANCE = _version >= (3, 13)
"""`raise error from C` is a TypeError if C() is no exception; before, it is stored."""

# What generators do: tests/vm/test_generators.py and its neighbours ask each version.

CLOSE_RETURNS_VALUE = _version >= (3, 13)
"""`generator.close()` returns what it returns on GeneratorExit (gh-104770)."""

REPORTS_RETURNS_OF_DROPPED_ASYNC_GENERATORS = _version < (3, 15)
"""One that returns on the GeneratorExit of its end: "ignored: StopAsyncIteration"."""

WARNS_OF_THROW_SIGNATURE = _version >= (3, 12)
"""throw(type, value, traceback) is deprecated (gh-96348)."""

ITERATORS_TAKE_TWO_SLOTS = _version >= (3, 15)
"""An iterator on the value stack has an index or NULL above it."""

ASEND_CLOSE_THROWS = _version >= (3, 13)
"""`close()` of an `asend()` or `athrow()` raises GeneratorExit in the generator;
before, it only marked the awaitable as closed (gh-117881)."""

ATHROW_ON_RUNNING_FAILS = _version >= (3, 13)
"""`throw()` of an `asend()` that has not begun checks that no other one is running
(gh-117881)."""

LINKS_ANY_THROW = _version >= (3, 14)
"""A generator whose `throw()` goes on to an iterator of a class is on the stack then;
before, only if it went on to another generator (tests/vm/test_thrown.py)."""

FINISHED_GENERATORS_KEEP_BACK = _version in ((3, 12), (3, 13))
"""The frame of a generator that has finished has an `f_back`: who resumed it."""

SAYS_CANNOT_BE_AWAITED = _version >= (3, 14)
"""The TypeError of `await 1` is worded "'int' object can't be awaited"."""

SAYS_MUST_RETURN_ITERATOR = _version >= (3, 15)
"""The TypeError of an `__await__` names its class: "C.__await__() must return ..."."""

ATHROW_COUNTS_AT_ONCE = _version >= (3, 15)
"""`athrow()` checks how many arguments it has; before, what it returned did."""

SAYS_WHAT_IS_IGNORED = _version >= (3, 14)
"""An unraisable error comes with "Exception ignored while closing generator ..."."""

WARNS_OF_UNAWAITED_AGEN_METHODS = _version >= (3, 13)
"""An `asend()`, `athrow()` or `aclose()` that is dropped unawaited warns (gh-89091)."""

GIVES_UNBOUND_LOCALS_NONE = HAS_MONITORING
"""A jump by `f_lineno` gives unbound locals None, with a warning; before, the
instructions that load them check."""

C_STACK_CAN_OVERFLOW = _version in ((3, 11), (3, 13))
"""With a high recursion limit, recursion through a sort key crashes the host: 3.11.7 at
10,000, 3.13.0 at 3,000. 3.12 has a low limit for C, 3.14 measures the stack."""

COMPILE_TAKES_MODULE = _version >= (3, 15)
"""`compile(module=...)` names the module that its warnings are filtered by."""

STARS_NAME_NO_FUNCTION = _version >= (3, 15)
"""The TypeError of `f(*1)` is "Value after * must be an iterable": it names no f."""

TELLS_WHAT_IS_THROWN = _version == (3, 12)
"""A profile function is given the exception with the `call` of a `throw()`."""

PROFILES_METHODS_OF_C = _version == (3, 13)
"""A call of a bound method of a C function is profiled as one of the function
(gh-122029); in 3.12 only its end is; else it is the function that CALL tells."""

TRACE_OPCODES_CANNOT_BE_DELETED = _version >= (3, 14)
"""`del frame.f_trace_opcodes` says so; 3.12 and 3.13 crash (gh-156189)."""

JUMPS_FROM_YIELD = _version >= (3, 14)
"""A jump by `f_lineno` while a yield is told of is made at once, not on resumption
(gh-121131)."""

EMPTY_FRAMES_CANNOT_JUMP = _version == (3, 11)
"""A generator without variables cannot jump from its `yield`: it counts as cleared
(`_PyFrame_GetState`). 3.12.1 crashes."""

JUMP_EVENTS_ARE_AT_TARGET = _version == (3, 12)
"""The frame has jumped when JUMP and BRANCH are told of; else it is at the jump."""

FORGETS_LINE_OF_CALL = _version == (3, 12)
"""What a called Python function returns to has come from no line: a jump's target right
behind the CALL begins its line anew (`prev_instr` is at a cache, which has no line)."""

REFUSES_NESTED_TRACING = _version == (3, 11)
"""A trace function cannot be set by the `__del__` of the one that it replaces."""

# What the collector sees: tests/retention ask each version.

TASKS_HIDE_RESULTS = not HAS_MONITORING
"""`gc.get_referrers` misses a C Task that has the exception: 3.11's TaskObj_traverse
drops what FutureObj_traverse returns."""

TASKS_ARE_LINKED = _version >= (3, 14)
"""Tasks of `_asyncio` are in a list of C for each thread, and in no set: as 3.14's
InternalDocs/asyncio.md says."""

FROZEN_AT_START = 1000 if _version == (3, 12) else 0
"""So many objects, at most, are frozen in a new interpreter: 375 in 3.12.1."""
