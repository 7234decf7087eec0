"""`%frameprofile`, `%%frameprofile`: IPython runs a statement or cell, watched.

    %load_ext frametools
    %frameprofile [options] statement

The terminal shows the report; a notebook shows the page, in a frame of its own that
may run its script and reach nothing else. Watched is the code alone, in all threads,
and not how IPython runs it. An error of the cell is shown as ever, and is the error
of the outer cell too, so that a notebook which runs to its end stops there.
"""

from __future__ import annotations

import linecache
import os
import re
import shlex
import sys
from contextlib import contextmanager
from html import escape
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

from frametools._command_line import OptionError
from frametools._output import Output
from frametools._paths import is_installed, is_standard
from frametools._whole_file import Replacing
from frametools.calltree.pruning import subtrees_of, without
from frametools.monitor.backend import ALL_FRAMES, MonitorError
from frametools.profile import _report
from frametools.profile._facts import current_directory, objection, page_objection
from frametools.profile._help import MAGIC
from frametools.profile._options import Options, parse_magic
from frametools.profile._report import ReportOptions
from frametools.profile.profiler import Profiler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from frametools.calltree import CallTree

NAME = "frameprofile"
HEIGHT = 620
"""Pixels of the page in a notebook."""
_MACHINERY = ("IPython/*", "traitlets/*", "ipykernel/*", "tornado/*", "zmq/*")
"""What runs the code."""
_HISTORY = "IPythonHistorySavingThread"
_WORD = re.compile(r"""\s*((?:'[^']*'|"[^"]*"|[^\s'"])+)""")


def load(shell: Any) -> None:
    """Give a shell of IPython the two magics."""

    def frameprofile(line: str, cell: str | None = None) -> None:
        magic(shell, line, cell)

    frameprofile.__doc__ = MAGIC
    # What is in braces is Python's, and no variable for IPython to fill in.
    frameprofile._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]
    shell.register_magic_function(frameprofile, "line_cell", NAME)


def unload(shell: Any) -> None:
    """Take the two magics away again."""
    for kind in shell.magics_manager.magics.values():
        kind.pop(NAME, None)


def magic(shell: Any, line: str, cell: str | None) -> None:
    """Run and show; raises IPython's UsageError, and what the code raises."""
    failure: BaseException | None = None
    try:
        options, statement = split(line)
        if options.help:
            print(MAGIC, end="")
            return
        code = _code(statement, cell)
        _check_await(shell, code)
        _check(options)
        profiler = _profiler(options)
        was_run, failure = run(shell, code, profiler)
        if was_run:
            tree = without_idle_threads(profiler.tree)
            tree.info["command"] = [f"%{NAME}" if cell is None else f"%%{NAME}"]
            with _named_cells(shell, tree):
                _show(shell, tree, options)
        if failure is not None:
            raise failure
    except (OptionError, MonitorError) as problem:
        _refuse(str(problem))
    finally:
        del failure  # it holds this frame


def split(line: str) -> tuple[Options, str]:
    """Part a line into options and a statement, of which nothing is changed."""
    words = list(_WORD.finditer(line))
    if line[words[-1].end() if words else 0 :].strip():
        words = []  # a quote is open: it is the statement's, or no option is right
    plain = [_unquoted(word[1]) for word in words]
    options, ours = parse_magic(plain)
    at = words[ours - 1].end() if ours else 0
    return options, line[at:].strip()


def _unquoted(word: str) -> str:
    try:
        return "".join(shlex.split(word, posix=True))
    except ValueError:
        return word


def _code(statement: str, cell: str | None) -> str:
    if cell is None:
        if not statement:
            raise OptionError(f"%{NAME} needs a statement; %{NAME} --help")
        return statement
    if statement:
        raise OptionError(f"the code stands below %%{NAME}, not beside it")
    return cell


def _check_await(shell: Any, code: str) -> None:
    """Refuse a top-level await where a notebook's own loop runs: it cannot wait."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:
        return
    try:
        plain = shell.transform_cell(code)
    except Exception:
        return  # what is wrong with it IPython says
    if shell.should_run_async(code, transformed_cell=plain):
        instead = "`with frametools.Profiler() as profiler:` in the cell can"
        raise OptionError(f"%{NAME} cannot await in a notebook; {instead}")


def _check(options: Options) -> None:
    """Refuse files that must not be written, before anything is run."""
    here = current_directory()
    problem = ""
    if options.output is not None:
        options.output = os.path.join(here, os.path.expanduser(options.output))
        folder = os.path.dirname(options.output)
        is_folder = os.path.isdir(folder)
        missing = "" if is_folder else f"{folder} is not a directory"
        problem = missing or objection(options.output)
    if options.html is not None and not problem:
        options.html = os.path.join(here, os.path.expanduser(options.html))
        problem = page_objection(options.html, options.output or "")
    if problem:
        raise OptionError(problem)


def _profiler(options: Options) -> Profiler:
    return Profiler(
        c_calls=options.c_calls,
        low=options.low,
        include=options.include,
        exclude=(*options.exclude, *_MACHINERY),
    )


def run(shell: Any, code: str, profiler: Profiler) -> tuple[bool, BaseException | None]:
    """Run code as a cell; tell if any of it was run, and give what it raised.

    IPython compiles and runs a cell statement by statement, in `run_code`: that is
    what is watched. The traceback is made by IPython where it is raised, and goes out
    when the error has left the magic: with the frames of the cell, and no others.
    """
    plain = shell.run_code
    texts: list[list[str]] = []
    was_run = False

    async def run_code(*args: Any, **kwargs: Any) -> Any:
        nonlocal was_run
        was_run = True
        with _displaying_unseen(profiler):
            profiler.begin(ALL_FRAMES)
            try:
                return await plain(*args, **kwargs)
            finally:
                profiler.stop()

    def first_stop(show: Callable[..., None]) -> Callable[..., None]:
        def stop_and_show(*args: Any, **kwargs: Any) -> None:
            profiler.stop()
            show(*args, **kwargs)

        return stop_and_show

    def keep(_kind: Any, _error: Any, text: list[str]) -> None:
        texts.append(text)

    methods = {
        "run_code": run_code,
        "showtraceback": first_stop(shell.showtraceback),
        "CustomTB": first_stop(shell.CustomTB),
        "_showtraceback": keep,
    }
    with _replaced(shell, methods), _same_name(shell):
        result = shell.run_cell(code, store_history=False)
    error = result.error_in_exec or result.error_before_exec
    if error is None or not texts:
        return was_run, None  # what IPython prints itself is shown by now
    return was_run, _with_text(error, texts[-1])


def without_idle_threads(tree: CallTree) -> CallTree:
    """Leave out threads that did nothing of the code's: IPython's, the kernel's.

    They wait somewhere in the standard library, and ran before the code did. IPython's
    writer of history may have come to work meanwhile, with what the last cell was.
    """
    roots = [thread.root for thread in tree.threads if thread.root]
    still = subtrees_of(tree, roots, _is_library)
    idle = [root for root in still if not _calls_below(tree, root)]
    history = [each.root for each in tree.threads if each.name == _HISTORY]
    return without(tree, [*idle, *filter(None, history)])


def _is_library(path: str) -> bool:
    return is_standard(path) and not is_installed(path)


def _calls_below(tree: CallTree, root: int) -> bool:
    """Tell if anything began or went on below a node."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if tree.calls[node] or tree.resumes[node] or tree.throws[node]:
            return True
        waiting += tree.children(node)
    return False


def _same_name(shell: Any) -> AbstractContextManager[None]:
    """Name the inner cell as the outer: by now IPython may have counted on."""
    plain = shell.compile.cache
    outer = getattr(shell.displayhook, "exec_result", None)
    count = getattr(outer, "execution_count", None)

    def cache(code: str, number: int = 0, *args: Any, **kwargs: Any) -> Any:
        return plain(code, number if count is None else count, *args, **kwargs)

    return _replaced(shell.compile, {"cache": cache})


@contextmanager
def _displaying_unseen(profiler: Profiler) -> Iterator[None]:
    """Leave out how the value of an expression is shown."""
    plain = sys.displayhook

    def display(value: Any) -> None:
        profiler.stop()
        try:
            plain(value)
        finally:
            profiler.begin(ALL_FRAMES)

    sys.displayhook = display
    try:
        yield
    finally:
        if sys.displayhook is display:
            sys.displayhook = plain


@contextmanager
def _replaced(of: Any, methods: dict[str, Any]) -> Iterator[None]:
    """Put methods over those of an object for a while."""
    own = {name: vars(of)[name] for name in methods if name in vars(of)}
    for name, method in methods.items():
        setattr(of, name, method)
    try:
        yield
    finally:
        for name in methods:
            if name in own:
                setattr(of, name, own[name])
            else:
                delattr(of, name)


def _with_text(error: BaseException, text: list[str]) -> BaseException:
    """Let IPython show an error as this text, once.

    It shows a SyntaxError in its own way: in place of it comes one of the same name.
    """
    if isinstance(error, SyntaxError):
        error = type(type(error).__name__, (Exception,), {})(str(error))
    shown: Any = error

    def render() -> list[str]:
        del shown._render_traceback_
        return text

    try:
        shown._render_traceback_ = render
    except (AttributeError, TypeError):
        pass  # it takes no attribute: the frames of the magic are shown with it
    return error


@contextmanager
def _named_cells(shell: Any, tree: CallTree) -> Iterator[None]:
    """Call the files of cells as IPython does, `In[3]`; their lines are found so."""
    registered = []
    for at, code in enumerate(tree.codes):
        name = _cell_name(shell, code.filename)
        if not name:
            continue
        tree.codes[at] = code._replace(filename=name)
        if name not in linecache.cache and code.filename in linecache.cache:
            linecache.cache[name] = linecache.cache[code.filename]
            registered.append(name)
    try:
        yield
    finally:
        for name in registered:
            linecache.cache.pop(name, None)


def _cell_name(shell: Any, filename: str) -> str:
    found = shell.compile.format_code_name(filename)
    return found[1] if found and found[0] == "Cell" else ""


def _refuse(problem: str) -> None:
    """Show one line, as magics do; raises IPython's UsageError."""
    from importlib import import_module

    raise import_module("IPython.core.error").UsageError(problem) from None


def _show(shell: Any, tree: CallTree, options: Options) -> None:
    if getattr(shell, "kernel", None) is not None and not options.text:
        data = {"text/html": framed(_page(tree, options)), "text/plain": ""}
        data["text/plain"] = _written("summary", tree, ReportOptions.of(options))
        shell.display_pub.publish(data=data)
    else:
        chosen = ReportOptions.of(options)
        chosen.fit(Output(1))
        print(_written("summary", tree, chosen), end="")
    _write_files(tree, options)


def _write_files(tree: CallTree, options: Options) -> None:
    """Write what -o and --html name; raises OptionError."""
    try:
        if options.output is not None:
            tree.save(options.output)
            print(f"data: {os.path.relpath(options.output)}")
        if options.html is not None:
            page = _page(tree, options)
            with Replacing(options.html) as part, open(part, "wb") as out:
                out.write(page.encode())
            print(f"page: {os.path.relpath(options.html)}")
    except OSError as error:
        raise OptionError(f"{error.filename}: {error.strerror or error}") from None


def _page(tree: CallTree, options: Options) -> str:
    return _written("html", tree, ReportOptions.of(options))


def _written(form: str, tree: CallTree, options: ReportOptions) -> str:
    data = BytesIO()
    out = TextIOWrapper(data, encoding="utf-8", errors="surrogatepass")
    _report.load(form).write(tree, out, options)
    out.flush()
    return data.getvalue().decode(errors="replace")


def framed(page: str) -> str:
    """Give the HTML that shows a page within another, and keeps it from that one."""
    return (
        f'<iframe sandbox="allow-scripts" title="profile" loading="lazy" '
        f'style="width: 100%; height: {HEIGHT}px; border: 0" '
        f'srcdoc="{escape(page)}"></iframe>'
    )
