"""A stranger's text is made harmless, in the same way for the terminal and for the page."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.render.html.renderer import page
from calsight.render.safe import clean, tidy
from calsight.render.terminal.report import ReportView
from calsight.render.terminal.screen import console
from render.reports import a_report

#: Marks that are not seen: of no width, of direction, a byte order mark, and a control character.
UNSEEN = ("\u200b", "\u200e", "\ufeff", "\u202e", "\u2066", "\u2060", "\x07", "\x9b", "\U000e0041")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ana\u200b Diaz\ufeff", "Ana Diaz"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("two\nlines\u2028and three", "two lines and three"),
        ("bell\x07", "bell "),
        ("👩\u200d🚀 Zoë", "👩\u200d🚀 Zoë"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("lone \ud800 half", "lone  half"),
    ],
)
def test_what_is_unseen_goes_and_what_belongs_to_words_stays(text, shown):
    assert clean(text) == shown


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_clean_text_is_one_line_that_steers_nothing_and_stays_as_it_is(text):
    once = clean(text)
    assert not {unicodedata.category(char) for char in once} & {"Cc", "Cs", "Zl", "Zp"}
    assert clean(once) == once
    assert tidy(text) == " ".join(once.split())


@pytest.mark.parametrize("mark", UNSEEN)
def test_terminal_and_page_are_the_same_about_it(mark, capsys):
    report = a_report(names=(f"Bo{mark}Lindqvist",))
    screen = console(width=120)
    screen.print(ReportView(report))
    for shown in (capsys.readouterr().out, page(report)):
        assert mark not in shown
        assert "Lindqvist" in shown
