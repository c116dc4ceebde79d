"""What a German reader is shown, in every medium: German, and German only."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from calsight.core.wording.catalogue import CATALOGUE
from calsight.render.html.renderer import page
from calsight.render.languages import load_language, words_in
from calsight.render.rendered import rendered
from calsight.render.terminal.report import ReportView
from calsight.render.terminal.screen import console
from render.html.test_html import Elements
from render.reports import a_comparison, a_report, an_empty_report
from render.worlds import of_the_demo

GERMAN = load_language("de").templates


def pieces(template: str) -> list[str]:
    """What a template says between its fields, where that is words enough to be told."""
    said = (" ".join(text.split()) for text, *_ in Formatter().parse(template))
    return [text for text in said if len(re.findall(r"[^\W\d]{2,}", text)) >= 2]


#: Pieces of English sentences that no German sentence has in it.
ENGLISH = {
    piece
    for code, template in CATALOGUE.items()
    for piece in pieces(template)
    if not any(piece in german for german in GERMAN.values())
}
NAMES = re.compile(r"Raise Your Visibility & Value")


def english_in(text: str) -> list[str]:
    flat = NAMES.sub("", " ".join(text.split()))
    return [piece for piece in ENGLISH if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", flat)]


def screen(report, width: int, capsys) -> str:
    console(width=width).print(ReportView(report, words_in("de", zone=report.owner.zone)))
    return re.sub(r"[│╭╮╰╯─]", " ", capsys.readouterr().out)


@pytest.fixture(scope="module", params=["little_time_high_interest", "much_time_low_interest", "made up", "empty"])
def report(request):
    if request.param == "empty":
        return an_empty_report()
    # Problems are said by connectors, and in English.
    return (
        a_report(comparison=a_comparison(), problems=[]) if request.param == "made up" else of_the_demo(request.param)
    )


@pytest.mark.parametrize("width", [60, 130])
def test_the_terminal_is_german(report, width, capsys):
    assert english_in(screen(report, width, capsys)) == []


def test_the_page_is_german(report):
    made = page(report, words_in("de", zone=report.owner.zone))
    assert '<html lang="de"' in made
    assert english_in(Elements(made).text) == []


def test_the_markdown_is_german(report):
    assert english_in(rendered(report, "markdown", language="de").replace("\\", "")) == []


def test_the_test_would_notice(report):
    assert english_in(Elements(page(report)).text)


def test_the_charts_have_german_months_and_decimals():
    drawn = page(of_the_demo("much_time_high_interest"), words_in("de"))
    assert re.search(r">\d+\. (Mai|Okt|Dez)<", drawn)
    assert ">0,5<" in drawn or ">gesund 1,0<" in drawn
