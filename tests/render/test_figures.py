"""The key figures: what is known is said with its reason, and what is not is no number."""

from __future__ import annotations

from calsight.core.model.report import Visibility
from calsight.core.wording.words import Words
from calsight.render.figures import figures
from calsight.render.languages import words_in
from render.reports import a_report, an_empty_report


def test_each_figure_has_a_name_and_says_why():
    found = figures(a_report(), Words())
    assert [figure.name for figure in found] == [
        "one-to-ones a week",
        "one-to-ones held",
        "people met one-to-one",
        "visibility, of 100",
        "weeks that count",
    ]
    assert all(figure.why for figure in found)


def test_what_is_not_known_is_not_nought():
    rate, *_ = figures(an_empty_report(), Words())
    assert (rate.value, rate.below) == ("not known", "")
    assert "visibility, of 100" not in [figure.name for figure in figures(an_empty_report(), Words())]


def test_the_index_names_its_parts_and_those_that_are_left_out():
    index = Visibility(value=82.0, interval=(81.6, 82.4), contributions={"rate": 40.0, "reach": None})
    (shown,) = [figure for figure in figures(a_report(visibility=index), Words()) if "visibility" in figure.name]
    assert shown.parts == ("how often you meet: 40.0 points", "beyond your organisation: not known, left out")
    assert shown.below == ""  # both ends of the interval read 82


def test_german_figures_have_german_numbers():
    rate, held, *_ = figures(a_report(), words_in("de"))
    assert rate.value == "0,6"
    assert rate.name == "Einzelgespräche pro Woche"
    assert "\u00a0% der Zeit in Besprechungen" in held.below
