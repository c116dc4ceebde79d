"""The same meeting in several calendars, counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from calsight.core.judging.merge import Merged, parted
from calsight.core.model.events import Calendar, CalendarEvent, Organizer, Status
from calsight.core.model.order import content_of
from calsight.testing import event, moment

WORK, HOME = Calendar(id="w", name="work"), Calendar(id="h", name="home")
MEETING = event("ana", "bo", uid="u", calendar=WORK)


def merge(events: Sequence[CalendarEvent]) -> list[Merged]:
    """Each meeting once, with its copies."""
    alone, copied = parted(events)
    return [*(Merged(event, (event,)) for event in alone), *copied]


def elsewhere(one=MEETING, **changes):
    return replace(one, calendar=HOME, **changes)


def test_one_meeting_in_two_calendars():
    (one,) = merge([MEETING, elsewhere()])
    assert one.sources == ("home", "work")
    assert len(one.copies) == 2


def test_a_meeting_by_itself():
    (one,) = merge([MEETING])
    assert one.event is MEETING
    assert one.sources == ("work",)
    assert merge([replace(MEETING, calendar=Calendar())])[0].sources == ()


def test_the_highest_sequence_wins():
    newer = elsewhere(sequence=2, title="New title", attendees=())
    (one,) = merge([MEETING, newer])
    assert one.event is newer


def test_then_what_was_touched_last():
    told = replace(MEETING, updated=moment("2026-02-01 08:00"))
    later = elsewhere(updated=moment("2026-02-01 08:01"), status=Status.CANCELLED, attendees=())
    (one,) = merge([told, later])
    assert one.event is later
    (one,) = merge([MEETING, elsewhere(updated=moment("2026-02-01 08:00"), attendees=())])
    assert one.event.calendar is HOME  # the other does not say when it was touched
    (one,) = merge([told, replace(later, sequence=-1)])
    assert one.event is told


def test_then_known_participants():
    hidden = elsewhere(participants_hidden=True, attendees=(*MEETING.attendees, *MEETING.attendees))
    (one,) = merge([hidden, MEETING])
    assert one.event is MEETING
    (one,) = merge([elsewhere(attendees=()), MEETING])
    assert one.event is MEETING


def test_then_most_attendees():
    more = elsewhere(attendees=event("ana", "bo", "cy").attendees)
    (one,) = merge([MEETING, more])
    assert one.event is more


def test_then_what_they_say_in_any_order_of_lines():
    twice = [replace(line, address="bo@example.com", name=name) for line in MEETING.attendees[:1] for name in "xy"]
    copies = [replace(MEETING, attendees=(twice[0], MEETING.attendees[n])) for n in (0, 1)]
    turned = [replace(one, attendees=one.attendees[::-1]) for one in copies]
    told = {
        frozenset(merge(pair)[0].event.attendees)
        for one, other in product((copies[0], turned[0]), (copies[1], turned[1]))
        for pair in ((one, other), (other, one))
    }
    assert len(told) == 1


def test_a_copy_without_details_is_the_same_meeting():
    (one,) = merge([MEETING, elsewhere(title="Busy", organizer=None, attendees=())])
    assert one.event is MEETING


def test_reused_uids_with_different_titles_and_organizers_are_different_meetings():
    assert len(merge([MEETING, elsewhere(title="Other", organizer=Organizer("bo@example.com"))])) == 2
    assert len(merge([MEETING, elsewhere(title="Other")])) == 1
    assert len(merge([MEETING, elsewhere(organizer=Organizer("bo@example.com"))])) == 1


def test_within_one_calendar_a_uid_alone_does_not_join_different_titles():
    bare = replace(MEETING, organizer=None)
    assert len(merge([bare, replace(bare, title="Other")])) == 2
    assert len(merge([bare, replace(bare, sequence=1)])) == 1


def test_one_uid_at_times_apart_is_several_meetings():
    later = replace(MEETING, start=MEETING.start + timedelta(days=1), end=MEETING.end + timedelta(days=1))
    assert len(merge([MEETING, later])) == 2
    assert len(merge([MEETING, replace(later, calendar=HOME)])) == 2


def test_copies_that_overlap_are_one():
    shifted = elsewhere(
        start=MEETING.start + timedelta(minutes=15), end=MEETING.end + timedelta(minutes=15), sequence=1
    )
    (one,) = merge([MEETING, shifted])
    assert one.event is shifted


def test_copies_overlap_with_the_one_that_is_trusted_most():
    first = replace(MEETING, sequence=2)
    half_way, later = (
        elsewhere(
            start=MEETING.start + timedelta(minutes=shift),
            end=MEETING.end + timedelta(minutes=shift),
            sequence=sequence,
        )
        for shift, sequence in ((20, 1), (40, 0))
    )
    alone, (merged,) = parted([first, half_way, later])
    assert merged.copies == (first, half_way)
    assert alone == [later]


def test_copies_that_take_no_time_are_one_if_they_begin_together():
    marks = [replace(one, end=one.start) for one in (MEETING, elsewhere())]
    later = replace(marks[0], start=MEETING.end, end=MEETING.end)
    alone, (merged,) = parted([*marks, later])
    assert set(map(id, merged.copies)) == set(map(id, marks))
    assert alone == [later]


def test_entries_without_uid_are_never_joined():
    assert len(merge([replace(MEETING, uid=""), elsewhere(replace(MEETING, uid=""))])) == 2


def test_a_moved_occurrence_counts_once_at_its_new_time():
    original = moment("2026-03-02 10:00")
    stale = replace(MEETING, series="u", original_start=original)
    moved = replace(
        stale,
        calendar=HOME,
        start=original + timedelta(days=1),
        end=original + timedelta(days=1, minutes=30),
        sequence=1,
    )
    (one,) = merge([stale, moved])
    assert one.event is moved


def test_the_occurrences_of_a_series_stay_apart():
    series = [
        replace(
            MEETING,
            series="u",
            start=MEETING.start + timedelta(weeks=n),
            end=MEETING.end + timedelta(weeks=n),
            original_start=MEETING.start + timedelta(weeks=n),
        )
        for n in range(5)
    ]
    assert len(merge(series)) == 5
    assert len(merge([*series, *map(elsewhere, series)])) == 5


def _trusted(copies):
    return sorted(content_of(one.event) for one in merge(copies))


def test_the_order_of_copies_that_say_the_same_in_another_order_does_not_matter():
    """Found by hypothesis."""
    copies = [
        replace(event("ana", *others, uid="u", calendar=calendar, title=title), organizer=None)
        for others, calendar, title in [((), HOME, ""), (("cy", "bo"), HOME, "Busy"), (("bo", "cy"), HOME, "Busy")]
    ]
    for order in permutations([*copies, replace(copies[0], calendar=WORK)]):
        assert _trusted(order) == _trusted(copies)


@given(st.data())
def test_the_order_of_copies_does_not_matter(data):
    copies = data.draw(
        st.lists(
            st.builds(
                lambda calendar, sequence, title, lead, shift, who: replace(
                    event("ana", *who, uid="u", calendar=calendar, title=title),
                    sequence=sequence,
                    organizer=Organizer(lead) if lead else None,
                    start=MEETING.start + timedelta(minutes=shift),
                    end=MEETING.end + timedelta(minutes=shift),
                ),
                st.sampled_from([WORK, HOME]),
                st.integers(0, 2),
                st.sampled_from(["Meeting", "Busy", "Other"]),
                st.sampled_from(["", "ana@example.com", "bo@example.com"]),
                st.sampled_from([0, 15, 40]),
                st.lists(st.sampled_from(["bo", "cy"]), unique=True),
            ),
            max_size=6,
        )
    )
    shuffled = data.draw(st.permutations(copies))
    assert _trusted(copies) == _trusted(shuffled)
    assert sum(len(one.copies) for one in merge(copies)) == len(copies)
