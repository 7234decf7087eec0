"""The HTML page in a real browser: what must be readable is not cut off."""

from __future__ import annotations

from itertools import pairwise

import pytest

from frametools.calltree import CallTree
from tests.profile import browser as browsers
from tests.profile.browser import Page
from tests.profile.conftest import FIB, MAIN, RUN, Grower, Open

pytestmark = pytest.mark.skipif(
    browsers.find() is None, reason="no Chromium here (apt-get install chromium)"
)
LONG = "TestClass.test_that_a_function_with_a_name_of_more_than_fifty_letters_is_seen"


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    """Where elements are."""
    found: list[dict[str, float]] = page.run(
        f"[...document.querySelectorAll({selector!r})]"
        ".map((each) => each.getBoundingClientRect().toJSON())"
    )
    return found


@pytest.mark.parametrize("size", [(1280, 800), (800, 600)])
def test_a_long_name_keeps_its_ends(
    show: Open, grower: Grower, size: tuple[int, int]
) -> None:
    """The table shows how a name begins and ends, and where it is; a tip the whole."""
    grower.image.codes = [MAIN, RUN._replace(qualname=LONG), FIB]
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    node = grower.image.add_node(module, 1)
    grower.image.calls[node] = 1
    grower.image.wall[node] = 90_000_000
    page = show(grower.finish())
    page.resize(*size)
    page.settle()
    (cell,) = boxes(page, "#functions-body tr:first-child th")
    start, end = boxes(page, "#functions-body tr:first-child .link .elided > *")
    (place,) = boxes(page, "#functions-body tr:first-child .place")
    assert page.texts("#functions-body tr:first-child .link") == [LONG]
    assert start["width"] > 60
    assert start["right"] <= end["left"] + 1
    assert end["right"] < place["left"]
    assert place["right"] <= cell["right"]
    title = "document.querySelector('#functions-body th').title"
    assert page.run(title) == f"{LONG}  app.py:10"


def test_a_narrow_window_has_room_for_all(show: Open, tree: CallTree) -> None:
    """Places stand below names, and the search box beside the buttons."""
    page = show(tree)
    page.resize(420, 800)
    page.settle()
    names = boxes(page, "#functions-body .of-function .link")
    places = boxes(page, "#functions-body .of-function .place")
    for name, place in zip(names, places, strict=True):
        assert name["bottom"] <= place["top"] + 1
    (search,), (theme,) = boxes(page, "#search"), boxes(page, "#theme")
    assert search["width"] > 100
    assert search["right"] <= theme["left"]


@pytest.mark.parametrize("wall", [5.05, 98.0, 100.5, 101.0, 120.3])
def test_the_last_label_of_the_scale_is_whole(
    show: Open, grower: Grower, wall: float
) -> None:
    """However near to the end the last mark is, its label is within, and alone."""
    grower.call(grower.thread("MainThread"), MAIN, wall)
    page = show(grower.finish(), "#metric=wall")
    (ruler,) = boxes(page, "#ruler")
    marks = boxes(page, "#ruler .mark")
    assert marks[-1]["right"] <= ruler["right"]
    for one, other in pairwise(marks):
        assert one["right"] <= other["left"]


def test_the_list_of_keys_is_whole(show: Open, grower: Grower) -> None:
    """On a small window all of it is seen, each key on the line of what it does."""
    grower.call(grower.thread("MainThread"), MAIN, 10)
    page = show(grower.finish())
    page.resize(800, 600)
    page.press("?")
    (dialog,) = boxes(page, "#keys")
    (close,) = boxes(page, "#keys form button")
    (note,) = boxes(page, "#keys p")
    assert dialog["top"] >= 0
    assert close["bottom"] + 16 < dialog["bottom"] <= 600
    assert close["top"] >= note["bottom"] + 8
    caps, words = boxes(page, "#keys dt"), boxes(page, "#keys dd")
    assert len(caps) == len(words) == 17
    for cap, word in zip(caps, words, strict=True):
        assert abs(cap["top"] - word["top"]) < 4
        assert cap["right"] <= word["left"]


def test_slivers_have_the_colours_of_their_frames(show: Open, grower: Grower) -> None:
    """What is thinner than a pixel is painted in its colour, between wide frames."""
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    grower.call(module, RUN, 49)
    for _ in range(40):
        grower.call(module, FIB, 0.04)
    grower.call(module, RUN, 49)
    page = show(grower.finish(), "#order=first&metric=wall&colour=self")
    frame, sliver = page.run("""[0.25, 0.502].map((part) => {
        const x = Math.round(part * canvas.width);
        return [...canvas.getContext("2d").getImageData(x, 43, 1, 1).data];
    })""")
    assert frame[3] == sliver[3] == 255
    assert frame != sliver
