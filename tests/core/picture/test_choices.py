"""The owner's choices towards people and away from them, at their edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from calsight.core.model.events import Status
from calsight.core.model.meetings import Kind, Meeting, Owner
from calsight.core.model.options import PeopleOptions, SituationOptions
from calsight.core.people.directory import Directory
from calsight.core.picture.choices import Choices, ForTwo, for_two, interest_of
from calsight.core.time.intervals import Spans
from meeting_support import at, group, one_to_one

NEVER_AWAY = Spans.of([])


def interest(*entries: ForTwo, seen: tuple[Meeting, ...] = (), **options: float):
    return interest_of(seen, entries, NEVER_AWAY, replace(SituationOptions(), **options))


def invited(n: int, *, accepted: bool | None, series: str | None = None) -> ForTwo:
    made = one_to_one(at(n), "bo")
    return ForTwo(replace(made, event=replace(made.event, uid=f"invited{n}", series=series)), False, accepted)


def own(n: int, *, moved: bool = False, cancelled: bool = False, series: str | None = "s") -> ForTwo:
    made = one_to_one(at(n), "bo")
    rule = made.event.start + timedelta(hours=moved)
    status = Status.CANCELLED if cancelled else Status.CONFIRMED
    return ForTwo(
        replace(made, event=replace(made.event, series=series, original_start=rule, status=status)), True, True
    )


def test_an_entry_is_for_two_if_it_names_one_other():
    directory = Directory(Owner(addresses=("me@example.com",)), PeopleOptions())
    seen = [one_to_one(at(0), "bo"), group(at(1))]
    assert [one.meeting for one in for_two(seen, directory)] == seen[:1]


def test_nothing_is_chosen_until_something_is():
    assert Choices().total == 0
    assert interest().value is None


@pytest.mark.parametrize(("answers", "value"), [([True], None), ([True, False], 0.5), ([True, True, False], 2 / 3)])
def test_a_part_speaks_from_two_choices_on(answers, value):
    found = interest(*(invited(n, accepted=answer) for n, answer in enumerate(answers)))
    assert found.value == (value if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("answers", "accepted"), [([True, False], 1), ([True, False, False], 0), ([True, True, False], 1)]
)
def test_a_series_counts_once_as_it_was_answered_half_of_the_time(answers, accepted):
    found = interest(*(invited(n, accepted=answer, series="s") for n, answer in enumerate(answers)))
    assert found.details["accepting"] == {"towards": accepted, "away": 1 - accepted}


def test_what_nobody_answered_is_no_choice():
    assert interest(invited(0, accepted=None)).details["accepting"] == {"towards": 0, "away": 0}


def test_moving_is_told_in_ones_own_series_only():
    kept = [own(2), own(4), own(5)]
    found = interest(own(0, moved=True), own(1, cancelled=True), *kept, own(3, moved=True, series=None))
    assert found.details["moving"] == {"towards": 1, "away": 1}
    theirs = [replace_mine(entry) for entry in (own(0, moved=True), own(1, cancelled=True))]
    assert interest(*theirs).details["moving"] == {"towards": 0, "away": 0}


def replace_mine(entry: ForTwo) -> ForTwo:
    return entry._replace(mine=False, accepted=None)


def test_what_falls_into_an_absence_is_no_choice():
    away = Spans.of([(at(0, 0, 0), at(0, 6, 0))])
    entries = [own(0, cancelled=True), own(1, cancelled=True), invited(0, accepted=False)]
    details = interest_of((), entries, away, SituationOptions()).details
    assert (details["moving"]["away"], details["accepting"]["away"]) == (1, 0)


def test_the_parts_that_are_known_count_alike():
    mine = [replace(one_to_one(at(n), f"p{n}"), organised_by_me=True) for n in range(4)]
    theirs = [replace(one_to_one(at(9), "bo"), organised_by_me=False, kind=Kind.GROUP)]
    entries = [invited(n, accepted=False) for n in range(2)]
    found = interest(*entries, seen=(*mine, *theirs))
    assert found.value == pytest.approx((1 + 0) / 2)


@pytest.mark.parametrize(("choices", "known"), [(3, False), (4, True)])
def test_it_is_known_from_enough_choices_on(choices, known):
    entries = [invited(n, accepted=True) for n in range(choices)]
    assert interest(*entries, min_choices=4).known is known
