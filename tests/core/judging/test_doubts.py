"""What an entry could also be, and what becomes of it once the owner has answered for all of its like."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from calsight.core.judging.bench import Bench
from calsight.core.judging.doubts import doubt_said
from calsight.core.model.events import Attendee, CalendarEvent, PartStat, ShowAs
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Doubt, DoubtCode, Kind, Meeting, Person, Scope
from calsight.core.model.options import AnswerOptions, Options, PeopleOptions
from calsight.testing import attendee, event, moment
from classify_support import ANA, AS_OF, EVER, judge_all

MONDAY = moment("2026-03-02 10:00")


def judged(made: CalendarEvent, **answers: str) -> Meeting:
    """As it is judged where the owner has said so."""
    (meeting,) = judged_all([made], answers=AnswerOptions(**answers))
    return meeting


def judged_all(made: list[CalendarEvent], **options: Any) -> list[Meeting]:
    """As they are judged with these options."""
    return Bench(made, Frame(ANA, "UTC", EVER, AS_OF, options=Options(**options))).meetings(AS_OF)


@pytest.mark.parametrize(
    ("guests", "minutes", "doubted"),
    [
        (("support@client.example",), 150, True),
        (("support@client.example",), 151, False),
        (("team@client.example",), 30, False),
        (("support@client.example", "bo@client.example"), 30, False),
        (("support@client.example", "sales@client.example"), 30, False),
    ],
)
def test_an_office_as_the_only_guest_may_be_one_person(guests: tuple[str, ...], minutes: int, doubted: bool):
    lines = (attendee("ana"), *map(Attendee, guests))
    meeting = judged(event("ana", attendees=lines, organizer="ana", minutes=minutes))
    assert meeting.kind is Kind.GROUP
    assert [doubt.code for doubt in meeting.doubts] == [DoubtCode.UNKNOWN] * doubted


@pytest.mark.parametrize(("minutes", "doubted"), [(150, True), (151, False)])
def test_whoever_was_there_two_talk_for_two_and_a_half_hours_at_most(minutes: int, doubted: bool):
    hidden = judged(event("ana", participants_hidden=True, at=MONDAY, minutes=minutes))
    assert (hidden.kind, bool(hidden.doubts)) == (Kind.UNKNOWN, doubted)


@pytest.mark.parametrize(("title", "doubted"), [("Town hall", False), ("Talk", True)])
def test_what_a_machine_sends_to_many_is_for_many(title: str, doubted: bool):
    sent = judged(event("ana", title=title, organizer="no-reply@example.com", at=MONDAY))
    assert (sent.reason, bool(sent.doubts)) == ("automated", doubted)


def test_what_hides_its_list_may_be_for_two_whatever_its_title():
    assert judged(event("ana", title="Town hall", participants_hidden=True, at=MONDAY)).doubts


COLLEAGUES = ("bo", "cy", "di", "eva", "finn", "gil", "hana", "ivo")


def on_days(*names: str, hour: int, beside: tuple[str, ...]) -> list[CalendarEvent]:
    """Ana meets each of them once, a day each, with those who come along."""
    starts = [MONDAY + timedelta(weeks=day // 5, days=day % 5, hours=hour) for day in range(len(names))]
    return [event("ana", name, *beside, organizer="ana", at=at) for name, at in zip(names, starts, strict=True)]


def third_ones(made: list[CalendarEvent]) -> set[tuple[str, str]]:
    """Who may take no part, and who does not beside them."""
    return {(doubt.about, doubt.also) for meeting in judge_all(made) for doubt in meeting.doubts}


@pytest.mark.parametrize("one", ["assistant", "pat"])  # before the office by the alphabet, and after it
def test_a_companion_is_named_with_the_one_who_always_comes_along(one: str):
    made = on_days(*COLLEAGUES, hour=0, beside=(one, "office"))
    assert third_ones(made) == {(f"{one}@example.com", "office@example.com")}


def test_two_companions_who_come_by_themselves_too_are_asked_about_one_by_one():
    both, one = on_days(*COLLEAGUES[:6], hour=0, beside=("notes", "pat")), on_days(*COLLEAGUES, hour=2, beside=("pat",))
    assert third_ones([*both, *one]) == {("notes@example.com", ""), ("pat@example.com", "")}


def never_answered(minutes: int, who: str = "bo") -> CalendarEvent:
    """Bo asks Ana for half an hour before `AS_OF`, marked free."""
    lines = (attendee(who), attendee("ana", partstat=PartStat.NEEDS_ACTION))
    return event(who, attendees=lines, at=AS_OF - timedelta(minutes=30), minutes=minutes, show_as=ShowAs.FREE)


@pytest.mark.parametrize(("minutes", "held"), [(29, True), (30, True), (31, False)])
def test_what_the_owner_calls_a_one_to_one_is_held_once_it_is_over(minutes: int, held: bool):
    meeting = judged(never_answered(minutes), unanswered="yes")
    assert (meeting.kind, meeting.reason, meeting.headcount, meeting.held) == ("one_to_one", "you_said", 2, held)
    assert [person.id for person in meeting.counterparts] == ["bo@example.com"]


@pytest.mark.parametrize(
    ("who", "scope"),
    [("bo", Scope.ORGANISATION), ("bo@client.example", Scope.INDUSTRY), ("bo@gmail.com", Scope.OTHER)],
)
def test_a_one_to_one_by_the_owners_word_belongs_where_the_other_one_does(who: str, scope: Scope):
    assert judged(never_answered(30, who), unanswered="yes").scope is scope


@pytest.mark.parametrize("show_as", [ShowAs.FREE, ShowAs.BUSY])
def test_whether_the_owner_met_whom_they_call_private_is_not_asked(show_as: ShowAs):
    lunch = replace(never_answered(30), show_as=show_as)
    (meeting,) = judged_all([lunch], people=PeopleOptions(roles={"bo@example.com": "personal"}))
    assert meeting.doubts == ()
    assert judged(lunch).doubts != ()


def test_nor_whether_somebody_else_was_there_too():
    made = on_days(*COLLEAGUES, hour=0, beside=("assistant",))
    meetings = judged_all(made, people=PeopleOptions(roles={"bo@example.com": "personal"}))
    assert [bool(meeting.doubts) for meeting in meetings] == [False] + [True] * 7  # Bo's is the first


def test_until_then_it_is_asked_about_and_after_a_no_it_is_nothing():
    asked, no = judged(never_answered(30)), judged(never_answered(30), unanswered="no")
    assert (asked.kind, [doubt.code for doubt in asked.doubts]) == ("excluded", ["unanswered"])
    assert (no.kind, no.reason, no.doubts) == ("excluded", "free", ())


@pytest.mark.parametrize(("could_be", "said"), [("one_to_one", "If you met"), ("none", "If you did not meet")])
def test_a_doubt_says_which_of_the_two_it_could_be(could_be: str, said: str):
    bo = Person("bo@example.com", "Bo", "bo@example.com")
    assert said in doubt_said(Doubt(DoubtCode.UNANSWERED, could_be, person=bo), lambda one: bo).text
