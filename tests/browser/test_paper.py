"""Print is a document: everything is in it, whole and in order; in the browser's PDF and in WeasyPrint's."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from calsight.render.html.view import view
from calsight.render.languages import words_in
from render.worlds import WORLDS

pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed (the dev group has it)")

PAGES = ["watch", "much_time_high_interest", "little_time_high_interest.de", "empty"]
MARGIN = 40  # points, below which only the page's number stands
SIZES = {"A4": 842, "Letter": 792}


def by_browser(opened: Callable[..., Any], name: str, size: str) -> bytes:
    made: bytes = opened(name).pdf(format=size, print_background=True)
    return made


def by_weasyprint(opened: Callable[..., Any], name: str, size: str) -> bytes:
    paper = pytest.importorskip("calsight.render.html.paper")
    pytest.importorskip("weasyprint", reason="a PDF needs the extra [pdf]", exc_type=(ImportError, OSError))
    world, _, language = name.partition(".")
    report = WORLDS[world]()
    made: bytes = paper.pdf(report, words_in(language or "en", zone=report.owner.zone), size=size)
    return made


def plain(text: str) -> str:
    """Text without what line breaks, hyphens and ligatures do to it."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", unicodedata.normalize("NFKC", text))


def everything(name: str) -> list[str]:
    """What a printed page must say, in its order of importance."""
    world, _, language = name.partition(".")
    report = WORLDS[world]()
    words = words_in(language or "en", zone=report.owner.zone)
    told = view(report, words)
    charts = [chart for chart in told["charts"].values() if chart]
    return [
        told["verdict"],
        *told["reasons"],
        told["change"],
        *told["actions"],
        *(each["text"] for each in told["attention"]["own"]),
        *(f"{each['name']}{each['status']}" for each in told["attention"]["needy"]),
        *(figure.name for figure in told["figures"]),
        *([told["year"]["summary"]] if told["year"] else []),
        *(part for chart in charts for part in (chart["title"], chart["summary"])),
        *told["situation_says"],
        *(person["name"] for person in told["people"][: told["printed"]]),
        *told["left_out"],
        words("caveat"),
        told["made"],
    ]


@pytest.mark.parametrize("made", [by_browser, by_weasyprint])
@pytest.mark.parametrize(("name", "size"), [(name, "A4") for name in PAGES] + [("crowd", "Letter")])
def test_all_that_matters_is_on_paper_and_no_third_of_a_page_is_blank(opened, made, name, size):
    pages = pypdf.PdfReader(io.BytesIO(made(opened, name, size))).pages
    assert all(abs(float(page.mediabox.height) - SIZES[size]) < 2 for page in pages)
    text = plain("".join(page.extract_text() for page in pages))
    assert [said for said in everything(name) if plain(said) not in text] == []
    for page in pages[:-1]:
        assert lowest_text(page) < SIZES[size] / 3, "a third of the page is blank"


def lowest_text(page: Any) -> float:
    """How far from the bottom the last line stands, the page's number left out (points)."""
    heights = []

    def note(text: str, page: Any, line: Any, *_: Any) -> None:
        if text.strip() and not re.fullmatch(r"[\d\s/]+", text):
            heights.append(line[4] * page[1] + line[5] * page[3] + page[5])

    page.extract_text(visitor_text=note)
    return min(height for height in heights if height > MARGIN)  # text in drawings is placed in their own coordinates


def test_actions_come_first_and_those_who_fade_next(opened):
    text = plain(pypdf.PdfReader(io.BytesIO(by_browser(opened, "watch", "A4"))).pages[0].extract_text())
    places = [
        text.index(plain(said)) for said in ("Worth watching", "What to do next", "Who needs you", "one-to-ones a week")
    ]
    assert places == sorted(places)


def test_those_who_need_attention_are_never_the_rows_that_are_left_out():
    from calsight.core.wording.words import Words

    crowd = WORLDS["crowd"]()
    cooling = [tie.model_copy(update={"status": "cooling"}) for tie in crowd.relationships[:60]]
    told = view(crowd.model_copy(update={"relationships": [*cooling, *crowd.relationships[60:]]}), Words())
    assert all(not person["needy"] for person in told["people"][told["printed"] :])
    assert told["printed"] >= 60
