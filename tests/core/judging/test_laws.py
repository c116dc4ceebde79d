"""Laws of classification that hold for any calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.judging.rows import ROWS
from calsight.core.model.events import (
    Attendee,
    CuType,
    PartStat,
)
from calsight.core.model.meetings import WITH_PEOPLE, Kind
from calsight.core.rate.overlaps import held_one_to_ones
from calsight.testing import event
from classify_support import ANA, GOOGLE, NAMES, entries, judge, judge_all, lines, presence_of

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@given(st.lists(entries(), max_size=8))
def test_every_entry_gets_exactly_one_kind_and_reason(events):
    known = {(row.verdict.kind, row.verdict.reason) for row in ROWS}
    meetings = judge_all(events)
    for meeting in meetings:
        assert (meeting.kind, meeting.reason) in known
        assert (meeting.held is not None) == (meeting.kind in WITH_PEOPLE)
        assert (meeting.size is None) == (meeting.headcount is None or meeting.headcount < 2)
        if meeting.kind is Kind.UNKNOWN:
            assert meeting.headcount is None
            assert meeting.counterparts == ()
        if meeting.kind is Kind.ONE_TO_ONE:
            assert meeting.headcount == 2
            assert len(meeting.counterparts) <= 1
            assert meeting.scope is not None
            assert meeting.inferred or len(meeting.counterparts) == 1
    assert [meeting.start for meeting in meetings] == sorted(meeting.start for meeting in meetings)
    assert set(held_one_to_ones(meetings)) <= set(meetings)


@given(st.lists(entries(), max_size=6), st.data())
def test_nothing_depends_on_the_order_of_entries_or_attendees(events, data):
    shuffled = [
        replace(event, attendees=tuple(data.draw(st.permutations(event.attendees))))
        for event in data.draw(st.permutations(events))
    ]

    def judged(given_events):
        return sorted(
            (
                meeting.start,
                meeting.end,
                meeting.event.uid,
                meeting.event.calendar.id,
                meeting.event.title,
                meeting.kind,
                meeting.reason,
                tuple(person.id for person in meeting.counterparts),
                str(meeting.headcount),
                meeting.mode,
            )
            for meeting in judge_all(given_events)
        )

    assert judged(events) == judged(shuffled)


def test_copies_that_list_the_owner_twice_with_different_answers():
    """Found by hypothesis: who was there was unknown, or three, as the lines of the copies happened to stand."""
    me, me_too = Attendee("ana@example.com"), Attendee("ana@example.com", partstat=PartStat.ACCEPTED)
    group, bo, cy = (Attendee(f"{name}@example.com") for name in ("team", "bo", "cy"))
    entry = replace(event("ana", uid="u", calendar=NAMES), organizer=None)
    kinds = set()
    for one in permutations((me, me_too, group)):
        for other in permutations((me_too, bo, cy)):
            copies = [replace(entry, attendees=one), replace(entry, attendees=other)]
            kinds |= {(meeting.kind, meeting.headcount) for meeting in (*judge_all(copies), *judge_all(copies[::-1]))}
    assert len(kinds) == 1


@given(entries(), st.data())
def test_who_was_there_does_not_depend_on_the_order_of_lines(event, data):
    turned = replace(event, attendees=tuple(data.draw(st.permutations(event.attendees))))
    assert presence_of(turned) == presence_of(event)


@pytest.mark.parametrize("other_name", ["Notetaker", "Bo Bergmann", ""])
def test_one_address_twice_on_a_list_by_different_names(other_name):
    """And once more by name alone. Who that is, and who leads, is not told by which line came first."""
    lines = [Attendee("bo@example.com", name, is_organizer=True) for name in ("Bo Berg", other_name)]
    lines += [Attendee("", "Bo Berg"), Attendee("bo@example.com", "Bo Berg", is_me=True)]
    entry = replace(event("ana", calendar=NAMES), organizer=None)
    first = presence_of(replace(entry, attendees=tuple(lines)))
    for order in permutations(lines):
        assert presence_of(replace(entry, attendees=order)) == first


aside = st.one_of(
    st.builds(Attendee, st.sampled_from(["gus@example.com", "hal@other.example"]), partstat=st.just(PartStat.DECLINED)),
    st.builds(Attendee, st.just("oslo@example.com"), cutype=st.sampled_from([CuType.ROOM, CuType.RESOURCE])),
    st.builds(Attendee, st.just("c_1@resource.calendar.google.com"), cutype=st.just(CuType.RESOURCE)),
    st.builds(Attendee, st.sampled_from(["fred@fireflies.ai", "notetaker@example.com", "meeting-bot@example.com"])),
)
another = st.builds(Attendee, st.sampled_from(["bo@example.com", "cy@example.com"]), partstat=st.sampled_from(PartStat))


@given(
    entries(attendees=st.tuples(st.lists(lines, max_size=3), another).map(lambda both: (*both[0], both[1]))),
    st.lists(aside, min_size=1, max_size=3),
)
def test_a_declined_person_a_room_or_a_bot_never_changes_the_kind(event, added):
    more = replace(event, attendees=(*event.attendees, *added))
    before, after = judge(event), judge(more)
    if after.kind is Kind.GROUP and before.kind is Kind.CONFERENCE_CALL:
        assert any(
            line.cutype in (CuType.ROOM, CuType.RESOURCE) for line in added
        )  # people meet in the room: mode, not count
    else:
        assert (after.kind, after.reason) == (before.kind, before.reason)
    assert after.counterparts == before.counterparts
    assert after.headcount == before.headcount


@given(entries(), st.lists(entries(), max_size=5))
def test_unrelated_entries_change_nothing(event, unrelated):
    """Save for what is documented: a calendar that names people, delegates, absences, and copies of the same meeting."""
    event = replace(event, calendar=NAMES, uid="mine")
    unrelated = [
        replace(one, calendar=GOOGLE, start=one.start + timedelta(days=300), end=one.end + timedelta(days=300))
        for one in unrelated
    ]
    (meeting,) = (one for one in judge_all([event, *unrelated]) if one.event.uid == "mine")
    alone = judge(event)
    assert (meeting.kind, meeting.reason, meeting.headcount) == (alone.kind, alone.reason, alone.headcount)


@given(entries())
def test_unknown_is_never_a_one_to_one(event):
    """Whoever is counted as the one other is named by the entry itself."""
    meeting = judge(event)
    if meeting.kind is Kind.ONE_TO_ONE and not meeting.inferred:
        (other,) = meeting.counterparts
        addresses = {line.address for line in event.attendees} | (
            {event.organizer.address} if event.organizer else set()
        )
        names = {line.name for line in event.attendees}
        assert other.address in addresses or other.name in names
        assert other.address not in ANA.addresses
        assert not event.participants_hidden


@given(entries(), st.sampled_from(["title", "location"]), st.text(max_size=30))
def test_any_text_is_judged(event, field, text):
    judge(replace(event, **{field: text}))


one_to_ones = st.builds(
    lambda minute, minutes, other, title: replace(
        event("ana", *other, at=MONDAY + timedelta(minutes=minute), minutes=minutes, title=title, calendar=NAMES),
        uid=f"{minute}-{minutes}-{other}-{title}",
    ),
    st.integers(0, 40).map(lambda n: n * 15),
    st.integers(1, 8).map(lambda n: n * 15),
    st.sampled_from([("bo",), ("cy",)]),
    st.just("Meeting"),
) | st.builds(
    lambda minute, minutes, title: replace(
        event("ana", at=MONDAY + timedelta(minutes=minute), minutes=minutes, title=title, calendar=NAMES),
        uid=f"{minute}-{minutes}-{title}",
    ),
    st.integers(0, 40).map(lambda n: n * 15),
    st.integers(1, 8).map(lambda n: n * 15),
    st.sampled_from(["1:1 Bo", "1:1 Zoé"]),
)


@given(st.lists(one_to_ones, max_size=8, unique=True), one_to_ones, st.randoms(use_true_random=False))
def test_one_more_one_to_one_never_means_fewer(events, added, random):
    before, after = held_one_to_ones(judge_all(events)), held_one_to_ones(judge_all([*events, added]))
    assert len(after) >= len(before)
    for first, second in combinations(after, 2):
        assert first.counterparts != second.counterparts or first.end <= second.start
    shuffled = random.sample(events, len(events))
    assert held_one_to_ones(judge_all(shuffled)) == before
