"""Silent by contrast: weeks without a sign of presence where the owner's other weeks hold many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.meetings import YOU_SAID, Kind, Meeting
from calsight.core.rate.silence import Sign, signs_of_presence, silent_stretches
from meeting_support import at, group, meeting

FIRST = date(2026, 1, 5)
WEEK = timedelta(weeks=1)


def signs(*counts: int, alive: date | None = None) -> list[Sign]:
    return [Sign(FIRST + WEEK * place, alive) for place, count in enumerate(counts) for _ in range(count)]


def weeks(number: int, working: float = 1.0) -> dict[date, float]:
    return {FIRST + WEEK * place: working for place in range(number)}


def silent(*counts: int, working: float = 1.0, alive: date | None = None) -> list[tuple[int, ...]]:
    found = silent_stretches(signs(*counts, alive=alive), weeks(len(counts), working))
    return [tuple((monday - FIRST) // WEEK for monday in stretch) for stretch in found]


def test_three_signs_a_week_make_two_empty_weeks_silent() -> None:
    assert silent(3, 3, 3, 3, 0, 0, 3, 3) == [(4, 5)]


def test_five_signs_in_the_only_other_week_make_one_silent() -> None:
    assert silent(5, 0) == [(1,)]


def test_one_such_week_may_be_chance() -> None:
    assert silent(3, 3, 3, 3, 0, 3, 3, 3) == []


def test_one_sign_a_week_needs_five_weeks() -> None:
    assert silent(*[1] * 12, 0, 0, 0, 0) == []
    assert silent(*[1] * 12, 0, 0, 0, 0, 0) == [(12, 13, 14, 15, 16)]


def test_a_long_silence_does_not_hide_how_many_signs_are_usual() -> None:
    """Half of the weeks are empty, so that the rate over all of them is half the usual one."""
    assert silent(4, 4, 4, *[0] * 9, 4, 4, 0, 0, 4) == [tuple(range(3, 12)), (14, 15)]


def test_who_has_hardly_any_sign_is_never_silent() -> None:
    assert silent(1, *[0] * 11, 1, *[0] * 12) == []
    assert silent(*[0] * 26) == []


def test_weeks_without_working_time_neither_count_nor_part_a_stretch() -> None:
    working = weeks(7) | {FIRST + 4 * WEEK: 0.0}
    assert silent_stretches(signs(3, 3, 3, 0, 0, 0, 3), working) == [(FIRST + 3 * WEEK, FIRST + 5 * WEEK)]


def test_half_weeks_need_twice_as_many() -> None:
    assert silent(3, 3, 3, 3, 3, 3, 0, 0, working=0.5) == [(6, 7)]  # the rate is one of working time
    assert silent(1, 1, 1, 1, 1, 1, 0, 0, working=0.5) == []


def test_a_calendar_that_was_given_up_says_nothing_of_the_weeks_after_it() -> None:
    """A new employer, another calendar: how many meetings the old one held is no measure for the new one."""
    assert silent(3, 3, 3, 3, 0, 0, 0, alive=FIRST + 3 * WEEK) == []
    assert silent(3, 3, 3, 3, 0, 0, 0, alive=FIRST + 4 * WEEK) == [(4, 5, 6)]


@given(st.lists(st.integers(0, 6), max_size=40))
def test_silent_weeks_have_no_sign_and_the_others_say_so(counts: list[int]) -> None:
    found = silent(*counts)
    assert all(counts[place] == 0 for stretch in found for place in stretch)
    if found:
        shown = [count for place, count in enumerate(counts) if not any(place in stretch for stretch in found)]
        assert min(map(len, found)) * sum(shown) / len(shown) > 4.6  # -log 1 %


@given(st.lists(st.integers(0, 6), min_size=1, max_size=30), st.data())
def test_another_sign_never_makes_its_own_week_silent(counts: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(counts) - 1))
    more = [count + (index == place) for index, count in enumerate(counts)]
    assert not any(place in stretch for stretch in silent(*more))


def told(*meetings: Meeting) -> int:
    """How many signs of presence they are, at half past ten on the third Monday."""
    return len(signs_of_presence(meetings, until=at(2, 0, 10.5), zone="UTC"))


def test_what_ends_then_was_held() -> None:
    assert [told(group(at(2, 0, 10), minutes=minutes)) for minutes in (30, 31)] == [1, 0]


def test_of_a_series_only_what_somebody_moved_is_a_sign():
    weekly = replace(group(at(1)).event, series="weekly", original_start=at(1))
    held, moved = (replace(group(at(1)), event=replace(weekly, start=at(1, day), end=at(1, day, 11))) for day in (0, 1))
    assert [told(held), told(moved)] == [0, 1]


def test_an_invitation_without_an_answer_is_a_sign_unless_they_answer_half_of_them() -> None:
    answered, open_ = group(at(0), answered=True), group(at(1), answered=False)
    assert told(answered, open_) == 1
    assert told(answered, open_, open_) == 3
    assert told(group(at(0)), open_) == 2


@pytest.mark.parametrize(("reason", "signs"), [(YOU_SAID, 1), ("declined", 0)])
def test_that_an_open_invitation_came_to_nothing_says_nothing_of_who_was_away(reason: str, signs: int):
    assert told(meeting(Kind.EXCLUDED, at(1), "bo", reason=reason, answered=False)) == signs
