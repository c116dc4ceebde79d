"""The report as Markdown: a parser that is not ours says what it means."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from calsight.reading import plugins
from calsight.render.markdown import MarkdownRenderer, escaped
from calsight.render.safe import tidy
from render.reports import a_comparison, a_report, an_empty_report
from render.worlds import ATTACKS, SCRIPTS, of_names

#: Raw HTML, tables and bare addresses as links: the most that a reader might make of it.
READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def markdown(report) -> str:
    return "".join(plugins.load_renderer("markdown")(report))


def body(text: str) -> str:
    return text.split("---\n", 2)[2]


def tokens(text: str):
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def said(text: str) -> str:
    return " ".join(token.content for token in tokens(text) if token.type == "text")


def test_the_front_matter_is_what_notes_can_sort_by():
    _, front, _ = markdown(a_report()).split("---\n", 2)
    properties = dict(line.split(": ", 1) for line in front.splitlines())
    found = {name: json.loads(value) for name, value in properties.items()}
    assert found["schema"] == "calsight.markdown/1"
    assert (found["level"], found["since"], found["rate"]) == ("watch", "2025-12-01", 0.6)
    assert found["tags"] == ["calsight"]


def test_it_says_what_the_page_says():
    text = said(body(markdown(a_report(comparison=a_comparison()))))
    for part in ("Worth watching", "likely below one a fortnight", "Your people", "Bo Lindqvist", "What to do next"):
        assert part in text
    assert "Against the report of" in text
    assert "no performance review" in text


def test_the_people_are_a_table():
    kinds = [token.type for token in tokens(body(markdown(a_report())))]
    assert kinds.count("table_open") == 1
    assert kinds.count("tr_open") == 13


def test_what_is_not_known_is_null_in_the_front_matter_and_words_in_the_text():
    text = markdown(an_empty_report())
    assert "rate: null" in text
    assert "not known one-to-ones a week" in text


@pytest.mark.parametrize("names", [ATTACKS, SCRIPTS], ids=["attacks", "scripts"])
def test_names_are_text_and_nothing_else(names):
    report = of_names(names, "<b>Ana</b>")
    text = markdown(report)
    typed = [token.content for token in tokens(body(text)) if token.type == "code_inline"]
    assert typed == [tidy(question.command) for question in report.questions]
    kinds = {token.type for token in tokens(body(text))}
    assert not kinds & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "fence",
        "code_block",
        "s_open",
    }
    assert text.count("\n---\n") == 1  # the front matter's end
    shown = said(body(text))
    for name in names:
        assert tidy(name) in shown


@given(st.text(max_size=60))
def test_whatever_is_escaped_comes_back_as_it_was(text):
    """CommonMark reads any escaped text as itself, at the beginning of a line and inside of one."""
    for before in ("", "- ", "a "):
        found = said(before + escaped(text)).removeprefix(before.strip("- "))
        assert " ".join(found.split()) == " ".join(tidy(text).split())


def test_ones_own_people_stand_before_the_rest():
    shown = "".join(MarkdownRenderer()(of_names(("Bo Lind",), "Ana")))
    assert (
        "## Your own people (1)\n\n- Bo Lind: no one-to-one in these weeks, and you want to meet every 3 weeks.\n"
        in shown
    )
    assert shown.index("Your own people") < shown.index("## Your people")
