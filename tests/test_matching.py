"""Functions found again after code has moved, files and folders were renamed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from frametools.calltree.matching import match
from frametools.events import CodeKind, CodeRef

CART = [
    CodeRef(name, "/src/shop/cart.py", line) for line, name in enumerate("abcd", 10)
]
names = st.sampled_from(["<module>", "f", "g", "A.f", "f.<locals>.<lambda>"])
files = st.sampled_from(["a.py", "x/a.py", "x/b.py", "/lib/python3.13/json/a.py", ""])
codes = st.lists(st.builds(CodeRef, names, files, st.integers(0, 9)), max_size=12)


def moved(code: CodeRef, file: str, down: int = 0) -> CodeRef:
    """The same function elsewhere."""
    return code._replace(filename=file, firstlineno=code.firstlineno + down)


def test_other_lines() -> None:
    """A function is the same wherever it stands in its file."""
    new = [moved(code, code.filename, 7) for code in CART]
    assert match(CART, new) == dict(zip(CART, new, strict=True))


def test_functions_of_one_name_keep_their_order() -> None:
    """Lambdas that all move down are not taken for one another."""
    old = [CodeRef("f.<locals>.<lambda>", "a.py", line) for line in (10, 20, 30)]
    new = [moved(code, "a.py", 10) for code in old]
    assert match(old, new) == dict(zip(old, new, strict=True))
    assert match(old, new[:2]) == {old[1]: new[0], old[2]: new[1]}
    assert match(old[:1], new) == {old[0]: new[0]}


def test_other_flags() -> None:
    """What another Python compiles with other flags is the same function."""
    old, new = CodeRef("f", "a.py", 1, 3), CodeRef("f", "a.py", 1, 0x1000003)
    assert match([old], [new]) == {old: new}


def test_another_directory() -> None:
    """A checkout elsewhere, and another Python's library, hold the same functions."""
    old = [
        CodeRef("run", "/home/me/app/run.py", 3),
        CodeRef("loads", "/usr/lib/python3.12/json/__init__.py", 9),
        CodeRef("get", "/v/lib/python3.12/site-packages/web/api.py", 5),
    ]
    new = [
        CodeRef("run", "/ci/17/run.py", 4),
        CodeRef("loads", "/opt/lib/python3.13/json/__init__.py", 12),
        CodeRef("get", "/w/lib/python3.13/site-packages/web/api.py", 5),
    ]
    found = match(old, new, ("/home/me/app", "/ci/17"))
    assert found == dict(zip(old, new, strict=True))


def test_a_renamed_file() -> None:
    """Its functions are known by each other; the file's own code comes along."""
    old = [CodeRef("<module>", "/src/shop/cart.py", 1), *CART]
    new = [moved(code, "/src/store/basket.py", 2) for code in old[:-1]]
    other = CodeRef("x", "/src/store/other.py", 1)
    assert match(old, [other, *new]) == dict(zip(old[:-1], new, strict=True))


def test_a_renamed_file_of_one_function() -> None:
    """Where a file is gone and a new one is near, one name in common will do."""
    old = [CodeRef("<module>", "app.py", 1), CodeRef("main", "app.py", 3)]
    new = [moved(code, "start.py", 1) for code in old]
    assert match(old, new) == dict(zip(old, new, strict=True))
    stays = [*new, CodeRef("other", "app.py", 5)]
    assert match(old, stays) == {old[1]: new[1]}
    far = [moved(code, "/lib/python3.13/json/tool.py") for code in old]
    assert match(old, far) == {}


def test_the_file_with_more_of_them_is_it() -> None:
    """Of two files the one that shares more names is the renamed one."""
    new = [moved(code, "/src/shop/basket.py") for code in CART]
    false = [moved(code, "/src/shop/aaa.py") for code in CART[:2]]
    assert match(CART, [*false, *new]) == dict(zip(CART, new, strict=True))


def test_a_renamed_folder() -> None:
    """Files with the same names in it are told apart by their own name."""
    old = [CodeRef(name, f"/s/old/{file}.py", 1) for file in "pq" for name in "fg"]
    new = [moved(code, code.filename.replace("old", "new")) for code in old]
    assert match(old, new) == dict(zip(old, new, strict=True))


def test_a_function_that_was_moved() -> None:
    """A name left once on each side is the same in files that are near."""
    stays = CodeRef("main", "app/run.py", 1)
    old = CodeRef("price", "app/cart.py", 5)
    near = CodeRef("price", "app/money/price.py", 9)
    far = CodeRef("price", "/lib/python3.13/site-packages/x/y.py", 9)
    assert match([stays, old], [stays, near])[old] == near
    assert match([stays, old], [stays, far]) == {stays: stays}
    twice = [near, moved(near, "app/x.py")]
    assert match([stays, old], [stays, *twice]) == {stays: stays}


def test_what_says_nothing_is_not_matched() -> None:
    """Modules and lambdas of other files, and C functions, have no name to go by."""
    old = [CodeRef("<module>", "a.py", 1), CodeRef("<lambda>", "a.py", 3)]
    new = [moved(code, "b.py") for code in old]
    assert match(old, new) == {}
    size = CodeRef("builtins.len", kind=CodeKind.C_FUNCTION)
    assert match([size], [size, CodeRef("builtins.len")]) == {size: size}


@given(codes, codes)
def test_each_function_is_matched_once(old: list[CodeRef], new: list[CodeRef]) -> None:
    """Whatever stands on both sides, pairs are one to one, and have one name."""
    found = match(old, new)
    assert set(found) <= set(old)
    assert set(found.values()) <= set(new)
    assert len(set(found.values())) == len(found)
    assert all(one.qualname == other.qualname for one, other in found.items())
    assert match(old, old) == {code: code for code in old}
