"""From one-to-ones to ties and relationships."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from calsight.core.judging.corrected import apply_corrections
from calsight.core.judging.corrections import Met
from calsight.core.model.events import Organizer
from calsight.core.model.meetings import Kind, Meeting, Scope
from calsight.core.model.options import PeopleOptions, RelationshipOptions, WorkingPeriod, WorkOptions
from calsight.core.model.report import Relationship
from calsight.core.people.directory import Directory
from calsight.core.relationships.interactions import interactions
from calsight.core.relationships.tie import Tie
from calsight.core.time.available import AvailableTime, available_time
from calsight.testing import address
from meeting_support import ME, account_of, at, away, frame_of, group, meeting, one_to_one

NOBODY = Directory(ME, PeopleOptions())


def ties(
    meetings: list[Meeting], *, people: PeopleOptions | None = None, until: datetime | None = None, **fields: Any
) -> dict[str, Tie]:
    """The ties by first name, most in need first."""
    account = account_of(meetings, people=people or PeopleOptions(), **fields)
    found = account.ties if until is None else account.ties_at(until)
    return {tie.person.id.partition("@")[0]: tie for tie in found}


def busy(weeks: int = 26) -> list[Meeting]:
    """A calendar in use: a meeting of three each Monday."""
    return [group(at(week, 0, 15)) for week in range(weeks)]


def met(who: str, *weeks: int, day: int = 1, **fields: Any) -> list[Meeting]:
    """A one-to-one with `who` in each of these weeks."""
    return [one_to_one(at(week, day), who, **fields) for week in weeks]


def begun(who: str, by_me: bool, *weeks: int) -> list[Meeting]:
    """One-to-ones outside a series, arranged by one of the two."""
    found = met(who, *weeks)
    organizer = Organizer("me@example.com" if by_me else address(who))
    return [replace(m, event=replace(m.event, organizer=organizer), organised_by_me=by_me) for m in found]


def in_series(series: str, meetings: list[Meeting]) -> list[Meeting]:
    return [replace(m, event=replace(m.event, series=series, uid=series, original_start=m.start)) for m in meetings]


def cancelled(who: str, *weeks: int) -> list[Meeting]:
    return [meeting(Kind.EXCLUDED, at(week, 1), who, reason="cancelled") for week in weeks]


class TestAvailableTime:
    def test_without_absences_it_is_the_calendar(self):
        clock = available_time(date(2026, 1, 5), date(2026, 3, 1), [], options=WorkOptions(), zone="UTC")
        assert clock.weeks(date(2026, 1, 5)) == 0
        assert clock.weeks(date(2026, 1, 8)) == pytest.approx(3 / 7)
        assert clock.weeks(date(2026, 2, 2)) == 4

    def test_a_week_of_leave_takes_no_time_and_a_day_of_it_a_fifth(self):
        leave = [(at(1, 0, 0), at(2, 0, 0)), (at(3, 4, 0), at(3, 5, 0))]
        clock = available_time(date(2026, 1, 5), date(2026, 3, 1), leave, options=WorkOptions(), zone="UTC")
        assert clock.weeks(date(2026, 1, 19)) == 1
        assert clock.weeks(date(2026, 2, 2)) == pytest.approx(2.8)

    def test_holidays_silent_weeks_and_periods_without_hours_take_none(self):
        work = WorkOptions(
            days_off=(date(2026, 1, 6),), periods=(WorkingPeriod(date(2026, 1, 19), date(2026, 1, 25), {}),)
        )
        silent = {date(2026, 1, 12)}
        clock = available_time(date(2026, 1, 5), date(2026, 3, 1), [], silent=silent, options=work, zone="UTC")
        assert clock.shares[:4] == (0.8, 0, 0, 1)

    def test_half_time_is_no_absence(self):
        half = WorkOptions(periods=(WorkingPeriod(date(2026, 1, 1), date(2026, 6, 1), {"monday": ("09:00-13:00",)}),))
        clock = available_time(date(2026, 1, 5), date(2026, 3, 1), [], options=half, zone="UTC")
        assert set(clock.shares) == {1.0}

    def test_outside_its_weeks_it_runs_at_full_pace(self):
        clock = AvailableTime.of([date(2026, 1, 5)], [0.5])
        assert clock.weeks(date(2025, 12, 29)) == -1
        assert clock.weeks(date(2026, 1, 19)) == 1.5

    def test_each_week_needs_a_share(self):
        with pytest.raises(ValueError, match="one share"):
            AvailableTime.of([date(2026, 1, 5)], [])


class TestInteractions:
    def test_they_come_by_start_with_the_day_in_the_owners_zone(self):
        late = one_to_one("2026-01-06 23:30", "ana")
        early = one_to_one("2026-01-05 09:00", "bo")
        found = interactions([late, early], NOBODY, "Europe/Berlin")
        assert [(i.person.name, i.day) for i in found] == [("Bo", date(2026, 1, 5)), ("Ana", date(2026, 1, 7))]

    def test_someone_unnamed_is_left_out(self):
        assert not interactions([one_to_one(at(0), counterparts=())], NOBODY, "UTC")

    @pytest.mark.parametrize(("by", "began"), [("me", "you"), ("bo", "they"), ("bo+home", "they"), ("assistant", None)])
    def test_who_began_it(self, by: str, began: str | None):
        made = one_to_one(at(0), "bo", organised_by_me=by == "me")
        made = replace(made, event=replace(made.event, organizer=Organizer(address(by))))
        (found,) = interactions([made], NOBODY, "UTC")
        assert found.began == began

    def test_a_series_is_begun_by_nobody(self):
        (made,) = in_series("s", [one_to_one(at(0), "bo", organised_by_me=True)])
        (found,) = interactions([made], NOBODY, "UTC")
        assert found.began is None


class TestRhythm:
    def test_one_to_ones_of_one_day_are_one(self):
        twice = [*met("bo", 0, 2, 4), one_to_one(at(4, 1, 15), "bo")]
        tie = ties(busy() + twice)["bo"]
        assert len(tie.interactions) == 4
        assert tie.gaps == pytest.approx((2, 2))
        assert tie.typical_gap == pytest.approx(14)

    def test_leave_is_no_silence(self):
        meetings = busy() + met("bo", *range(0, 21, 2))
        fading = ties(meetings)["bo"]
        on_leave = ties([*meetings, away(at(21, 0, 0), at(25, 0, 0))])["bo"]
        assert (fading.silence, fading.away) == (pytest.approx(5 + 5 / 7), 0)
        assert (on_leave.silence, on_leave.away) == (pytest.approx(1 + 5 / 7), 28)
        assert fading.status == "cooling"
        assert on_leave.status == "active"

    def test_a_source_that_fell_silent_makes_nobody_fade(self):
        meetings = busy() + met("bo", *range(0, 11, 2))
        assert ties(meetings)["bo"].status == "dormant"
        assert ties(meetings, last_sign=at(11))["bo"].status == "active"

    def test_what_the_owner_notes_after_the_sources_last_sign_keeps_that_tie_alive(self):
        meetings = busy() + met("bo", 0, 2, 4) + met("cem", 0, 2, day=2)
        (noted,) = apply_corrections([], [Met("bo@example.com", at(24, 1).date())], NOBODY, frame_of()).meetings
        before, after = ties(meetings, last_sign=at(20)), ties([*meetings, noted], last_sign=at(20))
        assert (before["bo"].status, after["bo"].status) == ("dormant", "active")
        assert (after["bo"].silence, after["bo"].expectation) == (0, ())
        assert after["cem"] == before["cem"]

    def test_active_then_cooling_then_dormant(self):
        story = [ties(busy(w) + met("bo", *range(8)), weeks=w)["bo"].status for w in (9, 10, 12, 14, 20)]
        assert story == ["active", "active", "active", "cooling", "dormant"]

    def test_at_an_earlier_moment_it_is_judged_as_it_stood_then(self):
        meetings = busy() + met("bo", *range(8)) + met("cem", 20)
        then = ties(meetings, until=at(9, 0, 0))
        assert list(then) == ["bo"]
        assert then["bo"].status == "active"
        assert ties(meetings)["bo"].status == "dormant"

    def test_strength_fades_with_time_and_grows_with_meetings(self):
        found = ties(busy() + met("bo", *range(26)) + met("cem", 25, day=2) + met("dora", 0, day=3))
        assert found["bo"].strength > found["cem"].strength > found["dora"].strength > 0
        assert found["dora"].recent == pytest.approx(2 ** (-(26 * 7 - 4) / 28))


class TestSigns:
    def test_three_interactions_and_a_kept_series_are_a_relationship(self):
        tie = ties(busy() + in_series("s", met("bo", 20, 22, 24)))["bo"]
        assert (tie.stage, tie.expectation) == ("relationship_signs", ("series_kept",))

    def test_two_interactions_or_one_week_are_not_enough(self):
        few = ties(busy() + in_series("s", met("bo", 22, 24)))["bo"]
        one_week = ties(busy() + in_series("s", [one_to_one(at(24, day), "bo") for day in range(4)]))["bo"]
        assert few.stage == one_week.stage == "interactions_only"

    def test_how_many_interactions_it_takes_is_a_setting(self):
        meetings = busy() + begun("bo", True, 1, 2, 3)
        assert ties(meetings)["bo"].stage == "relationship_signs"
        assert ties(meetings, relationships=RelationshipOptions(min_interactions=4))["bo"].stage == "interactions_only"

    def test_many_interactions_without_a_sign_are_interactions(self):
        tie = ties(busy() + met("bo", 0, 1, 9, 10, 25))["bo"]
        assert (tie.stage, tie.expectation, tie.dependency) == ("interactions_only", (), ())

    def test_a_regular_rhythm_is_an_expectation(self):
        assert ties(busy() + met("bo", 0, 4, 8, 12, 16))["bo"].expectation == ("rhythm",)
        assert ties(busy() + met("bo", 0, 4, 8, 12))["bo"].expectation == ()

    def test_a_next_one_booked_is_an_expectation_and_keeps_a_tie_alive(self):
        as_of = at(26, 0, 0)
        booked = one_to_one(at(27), "bo", as_of=as_of)
        tie = ties([*busy(), *met("bo", 0, 1, 9), booked])["bo"]
        assert (tie.expectation, tie.alive, tie.next) == (("booked",), 1.0, at(27))
        assert tie.by_rhythm is not None
        assert tie.by_rhythm < 0.5
        assert tie.stage == "relationship_signs"

    @pytest.mark.parametrize(
        ("mine", "theirs", "signs"),
        [
            ((0, 9), (3, 25), ("each_began",)),
            ((0, 9, 25), (), ("you_began",)),
            ((), (0, 9, 25), ("they_began",)),
            ((0, 9), (25,), ()),
        ],
    )
    def test_dependency_is_who_begins_meetings(
        self, mine: tuple[int, ...], theirs: tuple[int, ...], signs: tuple[str, ...]
    ):
        tie = ties(busy() + begun("bo", True, *mine) + begun("bo", False, *theirs))["bo"]
        assert tie.dependency == signs
        assert tie.stage == ("relationship_signs" if signs else "interactions_only")

    def test_three_begun_in_one_week_are_one_effort(self):
        burst = [replace(one_to_one(at(3, day), "bo"), organised_by_me=True) for day in range(3)]
        assert ties(busy() + burst + met("bo", 20))["bo"].dependency == ()


class TestSeries:
    def test_a_series_that_is_not_kept_says_so_and_keeps_nobody_alive(self):
        coming = one_to_one(at(26, 1), "bo", as_of=at(26, 0, 0))
        occurrences = met("bo", 0, 2) + cancelled("bo", 4, 6, 8, 10, 12) + [coming]
        tie = ties(busy() + in_series("s", occurrences))["bo"]
        assert tie.expectation == ()
        assert tie.alive == tie.by_rhythm
        (told,) = [r for r in told_of(busy() + in_series("s", occurrences), "bo") if r.code == "series_not_kept"]
        assert told.text == "5 of the last 6 with Bo in your series did not happen."

    def test_one_of_the_last_three_is_enough_to_keep_it(self):
        occurrences = met("bo", 0, 2, 4) + cancelled("bo", 6, 8)
        coming = one_to_one(at(26, 1), "bo", as_of=at(26, 0, 0))
        tie = ties(busy() + in_series("s", [*occurrences, coming]))["bo"]
        assert tie.expectation == ("series_kept", "booked")

    def test_a_series_is_not_called_kept_beside_a_tie_that_is_dormant(self):
        tie = ties(busy() + in_series("s", met("bo", 0, 2, 4) + cancelled("bo", 14, 24)))["bo"]
        assert (tie.status, tie.expectation, tie.stage) == ("dormant", (), "relationship_signs")

    def test_what_was_cancelled_for_leave_counts_against_nobody(self):
        occurrences = in_series("s", met("bo", 18, 20) + cancelled("bo", 22, 23, 24))
        assert ties(busy() + occurrences)["bo"].expectation == ()
        leave = away(at(22, 0, 0), at(25, 0, 0))
        assert ties([*busy(), *occurrences, leave])["bo"].expectation == ("series_kept",)

    def test_a_new_series_counts_as_booked(self):
        coming = in_series("new", [one_to_one(at(26, 1), "bo", as_of=at(26, 0, 0))])
        assert ties([*busy(), *met("bo", 3), *coming])["bo"].expectation == ("booked",)


class TestWhatTheOwnerSays:
    @pytest.mark.parametrize("role", ["confirmed", "manager", "report", "mentor", "peer"])
    def test_it_makes_a_relationship(self, role: Any):
        tie = ties(busy() + met("bo", 3), people=PeopleOptions(roles={"Bo+x@Example.com": role}))["bo"]
        assert (tie.stage, tie.role) == ("relationship_signs", role)

    def test_it_denies_one(self):
        meetings = busy() + in_series("s", met("bo", 20, 22, 24))
        assert (
            ties(meetings, people=PeopleOptions(roles={"bo@example.com": "denied"}))["bo"].stage == "interactions_only"
        )

    def test_an_alias_is_the_same_person(self):
        people = PeopleOptions(roles={"bo@home.example": "mentor"}, aliases={"bo@example.com": ("bo@home.example",)})
        assert ties(busy() + met("bo", 3), people=people)["bo"].role == "mentor"

    def test_a_manager_never_met_is_named_without_a_number(self):
        found = ties(busy() + met("bo", 25), people=PeopleOptions(roles={"boss@example.com": "manager"}))
        boss = found["boss"]
        assert next(iter(found)) == "boss"
        assert (boss.alive, boss.status, boss.silence, boss.interactions) == (None, None, None, ())


class TestReport:
    def test_relationships_come_most_in_need_first(self):
        weekly = in_series("a", met("ana", *range(26)))
        cooling = in_series("b", met("bo", *range(0, 21, 2), day=2))
        dormant = in_series("c", met("cem", *range(6), day=3))
        once = met("dora", 0, day=4)
        found = judged(busy() + weekly + cooling + dormant + once)
        assert [(r.person.name, r.stage, r.status) for r in found] == [
            ("Bo", "relationship_signs", "cooling"),
            ("Cem", "relationship_signs", "dormant"),
            ("Ana", "relationship_signs", "active"),
            ("Dora", "interactions_only", "dormant"),
        ]

    def test_a_relationship_shows_its_numbers(self):
        (bo,) = judged(busy() + in_series("s", met("bo", 18, 20, 22)))
        assert (bo.first, bo.last, bo.interactions) == (at(18, 1), at(22, 1), 3)
        assert (bo.typical_gap_days, bo.silence_days) == (14, 26)
        assert bo.scope == Scope.ORGANISATION
        told = [reason.text for reason in bo.reasons]
        assert told[0] == "You met Bo about every 14 days; the last time was 26 days ago, 1.9 times as long."

    def test_the_order_of_meetings_does_not_matter(self):
        meetings = busy() + in_series("a", met("ana", 3, 5, 9)) + met("bo", 1, 2) + met("cem", 7)
        assert judged(meetings) == judged(meetings[::-1])

    def test_an_empty_calendar_has_none(self):
        assert judged([]) == []


def judged(meetings: list[Meeting]) -> list[Relationship]:
    return account_of(meetings).relationships


def told_of(meetings: list[Meeting], who: str) -> list[Any]:
    return next(r.reasons for r in judged(meetings) if r.person.id == address(who))
