"""A language at work: which form a number takes, what a word for a key is, and which day a moment is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from calsight.core.wording.reasons import reason
from calsight.core.wording.words import ENGLISH, Words


def polish(count: int) -> int:
    """One; a few (2-4, 22-24, …); many."""
    if count == 1:
        return 0
    return 1 if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14 else 2


POLISH = replace(
    ENGLISH,
    code="pl",
    forms=3,
    plural=polish,
    templates={
        "weeks": "{weeks:# tydzień|# tygodnie|# tygodni}",
        "days": "{days:dzisiaj|# dzień temu|# dni temu|# dni temu}",
        "people": "{people:# osoba|# osób}",
    },
)


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 tydzień"), (3, "3 tygodnie"), (5, "5 tygodni"), (12, "12 tygodni"), (22, "22 tygodnie"), (0, "0 tygodni")],
)
def test_a_language_may_have_three_plural_forms(count, said):
    assert Words(POLISH)("weeks", weeks=count) == said


@pytest.mark.parametrize(("days", "said"), [(0, "dzisiaj"), (1, "1 dzień temu"), (4, "4 dni temu")])
def test_a_form_more_is_for_nought(days, said):
    assert Words(POLISH)("days", days=days) == said


def test_what_is_no_whole_number_takes_the_last_form():
    assert Words(POLISH)("weeks", weeks=2.5) == "2.5 tygodni"
    assert Words().counted(1.5, ["# week", "# weeks"]) == "1.5 weeks"


@pytest.mark.parametrize(("people", "said"), [(1, "1 osoba"), (3, "3 osób"), (5, "5 osób")])
def test_where_forms_are_missing_the_last_will_do(people, said):
    assert Words(POLISH)("people", people=people) == said


def test_a_label_is_counted_and_what_has_none_is_its_own_word():
    words = Words()
    assert [words.label("one_to_one", "kind", count=count) for count in (1, 2)] == ["one-to-one", "one-to-ones"]
    assert words.label("one_to_one", "kind") == "one-to-one"
    assert words.label("company_standup") == "company standup"
    assert words.label(None) == "not known"


def test_moments_are_days_where_the_owner_lives():
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert Words(zone="Europe/Berlin").day(late) == "2 Mar 2026"
    assert Words(zone="America/New_York").day(late, "short") == "1 Mar"
    assert Words(zone="Europe/Berlin").last_day(datetime(2026, 3, 1, 23, tzinfo=UTC)) == date(2026, 3, 1)
    assert Words().day(None) == "not known"


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("long", "2 September 2026"),
        ("medium", "2 Sep 2026"),
        ("short", "2 Sep"),
        ("weekday", "Wed  2 Sep"),
        ("number", "2026-09-02"),
        ("full", "Wed 2026-09-02"),
    ],
)
def test_a_day_in_every_style(style, said):
    assert Words().day(date(2026, 9, 2), style) == said


def test_what_charts_call_months_and_days():
    assert (ENGLISH.months_short[8], ENGLISH.weekdays_short[2]) == ("Sep", "Wed")


@pytest.mark.parametrize("when", [date(2026, 9, 2), "2026-09-02", "2026-09-02T23:30:00+00:00"])
def test_a_reason_that_was_kept_as_text_has_its_day_still(when):
    words = Words(replace(ENGLISH, templates={"met": "{when:day}, {when:iso}"}))
    assert words.fill("met", {"when": when}) == "2 September 2026, 2026-09-02"


def test_of_more_than_four_days_three_are_told():
    def told(number: int) -> str:
        templates = {**ENGLISH.templates, "met": "{days:days}"}
        return Words(replace(ENGLISH, templates=templates))(
            "met", days=[date(2026, 3, day) for day in range(1, number + 1)]
        )

    assert told(4) == "1 March 2026, 2 March 2026, 3 March 2026 and 4 March 2026"
    assert told(5) == "1 March 2026, 2 March 2026, 3 March 2026 and 2 more"


def test_english_says_a_reason_as_it_was_said():
    told = reason("would_fall", weeks=3, level="watch").model_copy(update={"text": "As an older version said it."})
    assert Words().said(told) == "As an older version said it."
