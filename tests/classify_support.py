"""Shared by the tests of people, owner and classification: Ana is the owner, colleagues are at example.com."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from calsight.core.judging.bench import Bench
from calsight.core.judging.rows import Rule
from calsight.core.model.events import (
    Attendee,
    Calendar,
    CalendarEvent,
    CuType,
    EventType,
    Organizer,
    PartStat,
    ShowAs,
    Status,
    Window,
)
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Meeting, Owner
from calsight.core.model.options import Options, PeopleOptions, TitleOptions
from calsight.core.people.presence import Presence
from calsight.testing import moment

ANA = Owner(addresses=("ana@example.com",), name="Ana Example", how="given")
NAMES = Calendar(id="work", name="work", names_people=True)
NO_NAMES = Calendar(id="plain", name="plain", names_people=False)
GOOGLE = Calendar(id="google", name="google", names_people=True, organizer_listed=True)
OUTLOOK = Calendar(id="outlook", name="outlook", names_people=True, organizer_listed=False)
AS_OF = moment("2026-06-01")
EVER = Window(moment("2020-01-01"), moment("2030-01-01"))

PEOPLE = ["ana", "bo", "cy", "di", "eve", "flo"]
OTHERS = ["team", "events", "no-reply", "fred@fireflies.ai", "room-4", "unknownorganizer@calendar.google.com", ""]

lines = st.builds(
    Attendee,
    address=st.sampled_from([*PEOPLE, *OTHERS]).map(
        lambda name: name if "@" in name or not name else f"{name}@example.com"
    ),
    name=st.sampled_from(["", "Bo Berg", "Ana Example", "X"]),
    partstat=st.sampled_from(PartStat),
    cutype=st.sampled_from(CuType),
    is_me=st.sampled_from([False, False, False, True]),
    is_organizer=st.sampled_from([False, False, True]),
    guests=st.integers(0, 2),
)
organizers = st.one_of(
    st.none(),
    st.builds(
        Organizer,
        address=st.sampled_from([*PEOPLE, *OTHERS]).map(lambda name: name if "@" in name else f"{name}@example.com"),
    ),
)
calendars = st.sampled_from([NAMES, NO_NAMES, GOOGLE, OUTLOOK, Calendar(id="open")])


@st.composite
def entries(draw: st.DrawFn, attendees: st.SearchStrategy[tuple[Attendee, ...]] | None = None) -> CalendarEvent:
    """Any entry of one of the calendars above, odd ones among them."""
    start = moment("2026-03-02") + timedelta(minutes=30 * draw(st.integers(0, 200)))
    return CalendarEvent(
        uid=draw(st.sampled_from(["a", "b", "c", "d", "e", "f", ""])),
        start=start,
        end=start + timedelta(minutes=draw(st.sampled_from([-30, 0, 30, 60, 240, 24 * 60, 48 * 60]))),
        all_day=draw(st.booleans()),
        zone=draw(st.sampled_from(["", "Europe/Berlin"])),
        title=draw(st.sampled_from(["", "Meeting", "1:1", "Ana / Bo", "Vacation", "Busy", "Webinar", "Lunch with Bo"])),
        organizer=draw(organizers),
        attendees=draw(attendees if attendees is not None else st.lists(lines, max_size=5).map(tuple)),
        status=draw(st.sampled_from(Status)),
        show_as=draw(st.sampled_from(ShowAs)),
        event_type=draw(st.sampled_from(EventType)),
        location=draw(st.sampled_from(["", "Zoom", "Room 4"])),
        private=draw(st.booleans()),
        participants_hidden=draw(st.booleans()),
        sequence=draw(st.integers(0, 1)),
        updated=draw(st.none() | st.sampled_from([moment("2026-02-01"), moment("2026-02-02")])),
        calendar=draw(calendars),
    )


def bench_of(
    events: Sequence[CalendarEvent], owner: Owner = ANA, *, titles: TitleOptions | None = None, **people: Any
) -> Bench:
    """The bench of these events, with the settings' people given by keyword."""
    options = Options(people=PeopleOptions(**people), titles=titles or TitleOptions())
    return Bench(events, Frame(owner, "UTC", EVER, AS_OF, options=options))


def judge_all(
    events: Sequence[CalendarEvent],
    owner: Owner = ANA,
    *,
    rules: Sequence[Rule] = (),
    titles: TitleOptions | None = None,
    **people: Any,
) -> list[Meeting]:
    """All meetings, with the settings' people given by keyword."""
    return bench_of(events, owner, titles=titles, **people).meetings(AS_OF, rules)


def judge(event: CalendarEvent, owner: Owner = ANA, **options: Any) -> Meeting:
    """The meeting of one event, judged by itself."""
    (meeting,) = judge_all([event], owner, **options)
    return meeting


def verdict(event: CalendarEvent, owner: Owner = ANA, **options: Any) -> tuple[str, str]:
    """Kind and reason of one event."""
    meeting = judge(event, owner, **options)
    return meeting.kind.value, meeting.reason


def presence_of(event: CalendarEvent, owner: Owner = ANA, **people: Any) -> Presence:
    """Who was there."""
    (judged,) = bench_of([event], owner, **people).judge(event.uid)
    return judged.case.presence
