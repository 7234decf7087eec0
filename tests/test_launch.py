"""A program starts and ends under `_launch` as it does under plain Python.

Plain Python is always asked, never remembered: each comparison runs both.
"""

from __future__ import annotations

import os
import py_compile
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from frametools import _launch
from frametools.monitor import _twin

DRIVER = Path(__file__).parent / "battery"
LAUNCH = ("-m", "launch_driver")
SHOW = """\
import sys
main = sys.modules["__main__"]
for name, value in list(vars(main).items()):
    shown = value if name != "__loader__" else getattr(value, "__name__", type(value))
    print(name, "=", shown)
print(sys.argv, sys.orig_argv[0] == sys.executable, sys.flags)
print([entry for entry in sys.path if "lib" not in entry])
print(main.__dict__ is globals(), sys._getframe().f_code)
import atexit
atexit.register(lambda: print(sorted(name for name in globals() if "__" in name)))
"""
FAIL = """\
import sys
def fail():
    sys.stderr.write("to stderr, ")
    print("to stdout")
    raise ERROR
fail()
"""
SIGINT = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass\n"
ERRORS = ["ValueError(1)", "SystemExit(3)", "SystemExit('text')", "SystemExit"]


def environment(**more: str) -> dict[str, str]:
    """Return what both runs get."""
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    path = os.pathsep.join([str(DRIVER), str(DRIVER.parent.parent)])
    return kept | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | more


def run(
    folder: Path, *words: str, stdin: bytes = b"", **more: str
) -> tuple[int, list[str]]:
    """Run Python in a folder; return its status and the lines of both outputs."""
    done = subprocess.run(
        [sys.executable, *words],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=environment(**more),
        check=False,
        timeout=30,
    )
    shown = re.sub("0x[0-9a-f]+", "0x", done.stdout.decode("utf-8", "replace"))
    return done.returncode, shown.splitlines()


def assert_as_plain(
    folder: Path,
    *program: str,
    options: tuple[str, ...] = (),
    stdin: bytes = b"",
    **more: str,
) -> tuple[int, list[str]]:
    """Compare plain Python with a launch; return what both gave."""
    expected = run(folder, *options, *program, stdin=stdin, **more)
    observed = run(folder, *options, *LAUNCH, *program, stdin=stdin, **more)
    assert observed == expected
    return observed


def write_kinds(folder: Path, source: str) -> None:
    """Write one program in every kind that there is."""
    package = folder / "package"
    (package / "inner").mkdir(parents=True)
    (folder / "elsewhere").mkdir()
    (package / "__init__.py").write_text("import sys\nprint('package', sys.argv)\n")
    (package / "inner" / "__init__.py").write_text("")
    for path in ("app.py", "package/__main__.py", "package/inner/deep.py", "noext"):
        (folder / path).write_text(source)
    with zipfile.ZipFile(folder / "app.zip", "w") as archive:
        archive.writestr("__main__.py", source)
    py_compile.compile(str(folder / "app.py"), str(folder / "compiled.pyc"), "app.py")
    (folder / "renamed").write_bytes((folder / "compiled.pyc").read_bytes())
    (folder / "elsewhere" / "link.py").symlink_to("../app.py")
    (folder / "elsewhere" / "absolute.py").symlink_to(folder / "app.py")
    (folder / "folder_link").symlink_to("elsewhere")


KINDS = [
    ("app.py", "a", "--help"),
    ("./app.py",),
    ("elsewhere/../app.py", "-c"),
    ("elsewhere/link.py",),
    ("elsewhere/absolute.py",),
    ("folder_link/link.py",),
    ("noext", "-"),
    ("compiled.pyc",),
    ("renamed",),
    ("app.zip", "a"),
    ("./app.zip",),
    ("package", "a"),
    ("package/",),
    ("-m", "app", "a"),
    ("-mapp",),
    ("-m", "package", "-m", "x"),
    ("-m", "package.inner.deep"),
    ("-m", "package.__main__"),
]


@pytest.mark.parametrize("program", KINDS, ids=" ".join)
def test_start(program: tuple[str, ...], tmp_path: Path) -> None:
    """`__main__`, sys.argv, sys.path and flags are those of plain Python."""
    write_kinds(tmp_path, SHOW)
    status, _ = assert_as_plain(tmp_path, *program)
    assert status == 0


@pytest.mark.parametrize("program", ["app.py", "app.zip", "package"])
def test_start_safely(program: str, tmp_path: Path) -> None:
    """With -P or PYTHONSAFEPATH only a container gets a place in sys.path."""
    write_kinds(tmp_path, SHOW)
    assert_as_plain(tmp_path, program, options=("-P",))
    assert_as_plain(tmp_path, program, PYTHONSAFEPATH="1")


@pytest.mark.parametrize("options", [(), ("-P",), ("-X", "dev", "-O", "-W", "error")])
def test_start_without_a_file(options: tuple[str, ...], tmp_path: Path) -> None:
    """-c and standard input start as in plain Python."""
    assert_as_plain(tmp_path, "-c", SHOW, "a", options=options)
    assert_as_plain(tmp_path, "-", "a", options=options, stdin=SHOW.encode())


def test_one_double_dash(tmp_path: Path) -> None:
    """A bare `--` before the program is passed over; later ones are its own."""
    write_kinds(tmp_path, SHOW)
    expected = run(tmp_path, "app.py", "--", "a")
    assert run(tmp_path, *LAUNCH, "--", "app.py", "--", "a") == expected


def test_a_pipe_as_script(tmp_path: Path) -> None:
    """What a shell's <(...) hands over is read once, and is no directory."""
    reader, writer = os.pipe()
    os.write(writer, SHOW.encode())
    os.close(writer)
    found = _launch.find([f"/dev/fd/{reader}"])
    os.close(reader)
    assert (found.kind, found.source) == ("script", SHOW.encode())


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("program", [("app.py",), ("-m", "app"), ("app.zip",)])
def test_end(program: tuple[str, ...], error: str, tmp_path: Path) -> None:
    """Traceback, exit status, and the order of the two outputs are plain Python's."""
    write_kinds(tmp_path, FAIL.replace("ERROR", error))
    assert_as_plain(tmp_path, *program)


@pytest.mark.parametrize("error", ERRORS)
def test_end_without_a_file(error: str, tmp_path: Path) -> None:
    """-c and standard input end as in plain Python."""
    source = FAIL.replace("ERROR", error)
    assert_as_plain(tmp_path, "-c", source)
    assert_as_plain(tmp_path, "-", stdin=source.encode())


@pytest.mark.parametrize("program", [("app.py",), ("-m", "app"), ("-c", SIGINT)])
def test_death_by_sigint(program: tuple[str, ...], tmp_path: Path) -> None:
    """After KeyboardInterrupt the process dies by SIGINT, as a shell expects."""
    write_kinds(tmp_path, SIGINT)
    assert assert_as_plain(tmp_path, *program)[0] == -2


def test_death_by_sigint_is_kept(tmp_path: Path) -> None:
    """What runs at exit would make CPython before 3.14 forget how to die."""
    code = (
        "import atexit\nfrom frametools._launch import keep_death_by_sigint\n"
        "atexit.register(keep_death_by_sigint)\natexit.register(eval, '1')\n"
        "raise KeyboardInterrupt"
    )
    assert run(tmp_path, "-c", code)[0] == -2


BROKEN = {
    "syntax": b"x = (1,\n",
    "tabs": b"def f():\n  x\n\ty\n",
    "return": b"print('never')\nreturn 3\n",
    "not utf-8": b'x = 1\ny = "\xe9"\n',
    "null byte": b"x = 1\0\n",
    "unknown encoding": b"# coding: unheard-of\nx = 1\n",
    "wrong encoding": b'# coding: ascii\nx = "\xe9"\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_source_that_does_not_compile(name: str, tmp_path: Path) -> None:
    """A SyntaxError is shown as plain Python shows it, however it was found."""
    (tmp_path / "app.py").write_bytes(BROKEN[name])
    assert assert_as_plain(tmp_path, "app.py")[0] == 1
    assert assert_as_plain(tmp_path, "-m", "app")[0] == 1
    if "encoding" not in name:  # there plain Python trips over the pipe itself
        assert_as_plain(tmp_path, "-", stdin=BROKEN[name])


@pytest.mark.parametrize("data", [b"\0\0\0\0", b"x" * 40])
def test_bytecode_that_is_none(data: bytes, tmp_path: Path) -> None:
    """A .pyc file of another version or of nothing is refused as by plain Python."""
    (tmp_path / "app.pyc").write_bytes(data)
    assert assert_as_plain(tmp_path, "app.pyc")[0] == 1


COMMANDS = [
    "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))",
    "def f():\n    return 1 / 0\nf()",
    "x = = 1",
    "   x = '''a\n \t \n      b'''\n   print(repr(x))",
    "if 1:\n\tprint('no margin')\n  \n",
    "\n  # only the comment has the least margin\n    x = 1",
    "# coding: ascii\nprint('\u00e9')",
    "",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_command_text(command: str, tmp_path: Path) -> None:
    """The text of -c is dedented, compiled and kept for tracebacks as by its version.

    `inspect` says on some versions that there is no source: that is compared too.
    """
    assert_as_plain(tmp_path, "-c", command)


def test_launch_error_is_one_line(tmp_path: Path) -> None:
    """What is not there gives one line and status 2."""
    (tmp_path / "empty").mkdir()
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    not_there = "No such file or directory"
    is_package = "'package' is a package and cannot be directly executed"
    problems = {
        ("no.py",): f"can't open file 'no.py': {not_there}",
        ("no/app.py", "x"): f"can't open file 'no/app.py': {not_there}",
        ("a\nb",): rf"can't open file 'a\nb': {not_there}",
        ("empty",): "can't find '__main__' module in 'empty'",
        ("empty.zip",): "can't find '__main__' module in 'empty.zip'",
        ("-m", "no"): "No module named no",
        ("-m", "no.such.module"): "No module named no.such.module",
        ("-m", "package"): f"No module named package.__main__; {is_package}",
        ("-m", "package.no"): "No module named package.no",
        ("-m",): "argument expected for the -m option",
        ("-c",): "argument expected for the -c option",
        ("-x", "app.py"): "unknown option -x",
        (): "no program to run",
    }
    for program, problem in problems.items():
        observed = run(tmp_path, *LAUNCH, *program)
        assert observed == (2, [f"frametools: {problem}"])


def test_unreadable_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that may not be read is a LaunchError too."""
    script = tmp_path / "app.py"
    script.write_text("")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(script))

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(_launch.LaunchError, match=r"Permission denied$"):
        _launch.find([str(script)])


def test_missing_module_leaves_sys_path_alone() -> None:
    """Looking for a program changes nothing."""
    before = sys.path[:], sys.argv[:], sys.modules["__main__"]
    with pytest.raises(_launch.LaunchError):
        _launch.find(["-m", "no_such_module_anywhere"])
    assert (sys.path[:], sys.argv[:], sys.modules["__main__"]) == before


@pytest.mark.parametrize(
    ("words", "kind", "name"),
    [
        (["-c", "pass", "x"], "command", "-c"),
        (["-m", "this"], "module", "-m this"),
        ([__file__, "x"], "script", __file__),
    ],
)
def test_name(words: list[str], kind: str, name: str) -> None:
    """A program says what the user called it."""
    program = _launch.find(words)
    assert (program.kind, program.name) == (kind, name)
    assert repr(program).startswith(f"Program({kind!r}")


HOOKS = """\
import sys
from frametools import _launch
log = []
def before():
    log.append(("before", sys.argv, __name__ in sys.modules))
def call(code, names):
    log.append(("call", code.co_name, sorted(names)[-1]))
    exec(code, names)
_launch.run(_launch.find(sys.argv[1:]), before=before, call=call)
print(log)
"""


def test_before_and_call(tmp_path: Path) -> None:
    """`before` comes last before the code, which `call` runs with its globals."""
    (tmp_path / "hooks.py").write_text(HOOKS)
    log = [("before", ["-c", "x"], True), ("call", "<module>", "__spec__")]
    expected = (0, ["program", str(log)])
    assert run(tmp_path, "hooks.py", "-c", "print('program')", "x") == expected


def test_error_in_before_is_not_the_program_s(tmp_path: Path) -> None:
    """What `before` raises comes out as it is, and no program runs."""
    code = (
        "import sys\nfrom frametools import _launch\nhook = sys.excepthook\n"
        "program = _launch.find(['-c', 'print(1)'])\n"
        "try: _launch.run(program, before=lambda: 1 / 0)\n"
        "except ZeroDivisionError: print(sys.excepthook is hook)\n"
    )
    assert run(tmp_path, "-c", code) == (0, ["True"])


def test_imports_little(tmp_path: Path) -> None:
    """Starting a script imports nothing but our own few modules."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from frametools import _launch\n"
        "program = _launch.find(['app.py']); _launch.run(program)\n"
        "print(sorted(set(sys.modules) - before - {'__future__'}))"
    )
    (tmp_path / "app.py").write_text("")
    names = ("", "._launch", "._launch_code", "._launch_end", "._launch_find")
    ours = [f"frametools{name}" for name in (*names, "._launch_main", "._python")]
    status, lines = run(tmp_path, "-c", code)
    assert (status, lines) == (0, [str(sorted(ours))])


DEPTH = (
    "import sys\nn, f = 0, sys._getframe()\nwhile f: n, f = n + 1, f.f_back\nprint(n)\n"
)


@pytest.mark.skipif(_twin.NAME == "python", reason="only C can hide our frames")
def test_depth(tmp_path: Path) -> None:
    """The first frame of each kind of program is as deep as in plain Python."""
    write_kinds(tmp_path, DEPTH)
    for program in (("app.py",), ("-m", "package"), ("app.zip",), ("-c", DEPTH)):
        assert_as_plain(tmp_path, *program)
