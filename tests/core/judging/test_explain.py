"""`meetings --explain UID`: the people step by step, then each rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from calsight.core.judging.explain import explain
from calsight.core.judging.rows import Verdict
from calsight.core.model.events import Attendee, PartStat
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Owner
from calsight.core.model.options import Options, PeopleOptions
from calsight.testing import attendee, event
from classify_support import ANA, AS_OF, EVER, GOOGLE, NAMES, OUTLOOK, judge_all


def explained(events, uid="u", *, owner: Owner = ANA, rules=(), **people):
    frame = Frame(owner, "UTC", EVER, AS_OF, options=Options(people=PeopleOptions(**people)))
    return explain(events, frame, uid, rules)


def text(*events, **options) -> str:
    """What is said of one entry: copies, people and steps, a line each."""
    (one,) = explained(events, **options)
    steps = [f"{step.number or 'rule'}. {step.question.text} {'Yes.' if step.answer else 'No.'}" for step in one.steps]
    return "\n".join([*(reason.text for reason in (*one.copies, *one.people)), *steps])


def test_a_one_to_one_is_told_as_a_story():
    listed = event("ana", "bo", "cy", declined=["cy"], rooms=["room-4"], uid="u", title="Secret")
    assert text(listed).splitlines() == [
        "Ana <ana@example.com>: you; accepted.",
        "Bo <bo@example.com>: accepted, counted.",
        "Cy <cy@example.com>: declined, so not counted.",
        "Room-4 <room-4@example.com>: set aside: a room.",
        "Ana <ana@example.com>: you organise it.",
        "Beside you one other.",
        "1. Is it cancelled? No.",
        "2. Did you decline it? No.",
        "3. Does it say that you are away? No.",
        "4. Is it focus time, with nobody else in it? No.",
        "4. Is it only a marker (working location, birthday)? No.",
        "5. Is it all-day? No.",
        "6. Is it marked free, and did you neither organise nor accept it? No.",
        "7. Does it take no time? No.",
        "8. Do you organise it for others, without being on the list? No.",
        "9. Does at least half of it lie inside an absence of yours? No.",
        "10. Is nobody else listed, and does the title settle it? No.",
        "11. Does the source leave open who was there? No.",
        "11. Might its organizer only have booked it for you two? No.",
        "11. Does a machine invite, or is it a webinar or the like? No.",
        "12. Is nobody but you in it? No.",
        "13. Is it for two, and did one not accept (setting `strict`)? No.",
        "13. Is exactly one other person in it? Yes.",
    ]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (
            event("ana", "cy", organizer="bo", calendar=GOOGLE, uid="u"),
            "Bo <bo@example.com>: organises it without taking part, so not counted.",
        ),
        (event("ana", organizer="bo", calendar=OUTLOOK, uid="u"), "Bo <bo@example.com>: organises it, counted."),
        (
            event("ana", "bo", organizer="bo", declined=["bo"], uid="u"),
            "Bo <bo@example.com>: organises it, declined, so not counted.",
        ),
        (
            event("ana", organizer="events@example.org", uid="u"),
            "organises it; set aside: a service or function that invites many people.",
        ),
        (event("ana", organizer="team", uid="u"), "Team <team@example.com>: organises it."),
        (event("ana", "team", uid="u"), "Team <team@example.com>: accepted, a group address, so more than one person."),
        (event("ana", "team", uid="u"), "Beside you at least 2 others; how many exactly is unknown."),
        (event("ana", "bo", "cy", uid="u"), "Beside you 2 others."),
        (event(uid="u", calendar=NAMES), "Nobody is known to have been there but you."),
        (
            event("ana", attendees=(Attendee(),), uid="u"),
            "Someone without name and address: did not answer, someone, but nobody knows who.",
        ),
        (
            event("ana", attendees=(attendee("bo", guests=2),), uid="u"),
            "Bo <bo@example.com>: accepted, counted, brings 2 more.",
        ),
        (
            event("ana", attendees=(attendee("bo", partstat=PartStat.DELEGATED),), uid="u"),
            "sends someone else, so not counted.",
        ),
        (event("ana", attendees=(Attendee(name="Bo"),), uid="u"), "Bo: did not answer, counted."),
    ],
)
def test_sentences(entry, sentence):
    assert sentence in text(entry)


def test_the_verdict_is_told_and_that_a_title_settled_it():
    (one,) = explained([event(uid="u", title="1:1 Bo", calendar=NAMES)])
    assert (one.kind, one.reason, one.inferred) == (Kind.ONE_TO_ONE, "title_says_so", True)


def test_assistants_are_named_as_such():
    assert "books for others (settings: assistants)" in text(
        event("ana", "eve", uid="u"), assistants=("eve@example.com",)
    )


def test_copies_are_told():
    one = event("ana", "bo", uid="u", calendar=NAMES)
    assert "It is in 2 copies (google, work)" in text(one, replace(one, calendar=GOOGLE))


def test_every_occurrence_of_a_uid_and_no_other():
    series = [
        replace(
            event("ana", "bo", uid="u"),
            start=event("ana").start + timedelta(weeks=n),
            end=event("ana").end + timedelta(weeks=n),
            original_start=event("ana").start + timedelta(weeks=n),
        )
        for n in (2, 0, 1)
    ]
    told = explained([*series, event("ana", "cy", uid="other")])
    assert [one.event.start for one in told] == sorted(one.start for one in series)
    assert explained(series, "nowhere") == []


def test_a_companys_own_rule_is_told():
    def standup(entry, presence):
        return Verdict(Kind.EXCLUDED, "standup") if entry.title == "Standup" else None

    standups = [event("ana", "bo", uid="u", title="Standup")]
    (told,) = explained(standups, rules=[standup])
    assert (told.kind, told.reason) == (Kind.EXCLUDED, "standup")
    assert text(*standups, rules=[standup]).endswith("rule. Does the rule standup decide? Yes.")
    assert "Does the rule standup decide? No." in text(event("ana", "bo", uid="u"), rules=[standup])
    (other,) = explained([event("ana", "bo", uid="u")], rules=[standup])
    asked = [step.number for step in other.steps]
    assert asked[:4] == [1, 2, None, 3]  # after cancelled and declined
    assert asked.count(None) == 1


def test_an_explanation_agrees_with_the_verdict_even_where_other_entries_matter():
    away = event("ana", at="2026-03-02 09:00", minutes=300, title="PTO", uid="away", calendar=NAMES)
    meeting = event("ana", "bo", uid="u", calendar=NAMES)
    (told,) = explained([away, meeting])
    judged = judge_all([away, meeting])
    assert (told.kind, told.reason) == next((one.kind, one.reason) for one in judged if one.event.uid == "u")
    assert told.steps[-1].number == 9
