"""What the owner says against their calendar, applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from calsight.core.judging.bench import Bench
from calsight.core.judging.corrected import Corrected, apply_corrections, said
from calsight.core.judging.corrections import (
    Away,
    Correction,
    KeepUp,
    Met,
    OnePerson,
    There,
    ThisMeeting,
    ThisPerson,
    absences,
    addresses_of_mine,
    people_with,
    same_subject,
)
from calsight.core.model.events import CalendarEvent, PartStat, Status, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Doubt, DoubtCode, Kind, Meeting, Owner, Scope
from calsight.core.model.options import Options, PeopleOptions, WorkOptions
from calsight.core.people.directory import Directory
from calsight.testing import event

ME = Owner(("me@example.com",))
WINDOW = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
BERLIN = "Europe/Berlin"

LUNCH = event("me", "bo", at="2026-03-04 11:00", uid="lunch")
TEAM = event("bo", "me", "cem", at="2026-03-05 10:00", uid="team")


def judged(
    events: list[CalendarEvent],
    *corrections: Correction,
    as_of: datetime = WINDOW.end,
    work: WorkOptions | None = None,
    **people: Any,
) -> Corrected:
    """The events classified and corrected, as the pipeline does it."""
    options = people_with(PeopleOptions(**people), corrections)
    frame = Frame(ME, BERLIN, WINDOW, as_of, options=Options(people=options, work=work or WorkOptions()))
    bench = Bench([*events, *absences(corrections, BERLIN)], frame)
    return apply_corrections(bench.meetings(as_of), corrections, bench.directory, frame)


def declined_by_me(one: CalendarEvent) -> CalendarEvent:
    no = [replace(who, partstat=PartStat.DECLINED) if who.address in ME.addresses else who for who in one.attendees]
    return replace(one, attendees=tuple(no))


def told(corrected: Corrected) -> list[str]:
    directory = Directory(ME, PeopleOptions())
    return [reason.text for reason in said(corrected.applied, corrected.meetings, directory, BERLIN)]


def by_uid(corrected: Corrected) -> dict[str, Meeting]:
    return {meeting.event.uid: meeting for meeting in corrected.meetings}


class TestMeeting:
    def test_it_is_not_a_one_to_one(self):
        found = by_uid(judged([LUNCH], ThisMeeting("lunch", False)))["lunch"]
        assert (found.kind, found.reason, found.held, found.scope) == (Kind.EXCLUDED, "you_said", None, None)

    @pytest.mark.parametrize("one_to_one", [True, False])
    def test_what_the_owner_says_of_it_is_in_no_doubt(self, one_to_one: bool):
        frame = Frame(ME, BERLIN, WINDOW, WINDOW.end)
        bench = Bench([TEAM], frame)
        doubtful = [
            replace(meeting, doubts=(Doubt(DoubtCode.COMPANION, "one_to_one"),))
            for meeting in bench.meetings(frame.as_of)
        ]
        (found,) = apply_corrections(doubtful, [ThisMeeting("team", one_to_one)], bench.directory, frame).meetings
        assert found.doubts == ()

    def test_it_is_a_one_to_one_with_someone(self):
        found = by_uid(judged([TEAM], ThisMeeting("team", True, who="Cem@example.com")))["team"]
        assert (found.kind, found.reason, found.headcount, found.held) == (Kind.ONE_TO_ONE, "you_said", 2, True)
        assert [p.name for p in found.counterparts] == ["Cem"]
        assert found.scope is Scope.ORGANISATION

    def test_it_is_a_one_to_one_whoever_it_was_with(self):
        alone = event("me", at="2026-03-04 11:00", uid="walk")
        found = by_uid(judged([alone, TEAM], ThisMeeting("walk", True)))["walk"]
        assert (found.kind, found.counterparts, found.scope) == (Kind.ONE_TO_ONE, (), Scope.OTHER)

    def test_only_the_occurrence_of_that_day_in_the_owners_zone(self):
        late = replace(
            LUNCH, start=datetime(2026, 3, 10, 23, 30, tzinfo=UTC), end=datetime(2026, 3, 10, 23, 50, tzinfo=UTC)
        )
        corrected = judged([LUNCH, late], ThisMeeting("lunch", False, day=date(2026, 3, 11)))
        assert [m.kind for m in corrected.meetings] == [Kind.ONE_TO_ONE, Kind.EXCLUDED]

    def test_a_moved_occurrence_is_found_by_either_day(self):
        moved = replace(LUNCH, series="s", original_start=datetime(2026, 3, 2, 11, tzinfo=UTC))
        for day in (date(2026, 3, 2), date(2026, 3, 4)):
            assert by_uid(judged([moved], ThisMeeting("lunch", False, day=day)))["lunch"].kind is Kind.EXCLUDED

    def test_entries_are_named_by_their_title_or_uid_too(self):
        for title in ("  weekly   REVIEW", "review"):
            events = [replace(LUNCH, uid="review", title="Weekly review"), TEAM]
            corrected = judged(events, ThisMeeting("", False, title=title))
            assert [m.kind for m in corrected.meetings] == [Kind.EXCLUDED, Kind.GROUP]

    def test_a_whole_series_is_what_took_place_of_it(self):
        weekly = [
            replace(
                TEAM,
                uid="s",
                series="s",
                start=TEAM.start + after,
                end=TEAM.end + after,
                original_start=TEAM.start + after,
            )
            for after in (timedelta(weeks=week) for week in range(4))
        ]
        weekly[1] = replace(weekly[1], status=Status.CANCELLED)
        weekly[2] = declined_by_me(weekly[2])
        corrected = judged(weekly, ThisMeeting("s", True, who="cem@example.com"))
        one, gone = Kind.ONE_TO_ONE, Kind.EXCLUDED
        assert [m.kind for m in corrected.meetings] == [one, gone, gone, one]
        assert told(corrected) == [
            "You said: the 2 entries of a series, from 5 March 2026 on, are one-to-ones with Cem."
        ]
        for day in (date(2026, 3, 12), date(2026, 3, 19)):  # named by its day, it is what the owner says
            (found,) = [m for m in judged(weekly, ThisMeeting("s", True, day)).meetings if m.kind is one]
            assert found.start.date() == day

    def test_one_that_was_cancelled_and_held_all_the_same_needs_no_day(self):
        corrected = judged([replace(LUNCH, status=Status.CANCELLED)], ThisMeeting("lunch", True))
        assert [m.kind for m in corrected.meetings] == [Kind.ONE_TO_ONE]

    @pytest.mark.parametrize(("role", "scope"), [("peer", Scope.OTHER), ("personal", Scope.PERSONAL)])
    def test_private_is_who_the_owner_calls_so_whatever_the_provider(self, role: str, scope: Scope):
        """What an address says of somebody is less than that the owner says they met."""
        coach = event("me", "bo@gmail.com", at="2026-03-04 11:00", uid="coach")
        word = {"roles": {"bo@gmail.com": role}}
        assert by_uid(judged([coach, TEAM], ThisMeeting("coach", True), **word))["coach"].scope is scope
        (noted,) = judged([], Met("bo@gmail.com", date(2026, 3, 6)), **word).meetings
        assert noted.scope is scope

    def test_what_ends_now_was_held(self):
        for minutes, held in ((30, True), (29, False)):
            as_of = TEAM.start + timedelta(minutes=minutes)
            corrected = judged([TEAM], ThisMeeting("team", True, who="cem@example.com"), as_of=as_of)
            assert by_uid(corrected)["team"].held is held

    def test_one_still_to_come_is_not_held(self):
        corrected = judged(
            [TEAM], ThisMeeting("team", True, who="cem@example.com"), as_of=datetime(2026, 3, 2, tzinfo=UTC)
        )
        assert by_uid(corrected)["team"].held is False


class TestPerson:
    def test_a_role_wins_over_the_settings(self):
        options = people_with(
            PeopleOptions(roles={"BO@example.com": "peer"}), [ThisPerson("bo@example.com", "manager")]
        )
        assert options.roles == {"bo@example.com": "manager"}

    def test_an_assistant_was_no_colleague(self):
        options = people_with(
            PeopleOptions(colleagues=("bo@example.com",)), [ThisPerson("bo@example.com", "assistant")]
        )
        assert (options.assistants, options.colleagues) == (("bo@example.com",), ())

    def test_someone_personal_counts_no_more(self):
        found = by_uid(judged([LUNCH], ThisPerson("bo@example.com", "personal")))["lunch"]
        assert found.scope is Scope.PERSONAL

    def test_without_a_word_nothing_changes(self):
        options = PeopleOptions(roles={"bo@example.com": "peer"})
        assert people_with(options, [Away(date(2026, 3, 2), date(2026, 3, 3))]) is options


class TestAway:
    def test_it_is_an_absence_in_the_owners_zone_and_what_lies_in_it_is_left_out(self):
        corrected = judged([LUNCH], Away(date(2026, 3, 3), date(2026, 3, 4)))
        away, lunch = corrected.meetings
        assert away.kind is Kind.ABSENCE
        assert (away.start, away.end) == (datetime(2026, 3, 2, 23, tzinfo=UTC), datetime(2026, 3, 4, 23, tzinfo=UTC))
        assert (lunch.kind, lunch.reason) == (Kind.EXCLUDED, "during_absence")

    def test_it_is_applied_wherever_there_is_nothing_else(self):
        away = Away(date(2026, 3, 3), date(2026, 3, 4))
        assert judged([], away).applied == (away,)

    def test_from_its_first_to_its_last_day_nobody_asks_whether_something_was_held_all_the_same(self):
        leave = event("me", at="2026-03-02", minutes=24 * 60 * 5, title="Vacation", all_day=True, uid="leave")
        lunches = [event("me", "bo", at=f"2026-03-0{day} 11:00", uid=f"lunch {day}") for day in range(2, 7)]
        found = judged([leave, *lunches], Away(date(2026, 3, 3), date(2026, 3, 5))).meetings
        assert {m.event.uid for m in found if m.reason == "during_absence"} == {one.uid for one in lunches}
        assert [m.event.uid for m in found if m.doubts] == ["lunch 2", "lunch 6"]


class TestThere:
    def test_it_is_a_mark_at_the_beginning_of_each_working_day(self):
        parted = dict.fromkeys(("monday", "tuesday", "thursday", "friday"), ("09:00-12:00", "13:00-17:00"))
        found = judged([], There(date(2026, 3, 5), date(2026, 3, 9)), work=WorkOptions(hours=parted)).meetings
        assert [m.start for m in found] == [datetime(2026, 3, day, 8, tzinfo=UTC) for day in (5, 6, 9)]
        assert all(m.start == m.end and m.kind is Kind.EXCLUDED for m in found)


class TestMet:
    def test_it_is_a_held_one_to_one_of_that_day(self):
        (found,) = judged([], Met("bo@example.com", date(2026, 3, 6))).meetings
        assert (found.kind, found.reason, found.held) == (Kind.ONE_TO_ONE, "you_said", True)
        assert found.start == datetime(2026, 3, 6, 11, tzinfo=UTC)
        assert (found.end, found.headcount) == (datetime(2026, 3, 6, 11, 30, tzinfo=UTC), 2)
        assert found.counterparts[0].id == "bo@example.com"
        assert found.sources == ("your corrections",)

    def test_what_the_calendar_shows_is_not_counted_twice(self):
        corrected = judged([LUNCH], Met("bo@example.com", date(2026, 3, 4)))
        assert len(corrected.meetings) == 1
        assert corrected.applied == ()

    def test_one_noted_in_the_morning_counts_that_morning(self):
        as_of = datetime(2026, 3, 6, 7, tzinfo=UTC)
        (found,) = judged([], Met("bo@example.com", date(2026, 3, 6)), as_of=as_of).meetings
        assert (found.held, found.end) == (True, as_of)

    def test_at_midnight_a_day_has_held_none(self):
        midnight = datetime(2026, 3, 5, 23, tzinfo=UTC)  # in Berlin
        assert judged([], Met("bo@example.com", date(2026, 3, 6)), as_of=midnight).meetings == ()

    @pytest.mark.parametrize("day", [date(2026, 2, 20), date(2026, 3, 20)])
    def test_outside_the_window_or_after_as_of_it_does_not_count(self, day: date):
        corrected = judged([], Met("bo@example.com", day), as_of=datetime(2026, 3, 15, tzinfo=UTC))
        assert corrected.meetings == ()


class TestNaming:
    def test_what_had_an_effect_is_named(self):
        corrections = (
            ThisMeeting("lunch", False),
            ThisMeeting("team", True, who="cem@example.com"),
            ThisPerson("bo@example.com", "manager"),
            Away(date(2026, 3, 9), date(2026, 3, 10)),
            Met("cem@example.com", date(2026, 3, 12)),
        )
        corrected = judged([LUNCH, TEAM], *corrections)
        assert corrected.applied == corrections
        assert told(corrected) == [
            "You said: the entry of 4 March 2026 is not a one-to-one.",
            "You said: the entry of 5 March 2026 is a one-to-one with Cem.",
            "You said of Bo: my manager.",
            "You said: away from 9 March 2026 to 10 March 2026.",
            "You said: you met Cem on 12 March 2026, off the calendar.",
        ]

    def test_what_had_none_is_not(self):
        corrected = judged([LUNCH], ThisMeeting("gone", False), ThisPerson("nobody@example.com", "denied"))
        assert corrected.applied == ()

    def test_whom_the_owner_names_is_named_though_never_met(self):
        # The report lists them among the relationships, as not met.
        corrected = judged([LUNCH], ThisPerson("nobody@example.com", "manager"))
        assert told(corrected) == ["You said of nobody@example.com: my manager."]

    @pytest.mark.parametrize(
        ("correction", "text"),
        [
            (
                ThisMeeting("lunch", False),
                "You said: the 3 entries of a series, from 4 March 2026 on, are no one-to-ones.",
            ),
            (
                ThisMeeting("lunch", True),
                "You said: the 3 entries of a series, from 4 March 2026 on, are one-to-ones with Bo.",
            ),
            (
                ThisMeeting("lunch", False, date(2026, 3, 11)),
                "You said: the entry of 11 March 2026 is not a one-to-one.",
            ),
        ],
    )
    def test_a_whole_series_is_not_told_as_one_entry(self, correction: Correction, text: str):
        weekly = [event("me", "bo", at=f"2026-03-{day:02} 11:00", uid="lunch", series="s") for day in (4, 11, 18)]
        corrected = judged(weekly, correction)
        assert told(corrected) == [text]

    def test_two_entries_are_a_series(self):
        twice = [event("me", "bo", at=f"2026-03-{day:02} 11:00", uid="lunch", series="s") for day in (4, 11)]
        (text,) = told(judged(twice, ThisMeeting("lunch", False)))
        assert text == "You said: the 2 entries of a series, from 4 March 2026 on, are no one-to-ones."

    def test_two_addresses_of_one_person(self):
        (text,) = told(judged([LUNCH, TEAM], OnePerson("bo@example.com", "cem@example.com")))
        assert text == "You said: Bo and cem@example.com are one person."

    def test_the_order_of_corrections_of_different_things_does_not_matter(self):
        corrections = [ThisMeeting("lunch", False), Met("cem@example.com", date(2026, 3, 12))]
        one, other = judged([LUNCH, TEAM], *corrections), judged([LUNCH, TEAM], *corrections[::-1])
        assert one.meetings == other.meetings


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ThisMeeting("a", True), ThisMeeting("a", False), True),
        (ThisMeeting("a", True), ThisMeeting("a", True, day=date(2026, 3, 4)), False),
        (ThisPerson("bo@example.com", "peer"), ThisPerson("BO+x@example.com", "mentor"), True),
        (Met("bo@example.com", date(2026, 3, 4)), Met("bo@example.com", date(2026, 3, 5)), False),
        (Away(date(2026, 3, 4), date(2026, 3, 5)), Away(date(2026, 3, 4), date(2026, 3, 5)), True),
        (ThisMeeting("a", True), ThisPerson("a@example.com", "peer"), False),
        (OnePerson("bo@example.com", "b@example.org"), OnePerson("b@example.org", "Bo@example.com"), True),
        (OnePerson("bo@example.com", "b@example.org"), OnePerson("bo@example.com", "c@example.org"), False),
        (KeepUp("bo@example.com", 4), KeepUp("BO@example.com", 6), True),
        (KeepUp("bo@example.com", 4), KeepUp("cy@example.com", 4), False),
    ],
)
def test_what_speaks_of_the_same_thing(one: Correction, other: Correction, same: bool):
    assert same_subject(one, other) is same


def test_what_the_owner_calls_theirs_is_theirs():
    said_of = [ThisPerson("Me@home.example", "me"), ThisPerson("bo@example.com", "peer")]
    assert addresses_of_mine(said_of) == ("me@home.example",)
