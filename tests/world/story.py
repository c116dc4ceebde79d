"""An invented world: Ana's half year, told once and written in every calendar's own way.

`entries` is what happened. `world.ics` and `world.google` write it down as those calendars would; a further connector joins by
another such module and one line in `test_equivalence.WAYS`. What they all must be able to say is in here, and nothing else:
what one kind of calendar alone knows (Google's focus time, hidden guests) is tested beside its connector.

A cancelled occurrence is one that calendars no longer show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

ZONE = "Europe/Berlin"
AS_OF = date(2026, 6, 28)
#: When the calendar was last written to or read: after all that is judged.
SEEN = datetime(2026, 7, 1, 6, 0)


@dataclass(frozen=True)
class Who:
    """Somebody or something that can be invited. `kind` is person, group or room."""

    name: str
    address: str
    kind: str = "person"


ANA = Who("Ana Novak", "ana@example.com")
BO = Who("Bo Lind", "bo@example.com")
CY = Who("Cy Ito", "Cy.Ito@Example.com")
DEE = Who("Dee Osei", "dee@partner.example")
EVE = Who("Eve Ro", "eve.ro+work@gmail.com")
FINN = Who("Finn Roy", "finn@example.com")
GUS = Who("", "gus@example.com")
ASSISTANT = Who("Pat Kim", "pat@example.com")
TEAM = Who("Team", "team@example.com", "group")
ROOM = Who("Room Fjord", "fjord@resource.calendar.google.com", "room")
NOTETAKER = Who("Fireflies.ai Notetaker", "fred@fireflies.ai")


@dataclass(frozen=True)
class Guest:
    """An invitation. `answer` is accepted, declined, tentative or needs_action."""

    who: Who
    answer: str = "accepted"
    optional: bool = False
    brings: int = 0


@dataclass(frozen=True)
class Change:
    """What became of one occurrence of a series. None: as the series has it."""

    start: datetime | None = None
    minutes: int | None = None
    title: str | None = None
    guests: tuple[Guest, ...] | None = None


CANCELLED = None


@dataclass(frozen=True)
class Entry:
    """One entry. Times are local to `zone`; `days` instead of `minutes` makes it all-day.

    `rule` is an RRULE; `changes` says of occurrences, by where the rule puts them, what became of them.
    """

    id: str
    title: str
    start: datetime
    minutes: int = 30
    guests: tuple[Guest, ...] = ()
    organizer: Who | None = None
    zone: str = ZONE
    days: int = 0
    rule: str = ""
    changes: Mapping[datetime, Change | None] = field(default_factory=dict)
    location: str = ""
    description: str = ""
    meet: str = ""
    free: bool = False
    away: bool = False
    private: bool = False
    tentative: bool = False
    sequence: int = 0
    made: datetime = datetime(2025, 11, 3, 8, 0)


def at(text: str) -> datetime:
    """A local time, "2026-03-02 09:00"."""
    return datetime.fromisoformat(text)


def people(*who: Who | Guest) -> tuple[Guest, ...]:
    """Invitations; all accepted unless they say otherwise."""
    return tuple(one if isinstance(one, Guest) else Guest(one) for one in who)


def _weeks(first: str, *offsets: int) -> list[datetime]:
    return [at(first) + timedelta(weeks=offset) for offset in offsets]


def _one_on_one_with_bo() -> Entry:
    """Every week across two clock changes: moved, cancelled, declined by either side, renamed."""
    gone, moved, i_declined, he_declined, renamed, longer = _weeks("2026-01-06 10:00", 3, 5, 7, 9, 11, 14)
    return Entry(
        "weekly-bo",
        "Ana / Bo",
        at("2026-01-06 10:00"),
        30,
        people(BO, ANA),
        organizer=BO,
        rule="FREQ=WEEKLY;COUNT=28",
        changes={
            gone: CANCELLED,
            moved: Change(start=moved + timedelta(days=1, hours=3)),
            i_declined: Change(guests=people(BO, Guest(ANA, "declined"))),
            he_declined: Change(guests=people(Guest(BO, "declined"), ANA)),
            renamed: Change(title="Ana / Bo: goals"),
            longer: Change(minutes=60, start=longer + timedelta(minutes=30)),
        },
        meet="https://meet.google.com/abc-defg-hij",
        sequence=2,
    )


def _with_dee() -> Entry:
    """Every second week with somebody of another organisation, who lives by New York's clock."""
    moved = at("2026-03-10 11:00")  # between the American and the European clock change
    return Entry(
        "fortnightly-dee",
        "Partnership",
        at("2026-01-13 11:00"),
        45,
        people(ANA, DEE),
        organizer=ANA,
        zone="America/New_York",
        rule="FREQ=WEEKLY;INTERVAL=2;UNTIL=20260630T220000Z",
        changes={moved: Change(start=moved + timedelta(hours=2))},
        description="Join: https://zoom.us/j/98765432101?pwd=x",
    )


def _singles() -> list[Entry]:
    """Entries that do not repeat, one for each thing that there is to get wrong."""
    return [
        Entry("lunch-finn", "Lunch", at("2026-02-03 12:00"), 60, people(ANA, FINN), ANA, location="Café Blau"),
        Entry("coffee-eve", "Coffee", at("2026-02-20 18:00"), 45, people(EVE, ANA), EVE, description="see you there"),
        Entry("overlap-1", "Numbers", at("2026-02-24 14:00"), 60, people(ANA, FINN), ANA),
        Entry("overlap-2", "Numbers again", at("2026-02-24 14:30"), 60, people(FINN, ANA), FINN),
        Entry("room-finn", "Review", at("2026-03-04 16:00"), 30, people(ANA, FINN, ROOM), ANA, location=ROOM.name),
        Entry(
            "hybrid",
            "Plan",
            at("2026-03-05 09:00"),
            60,
            people(ANA, BO, CY, ROOM),
            ANA,
            meet="https://meet.google.com/xyz-abcd-efg",
        ),
        Entry(
            "bot",
            "Sync",
            at("2026-03-11 09:00"),
            30,
            people(ANA, CY, NOTETAKER),
            ANA,
            meet="https://meet.google.com/qrs-tuvw-xyz",
        ),
        Entry("all-hands", "All hands", at("2026-03-12 15:00"), 60, people(BO, TEAM, ANA), BO),
        Entry(
            "brings",
            "Visit",
            at("2026-03-13 10:00"),
            60,
            people(ANA, Guest(DEE, brings=2)),
            ANA,
            location="Main St 4, Berlin",
        ),
        Entry("tentative", "Idea", at("2026-03-18 11:00"), 30, people(ANA, Guest(CY, "tentative")), ANA),
        Entry("no-answer", "Question", at("2026-03-19 11:00"), 30, people(GUS, Guest(ANA, "needs_action")), GUS),
        Entry("optional", "Demo", at("2026-03-20 11:00"), 30, people(BO, ANA, Guest(CY, optional=True)), BO),
        Entry("declined", "Not for me", at("2026-03-24 11:00"), 30, people(CY, Guest(ANA, "declined")), CY),
        Entry("alone", "Write the plan", at("2026-03-25 09:00"), 120),
        Entry("title", "1:1 Bo", at("2026-03-26 16:00"), 30),
        Entry("interview", "Interview: designer", at("2026-04-01 14:00"), 60, people(ANA, DEE), ANA),
        Entry("private", "Doctor", at("2026-04-02 08:00"), 60, private=True),
        Entry(
            "free", "Company run", at("2026-04-08 17:00"), 90, people(BO, Guest(ANA, "needs_action"), CY), BO, free=True
        ),
        Entry("zero", "Deadline", at("2026-04-09 17:00"), 0),
        Entry("night", "Release", at("2026-04-14 23:00"), 180, people(ANA, FINN), ANA),
        Entry("for-others", "Meet each other", at("2026-04-15 10:00"), 30, people(BO, CY), ANA),
        Entry("delegate-note", "Handover", at("2026-04-16 10:00"), 30, people(ANA, BO), ANA, tentative=True),
        Entry("teams", "Review", at("2026-04-21 10:00"), 30, people(ANA, GUS), ANA, location="Microsoft Teams Meeting"),
        Entry("holiday-entry", "Conference", at("2026-05-04 00:00"), days=2),
        Entry("leave", "Out of office", at("2026-05-11 00:00"), days=5, away=True),
        Entry("in-leave", "Planning", at("2026-05-13 11:00"), 30, people(BO, ANA), BO),
        Entry("afternoon-off", "Away", at("2026-05-27 13:00"), 300, away=True),
        Entry("to-come", "Next quarter", at("2026-07-07 10:00"), 60, people(ANA, CY), ANA),
        Entry("long-ago", "Old", at("2024-03-05 10:00"), 30, people(ANA, CY), ANA),
    ]


def _assistant() -> list[Entry]:
    """Somebody who brings others together: Ana with one other each time, more often than anybody else stands beside two."""
    return [
        Entry(
            f"pat-{number}",
            "Meeting",
            at("2026-04-07 09:00") + timedelta(days=7 * number),
            30,
            people(ASSISTANT, ANA, other),
            organizer=ASSISTANT,
        )
        for number, other in enumerate([BO, DEE, FINN, GUS, CY, DEE, FINN, GUS, DEE, FINN, GUS, DEE])
    ]


def entries() -> list[Entry]:
    """The whole world."""
    standup = Entry(
        "standup",
        "Stand-up",
        at("2026-01-05 09:15"),
        15,
        people(BO, ANA, CY, FINN),
        organizer=BO,
        rule="FREQ=DAILY;COUNT=175",
        changes=dict.fromkeys(_weeks("2026-01-10 09:15", *range(24)), CANCELLED),
        description="<p>Join <a href='https://meet.google.com/sta-ndup-now'>here</a></p>",
    )
    monthly = Entry(
        "monthly-cy",
        "Career",
        at("2026-01-30 16:00"),
        60,
        people(CY, ANA),
        organizer=CY,
        rule="FREQ=MONTHLY;BYDAY=-1FR;COUNT=7",
        changes={at("2026-03-27 16:00"): Change(guests=people(CY, ANA, FINN))},
        location="Room 4.12",
    )
    focus = Entry("focus", "Deep work", at("2026-01-07 13:00"), 120, rule="FREQ=WEEKLY;BYDAY=WE,FR;COUNT=50")
    days = Entry("birthday", "Mum's birthday", at("2025-05-20 00:00"), days=1, rule="FREQ=YEARLY;COUNT=5", free=True)
    return [_one_on_one_with_bo(), _with_dee(), standup, monthly, focus, days, *_singles(), *_assistant()]
