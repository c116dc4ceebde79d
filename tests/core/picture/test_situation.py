"""The four situations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from calsight.core.model.events import Organizer, PartStat, Status
from calsight.core.model.meetings import Kind, Meeting
from calsight.core.model.options import OwnerOptions, SituationOptions, WorkOptions
from calsight.core.model.report import Level, Situation
from calsight.core.picture.situation import situation
from calsight.testing import address, event
from meeting_support import account_of, at, away, group, meeting, one_to_one

WEEKS = 8


def judged(meetings: list[Meeting], *, level: Level = "watch", work: WorkOptions | None = None, **me: Any) -> Situation:
    account = account_of(meetings, weeks=WEEKS, work=work or WorkOptions(), owner=OwnerOptions(**me))
    return situation(account, level)


def full_days(hours: float) -> list[Meeting]:
    """Every working day a meeting of three from nine o'clock on, so long."""
    return [group(at(week, day, 9), minutes=60 * hours) for week in range(WEEKS) for day in range(5)]


def arranged(count: int, *, by_me: bool) -> list[Meeting]:
    """So many short one-to-ones at nine on different days, arranged by one side; nobody has answered yet."""
    found = []
    for n in range(count):
        made = one_to_one(at(n // 5, n % 5, 9), f"p{n}", minutes=5, organised_by_me=by_me)
        people = tuple(replace(a, partstat=PartStat.NEEDS_ACTION) for a in made.event.attendees)
        organizer = Organizer("me@example.com" if by_me else address(f"p{n}"))
        found.append(replace(made, event=replace(made.event, organizer=organizer, attendees=people)))
    return found


def invited(who: str, when: datetime, answer: PartStat, **fields: Any) -> Meeting:
    """An invitation to a one-to-one that the owner answered so."""
    made = event(who, "me", at=when, minutes=5)
    people = tuple(replace(a, partstat=answer) if a.address == "me@example.com" else a for a in made.attendees)
    kind = Kind.EXCLUDED if answer is PartStat.DECLINED else Kind.ONE_TO_ONE
    reason = "declined" if answer is PartStat.DECLINED else "two_people"
    return Meeting(replace(made, attendees=people, **fields), kind, reason, held=True)


class TestTime:
    def test_open_blocks_of_half_an_hour_count_as_a_share_of_working_time(self):
        found = judged(full_days(6)).time
        assert (found.value, found.known) == (pytest.approx(2 / 8), True)
        assert found.details["filled"] == pytest.approx(6 / 8)
        assert found.details["open_half_hours_a_week"] == 20

    def test_short_breaks_are_not_open(self):
        rows = [group(at(week, day, 9 + n), minutes=35) for week in range(WEEKS) for day in range(5) for n in range(8)]
        found = judged(rows).time
        assert found.value == 0
        assert found.details["filled"] == pytest.approx(35 / 60)

    def test_focus_time_and_unknown_entries_are_taken_declined_ones_are_not(self):
        focus = meeting(Kind.SOLO, at(0, 0, 9), minutes=240)
        hidden = meeting(Kind.UNKNOWN, at(0, 1, 9), minutes=240)
        declined = meeting(Kind.EXCLUDED, at(0, 2, 9), minutes=240)
        base = judged(full_days(1)).time.value
        assert base is not None
        assert judged([*full_days(1), focus]).time.value == pytest.approx(base - 3 / (8 * 5 * WEEKS))
        assert judged([*full_days(1), hidden]).time.value == pytest.approx(base - 3 / (8 * 5 * WEEKS))
        assert judged([*full_days(1), declined]).time.value == base

    def test_a_calendar_that_is_hardly_filled_tells_nothing(self):
        found = judged(full_days(1))
        assert found.time.known is False
        assert found.reasons[0].code == "situation_time_unknown"

    def test_leave_and_silent_weeks_are_not_open_time(self):
        used = [m for m in full_days(4) if m.start < at(4)]
        leave = away(at(4, 0, 0), at(6, 0, 0))
        found = judged([*used, leave]).time  # and two silent weeks
        assert found.value == pytest.approx(0.5)
        assert found.details["open_half_hours_a_week"] == 40

    def test_leave_that_began_before_the_window_is_leave(self):
        used = [m for m in full_days(4) if m.start >= at(2, 0, 0)]
        early = group(at(0, 4, 9))  # in the first week, so that it is not silent
        found = judged([early, *used, away(at(-3, 0, 0), at(1, 4, 0))])
        # Of the first two weeks only the second Friday was worked.
        assert found.time.value == pytest.approx((8 + 6 * 5 * 4) / (8 + 6 * 5 * 8))

    def test_what_stands_beside_it(self):
        early = one_to_one(at(0, 0, 7), "bo")
        across = [group(at(0, 1, 9), minutes=60), one_to_one(at(0, 1, 9.5), "bo")]
        gone = meeting(Kind.EXCLUDED, at(0, 2, 10), reason="cancelled")
        theirs = replace(gone, event=event("bo", "me", at=at(0, 2, 10), status=Status.CANCELLED))
        mine = replace(gone, event=event("me", "bo", at=at(0, 2, 12), status=Status.CANCELLED))
        details = judged([early, *across, theirs, mine]).time.details
        assert (details["outside_working_hours"], details["overlaps"], details["cancelled_by_others"]) == (1, 1, 1)


class TestInterest:
    def test_arranging_against_having_arranged(self):
        found = judged(full_days(1) + arranged(6, by_me=True) + arranged(7, by_me=False)[6:]).interest
        assert found.details["arranging"] == {"towards": 6, "away": 1}
        assert (found.known, found.value) == (True, pytest.approx(6 / 7))

    def test_a_series_is_one_choice(self):
        weekly = [replace(m, event=replace(m.event, series="s")) for m in arranged(6, by_me=True)]
        assert judged(full_days(1) + weekly).interest.details["arranging"] == {"towards": 1, "away": 0}

    def test_accepting_against_declining_invitations_to_one_to_ones(self):
        yes = [invited("bo", at(0, day, 9), PartStat.ACCEPTED) for day in range(3)]
        no = [invited("bo", at(1, day, 9), PartStat.DECLINED) for day in range(2)]
        maybe = invited("bo", at(2, 0, 9), PartStat.TENTATIVE)
        many = replace(no[0], event=event("bo", "me", "cem", at=at(2, 1, 9), declined=["me"]))
        found = judged([*full_days(1), *yes, *no, maybe, many]).interest
        assert found.details["accepting"] == {"towards": 3, "away": 2}

    def test_declining_for_leave_says_nothing(self):
        no = [invited("bo", at(1, day, 9), PartStat.DECLINED) for day in range(2)]
        found = judged([*full_days(1), *no, away(at(1, 0, 0), at(2, 0, 0))]).interest
        assert found.details["accepting"] == {"towards": 0, "away": 0}

    def test_nor_does_declining_for_leave_that_began_before_the_window(self):
        no = [invited("bo", at(0, day, 9), PartStat.DECLINED) for day in range(2)]
        found = judged([*full_days(1), *no, away(at(-3, 0, 0), at(1, 0, 0))]).interest
        assert found.details["accepting"] == {"towards": 0, "away": 0}

    def test_moving_ones_own_against_cancelling_it(self):
        def occurrence(week: int, **fields: Any) -> Meeting:
            made = event("me", "bo", at=at(week, 0, 9), series="s", original_start=at(week, 0, 9))
            return Meeting(replace(made, **fields), Kind.ONE_TO_ONE, "two_people", held=True)

        moved = occurrence(0, start=at(0, 1, 9), end=at(0, 1, 10))
        cancelled = occurrence(1, status=Status.CANCELLED)
        found = judged([*full_days(1), moved, cancelled, occurrence(2)]).interest
        assert found.details["moving"] == {"towards": 1, "away": 1}

    def test_a_few_choices_tell_nothing(self):
        found = judged(full_days(1) + arranged(5, by_me=True))
        assert found.interest.known is False
        assert found.reasons[1].code == "situation_interest_unknown"


class TestLabel:
    @pytest.mark.parametrize("hours", [2.5, 7])
    @pytest.mark.parametrize("by_me", [True, False])
    def test_time_and_interest_make_four(self, hours: float, by_me: bool):
        found = judged(full_days(hours) + arranged(10, by_me=by_me), level="watch")
        assert found.label == f"{'much' if hours < 5 else 'little'}_time_{'high' if by_me else 'low'}_interest"
        assert found.borderline == []
        assert "Evarts describes this as" in found.reasons[2].text

    @pytest.mark.parametrize("label", ["little_time_low_interest", "much_time_high_interest"])
    def test_advice_asks_and_offers(self, label: str):
        much, high = label.startswith("much"), "high" in label
        found = judged(full_days(4), has_room=much, wants_more=high)
        assert found.label == label
        assert len(found.advice) >= 2
        assert all("ask" in a.text.lower() and "offer" in a.text.lower() for a in found.advice)

    def test_one_unknown_axis_leaves_it_open(self):
        found = judged(full_days(4))
        assert (found.label, found.borderline, found.advice) == (None, [], [])
        assert found.time.known

    def test_near_a_cut_both_neighbours_are_named(self):
        found = judged(full_days(5.5) + arranged(10, by_me=True))
        assert found.time.value is not None
        assert abs(found.time.value - found.time.cut) < 0.1
        assert found.borderline == ["little_time_high_interest", "much_time_high_interest"]
        assert found.reasons[-1].text.endswith("much time, high interest would fit nearly as well.")

    @pytest.mark.parametrize("hours", [8 * 0.55, 8 * 0.75])  # 45 % and 25 % open: ten points from the cut, to the hair
    def test_ten_points_from_a_cut_is_still_near(self, hours: float):
        found = judged(full_days(hours) + arranged(10, by_me=True))
        assert found.time.value == pytest.approx(1 - hours / 8)
        assert len(found.borderline) == 2

    def test_ones_own_word_wins_and_is_said(self):
        meetings = full_days(7) + arranged(10, by_me=False)
        found = judged(meetings, has_room=True, wants_more=True)
        assert found.label == "much_time_high_interest"
        assert (found.you_said.time, found.you_said.interest) == (True, True)
        assert [r.code for r in found.reasons[:2]] == ["situation_you_said_time_yes", "situation_you_said_interest_yes"]
        assert found.time.value == pytest.approx(1 / 8)

    @pytest.mark.parametrize(
        ("by_me", "level", "code", "beside"),
        [
            (False, "ok", "situation_contradiction_ok", ["much_time_high_interest"]),
            (
                True,
                "at_risk",
                "situation_contradiction_at_risk",
                ["much_time_low_interest", "little_time_high_interest"],
            ),
        ],
    )
    def test_a_contradiction_with_the_flag_is_said(self, by_me: bool, level: Level, code: str, beside: list[str]):
        found = judged(full_days(2.5) + arranged(10, by_me=by_me), level=level)
        assert found.reasons[-1].code == code
        assert found.borderline == [found.label, *beside]

    def test_nobody_at_risk_is_given_advice_for_the_thriving(self):
        meetings = full_days(2.5) + arranged(10, by_me=True)
        assert judged(meetings, level="at_risk").label == "much_time_high_interest"
        assert judged(meetings, level="at_risk").advice == []
        assert [advice.code for advice in judged(meetings, level="watch").advice] == [
            "advice_much_time_high_interest_1",
            "advice_much_time_high_interest_2",
        ]

    def test_who_is_content_by_their_own_word_is_not_told_of_too_few_steps(self):
        found = judged(full_days(2.5) + arranged(10, by_me=True), level="ok", wants_more=False)
        assert found.reasons[-1].code == "situation_contradiction_ok_said"
        assert found.borderline == ["much_time_low_interest", "much_time_high_interest"]

    def test_without_enough_data_nothing_is_named(self):
        found = judged(full_days(2.5) + arranged(10, by_me=True), level="insufficient_data")
        assert (found.label, found.advice) == (None, [])
        assert found.reasons[-1].code == "situation_nothing_said"


def test_when_an_axis_is_known_is_a_setting():
    meetings = full_days(1) + arranged(5, by_me=True)
    assert not judged(meetings).time.known
    assert not judged(meetings).interest.known
    easy = SituationOptions(min_filled=0.1, min_choices=5)
    found = situation(account_of(meetings, weeks=WEEKS, situation=easy), "watch")
    assert (found.time.known, found.interest.known) == (True, True)
    assert found.label == "much_time_high_interest"
