"""Ties at their borders: who comes first, what a tie weighs, and which moments still count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import exp
from typing import Any

import pytest

from calsight.core.model.events import NOTES
from calsight.core.model.meetings import Meeting, Owner, Person, Scope
from calsight.core.model.options import PeopleOptions, RelationshipOptions
from calsight.core.people.directory import Directory
from calsight.core.relationships.account import Account
from calsight.core.relationships.circle import _need
from calsight.core.relationships.interactions import noted_since
from calsight.core.relationships.rhythm import gaps, regularity
from calsight.core.relationships.tie import Tie
from calsight.testing import event
from meeting_support import ME, account_of, at, away, frame_of, group, one_to_one

OPTIONS = RelationshipOptions()
NOBODY = Directory(ME, PeopleOptions())
#: A calendar in use.
BUSY = [group(at(week, 0, 15)) for week in range(26)]


def ties(*meetings: Meeting, **fields: Any) -> dict[str, Tie]:
    return {tie.person.id.partition("@")[0]: tie for tie in account_of([*BUSY, *meetings], **fields).ties}


def tie(name: str, status: Any, alive: float | None, times: int, **fields: Any) -> Tie:
    """A relationship that was met so many times."""
    made = Tie(Person(name), Scope.ORGANISATION, "relationship_signs", status=status, alive=alive, **fields)
    held = [object()] * times  # how many is all that is asked
    return replace(made, interactions=tuple(held), silence=None if status is None else 1.0)  # type: ignore[arg-type]


class TestNeed:
    def test_whoever_cools_then_whoever_was_never_met_then_the_dormant_then_the_active(self):
        order = [
            tie("cooling", "cooling", 0.5, 1),
            tie("named", None, None, 0),
            tie("dormant", "dormant", 0.1, 3),  # less is lost than of the next
            tie("active", "active", 0.6, 50),
            replace(tie("booked", None, None, 0, expectation=("booked",)), silence=None),
            replace(tie("met", "cooling", 0.5, 9), stage="interactions_only"),
        ]
        assert sorted(order, key=_need) == order

    @pytest.mark.parametrize(
        ("first", "then"),
        [
            ((0.35, 3), (0.5, 3)),  # the less alive
            ((0.5, 9), (0.5, 3)),  # the more often met
            ((0.31, 3), (0.59, 9)),  # 0.69 · ln 4 is more than 0.41 · ln 10
        ],
    )
    def test_within_these_the_one_of_whom_most_was_lost(self, first: tuple[float, int], then: tuple[float, int]):
        order = [tie("b", "cooling", *first), tie("a", "cooling", *then)]
        assert sorted(order, key=_need) == order


class TestTie:
    def test_strength_is_what_meetings_still_weigh_if_the_tie_is_alive(self):
        bo = ties(*(one_to_one(at(week, 1), "bo") for week in (10, 20, 24)))["bo"]
        assert bo.alive is not None
        assert bo.strength == pytest.approx(bo.alive * (1 - exp(-bo.recent / 2)))
        assert 0.3 < bo.strength < 0.8

    @pytest.mark.parametrize(
        ("options", "status"),
        [
            (RelationshipOptions(active=1.0, active_once=1.0), "active"),
            (RelationshipOptions(active=1.1, active_once=1.1, cooling=1.0), "cooling"),
            (RelationshipOptions(active=1.2, active_once=1.2, cooling=1.1), "dormant"),
        ],
    )
    def test_a_status_begins_with_its_number(self, options: RelationshipOptions, status: str):
        booked = [one_to_one(at(3, 1), "bo"), one_to_one(at(27, 1), "bo", held=False)]  # alive: 1
        assert ties(*booked, relationships=options)["bo"].status == status

    @pytest.mark.parametrize(("weeks", "status"), [((11,), "active"), ((9,), "cooling"), ((5, 11), "cooling")])
    def test_after_a_single_meeting_it_is_later_called_cooling(self, weeks: tuple[int, ...], status: str):
        bo = ties(*(one_to_one(at(week, 1), "bo") for week in weeks))["bo"]
        assert bo.alive is not None
        assert bo.status == status, bo.alive

    def test_only_a_gap_that_lies_outside_leave_makes_it_said_sooner(self):
        """From 0.52 a tie of one meeting is active, and from 0.56 one that has a gap, however short."""
        again, short = (
            [one_to_one(at(9, day), "bo") for day in (1, 3)],
            [one_to_one(at(13, day), "bo") for day in (4, 5)],
        )
        leave = away(at(9, 0, 0), at(9, 5, 0))
        for meetings, gaps_of, status in (([*again, leave], [0], "active"), (short, [1 / 7], "cooling")):
            bo = ties(*meetings)["bo"]
            assert 0.525 < bo.alive < 0.555
            assert (bo.gaps, bo.status) == (pytest.approx(gaps_of), status)

    def test_who_lets_ties_be_active_sooner_does_not_raise_it_for_a_single_meeting(self):
        bo = ties(one_to_one(at(9, 1), "bo"), relationships=RelationshipOptions(active=0.51))["bo"]
        assert 0.51 < bo.alive < RelationshipOptions().active_once
        assert bo.status == "active"

    def test_the_scope_is_the_one_that_the_meeting_has(self):
        assert ties(one_to_one(at(20, 1), "bo", scope=Scope.INDUSTRY))["bo"].scope is Scope.INDUSTRY

    def test_somebody_known_by_name_is_called_as_they_were_last(self):
        as_written = ("BO BERG", "Bo Berg")
        meetings = [
            replace(one_to_one(at(20 + n, 1), "bo"), counterparts=(Person("name:bo berg", name),))
            for n, name in enumerate(as_written)
        ]
        assert ties(*meetings)["name:bo berg"].person.name == "Bo Berg"

    def test_who_is_denied_and_was_never_met_is_no_tie(self):
        roles = {"cy@example.com": "denied", "di@example.com": "manager", "bo@example.com": "manager"}
        found = ties(one_to_one(at(20, 1), "bo"), people=PeopleOptions(roles=roles))
        assert sorted(found) == ["bo", "di"]

    def test_leave_in_the_first_week_is_no_gap(self):
        meetings = [one_to_one(at(0, 0, 9), "bo"), one_to_one(at(1, 0, 9), "bo"), away(at(0, 1, 0), at(0, 5, 0))]
        assert ties(*meetings)["bo"].gaps == (pytest.approx(0.2),)


class TestMoments:
    def test_a_meeting_that_begins_at_the_moment_asked_about_has_not_begun(self):
        account = account_of([*BUSY, one_to_one(at(10, 1), "bo"), one_to_one(at(12, 1), "bo")])
        for moment, met in ((at(12, 1), 1), (at(12, 1) + timedelta(minutes=1), 2)):
            assert [len(tie.interactions) for tie in account.ties_at(moment)] == [met]

    def test_the_next_one_begins_later_than_now(self):
        now = at(26, 0, 0)
        for start, comes in ((now, None), (now + timedelta(minutes=1), now + timedelta(minutes=1))):
            found = ties(one_to_one(at(20, 1), "bo"), one_to_one(start, "bo", held=False))["bo"]
            assert (found.next, "booked" in found.expectation) == (comes, True)

    def test_what_was_noted_since_the_last_sign_counts_on_its_last_day(self):
        def note(week: int, *, held: bool = True, noted: bool = True) -> Meeting:
            made = one_to_one(at(week, 0, 0), "bo", held=held)
            return replace(made, event=replace(made.event, calendar=NOTES)) if noted else made

        frame = frame_of(last_sign=at(20, 0, 0))
        assert frame.now == at(20, 0, 0)
        meetings = [note(19), note(20), note(21), note(22, held=False), note(23, noted=False), note(30)]
        found = noted_since(meetings, NOBODY, frame)
        assert [each.meeting for each in found] == meetings[1:3]
        assert {each.day for each in found} == {at(19, 6).date()}


class TestRegularity:
    def test_it_lies_between_a_half_and_ten(self):
        weekly = list(range(200))
        bursts = [burst * 50 + day / 7 for burst in range(40) for day in range(5)]
        found = regularity(gaps([0] * 200 + [1] * 200, weekly + bursts, now=2000, people=2), OPTIONS)
        assert found.tolist() == [10.0, 0.5]

    def test_before_any_gap_it_is_three_halves(self):
        assert regularity(gaps([0], [1], now=3, people=1), OPTIONS).tolist() == [1.5]

    def test_one_gap_as_long_as_expected_adds_one(self):
        nine = OPTIONS.prior_gap_weeks
        assert regularity(gaps([0, 0], [0, nine], now=nine, people=1), OPTIONS).tolist() == [2.0]


class TestQuestions:
    def test_where_nothing_can_be_said_nothing_is_asked(self):
        assert account_of([]).questions == []

    def test_an_owner_on_no_list_is_the_one_question(self):
        meetings = [one_to_one(at(week, 1), "bo") for week in range(6)]
        owner = Owner(("other@example.com",))
        frame = replace(frame_of(), owner=owner)
        directory = Directory(owner, PeopleOptions(), [meeting.event for meeting in meetings])
        (question,) = Account(frame, meetings, directory).questions
        assert "other@example.com" in question.text
        assert event("me", "bo").attendees  # whom the lists name instead
