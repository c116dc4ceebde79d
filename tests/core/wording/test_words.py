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


def test_a_label_is_counted_and_what_has_none_is_its_own_word():
    words = Words()
    assert [words.label("one_to_one", "kind", count=count) for count in (1, 2)] == ["one-to-one", "one-to-ones"]
    assert words.label("company_standup") == "company standup"
    assert words.label(None) == "not known"


def test_moments_are_days_where_the_owner_lives():
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert Words(zone="Europe/Berlin").day(late) == "2 Mar 2026"
    assert Words(zone="America/New_York").day(late, "short") == "1 Mar"
    assert Words(zone="Europe/Berlin").last_day(datetime(2026, 3, 1, 23, tzinfo=UTC)) == date(2026, 3, 1)
    assert Words().day(None) == "not known"


def test_english_says_a_reason_as_it_was_said():
    told = reason("would_fall", weeks=3, level="watch").model_copy(update={"text": "As an older version said it."})
    assert Words().said(told) == "As an older version said it."
