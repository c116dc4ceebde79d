"""Invent a work calendar of N entries: python benchmarks/ics_calendar.py N FILE [SEED]. The same seed gives the same bytes.

Five years of one person's meetings as Google exports them, some 2 KB an entry: one in twelve a weekly series (with ended,
counted and endless rules, exclusions, moved and cancelled occurrences), invitations of 2 to 15 people with rooms, three zones
and UTC, Teams and Zoom texts, all-day entries. Lines are folded at 75 octets and end with CRLF.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

BEGINS = datetime(2021, 1, 4)  # noqa: DTZ001 - wall times throughout
WEEKS = 260
OWNER = "Ana Berger", "ana@example.com"
_FIRST = (
    "Bo",
    "Cleo",
    "Dan",
    "Eve",
    "Finn",
    "Gus",
    "Hal",
    "Ida",
    "Jörg",
    "Kim",
    "Lou",
    "Mia",
    "Nils",
    "Ola",
    "Pia",
    "Zoë",
)
_LAST = (
    "Lind",
    "Fox",
    "O'Hara",
    "Novák",
    "Ek",
    "Silva",
    "Tanaka",
    "Khan",
    "Rossi",
    "Müller",
    "Haddad",
    "Okafor",
    "Dubois",
)
_ANSWERS = ("ACCEPTED", "ACCEPTED", "ACCEPTED", "NEEDS-ACTION", "TENTATIVE", "DECLINED")
_ROOM = "ATTENDEE;CUTYPE=RESOURCE;PARTSTAT=ACCEPTED;CN=Room 4:mailto:room4@resource.calendar.google.com"
_TITLES = (
    "Weekly sync",
    "Design review",
    "1:1",
    "Planning",
    "Retro",
    "Budget",
    "Interview",
    "Client call",
    "Coffee",
    "Stand-up",
)
_DAYS = ("MO", "TU", "WE", "TH", "FR")
_PLACE = "Berlin HQ\\, 4th floor"
_ZONES = ("Europe/Berlin",) * 12 + ("America/New_York",) * 4 + ("Asia/Tokyo",)
_TEAMS = (
    "________________________________________\\nMicrosoft Teams meeting\\nJoin on your computer\\, mobile app or room device\\n"
    "Click here to join the meeting<https://teams.microsoft.com/l/meetup-join/19%3ameeting_{0}%40thread.v2/0?context=%7b%22Tid"
    "%22%3a%22{0}%22%7d>\\nMeeting ID: 123 456 789\\nOr call in (audio only)\\n+49 69 1234567\\,\\,98765432#   Germany\\n"
    "Learn More<https://aka.ms/JoinTeamsMeeting> | Meeting options<https://teams.microsoft.com/meetingOptions/?id={0}>\\n"
)
_ZOOM = (
    "Hi there\\,\\n\\nAna is inviting you to a scheduled Zoom meeting.\\n\\nJoin Zoom Meeting\\nhttps://example.zoom.us/j/{1}?pwd={0}\\n"
    "\\nMeeting ID: {1}\\n\\nMobile\\n+13462487799\\,\\,{1}#\\,\\,\\,\\,*{1}# US (Houston)\\n\\nDial by your location\\n"
    "• +1 346 248 7799 US (Houston)\\n• +1 669 900 9128 US (San Jose)\\n• +1 253 215 8782 US (Tacoma)\\n"
)
_HEADER = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:ana@example.com
X-WR-TIMEZONE:Europe/Berlin"""


def calendar(entries: int, seed: int = 1) -> Iterator[bytes]:
    """The lines of the calendar, folded."""
    chance = random.Random(seed)
    people = []
    for number in range(400):
        name, last = chance.choice(_FIRST), chance.choice(_LAST)
        people.append((f"{name} {last}", f"{name}.{number}@example.com".lower().encode("ascii", "ignore").decode()))
    for line in _HEADER.split("\n"):
        yield line.encode()
    made = number = 0
    while made < entries:
        number += 1
        for entry in _meeting(chance, people, number)[: entries - made]:
            made += 1
            for line in entry:
                yield from _folded(line)
    yield b"END:VCALENDAR"


def _folded(line: str) -> Iterator[bytes]:
    rest = line.encode()
    width = 75
    while len(rest) > width:
        cut = width
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        yield (b" " if width == 74 else b"") + rest[:cut]
        rest, width = rest[cut:], 74
    yield (b" " if width == 74 else b"") + rest


def _meeting(chance: random.Random, people: list[tuple[str, str]], number: int) -> list[list[str]]:
    """One meeting: its master and its overrides."""
    uid = f"{chance.getrandbits(104):026x}{number}@google.com"
    zone = "UTC" if chance.random() < 0.15 else chance.choice(_ZONES)
    day = BEGINS + timedelta(weeks=chance.randrange(WEEKS), days=chance.randrange(5))
    start = day + timedelta(minutes=15 * chance.randrange(32, 72))
    minutes = chance.choice((25, 30, 30, 45, 50, 60, 90))
    common = _common(chance, people, uid)
    if chance.random() < 0.04:
        return [
            [
                "BEGIN:VEVENT",
                f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
                f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
                *common,
            ]
        ]
    if chance.random() >= 0.08:
        return [["BEGIN:VEVENT", *_times(start, minutes, zone), *common]]
    zone = "Europe/Berlin" if zone == "UTC" else zone
    days = sorted({start.weekday(), *chance.sample(range(5), chance.choice((0, 0, 0, 1, 2)))})
    interval = chance.choice((1, 1, 1, 2))
    rule = f"RRULE:FREQ=WEEKLY;BYDAY={','.join(_DAYS[each] for each in days)}" + (
        ";INTERVAL=2;WKST=MO" if interval == 2 else ""
    )
    lasts = chance.randrange(8, 90)
    ending = chance.random()
    if ending < 0.4:
        rule += f";UNTIL={start + timedelta(weeks=lasts):%Y%m%dT%H%M%S}Z"
    elif ending < 0.6:
        rule += f";COUNT={lasts}"
    occurrences = [start + timedelta(weeks=week * interval) for week in range(1, 8)]
    changed = chance.sample(occurrences, chance.randrange(6))
    gone = [f"EXDATE;TZID={zone}:{moment:%Y%m%dT%H%M%S}" for moment in changed[::2]]
    master = ["BEGIN:VEVENT", *_times(start, minutes, zone), rule, *gone, *common]
    return [master, *(_override(chance, moment, minutes, zone, common) for moment in changed[1::2])]


def _override(chance: random.Random, moment: datetime, minutes: int, zone: str, common: list[str]) -> list[str]:
    moved = moment + timedelta(minutes=chance.choice((0, 30, 60, 1440)))
    status = "STATUS:CANCELLED" if chance.random() < 0.2 else "STATUS:CONFIRMED"
    lines = [line for line in common if not line.startswith("STATUS")]
    return [
        "BEGIN:VEVENT",
        *_times(moved, minutes, zone),
        f"RECURRENCE-ID;TZID={zone}:{moment:%Y%m%dT%H%M%S}",
        status,
        *lines,
    ]


def _times(start: datetime, minutes: int, zone: str) -> list[str]:
    mark, last = ("", "Z") if zone == "UTC" else (f";TZID={zone}", "")
    return [
        f"{name}{mark}:{moment:%Y%m%dT%H%M%S}{last}"
        for name, moment in (("DTSTART", start), ("DTEND", start + timedelta(minutes=minutes)))
    ]


def _common(chance: random.Random, people: list[tuple[str, str]], uid: str) -> list[str]:
    others = chance.sample(people, 1 if chance.random() < 0.35 else chance.randrange(2, 15))
    everybody = [OWNER, *others]
    organizer = chance.choice(everybody)
    listed = [
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={chance.choice(_ANSWERS)};CN={_quoted(name)};X-NUM-GUESTS=0"
        f":mailto:{address}"
        for name, address in everybody
    ]
    if chance.random() < 0.2:
        listed.append(_ROOM)
    secret, code = f"{chance.getrandbits(160):040x}", chance.randrange(10**9, 10**10)
    text = chance.choice((_TEAMS, _ZOOM, "Agenda to follow")).format(secret, code)
    link = (
        [f"X-GOOGLE-CONFERENCE:https://meet.google.com/{secret[:3]}-{secret[3:7]}-{secret[7:10]}"]
        if chance.random() < 0.2
        else []
    )
    touched = BEGINS + timedelta(days=chance.randrange(7 * WEEKS))
    return [
        "DTSTAMP:20260105T080000Z",
        f"ORGANIZER;CN={_quoted(organizer[0])}:mailto:{organizer[1]}",
        f"UID:{uid}",
        *listed,
        *link,
        "CREATED:20210104T080000Z",
        f"DESCRIPTION:{text}",
        f"LAST-MODIFIED:{touched:%Y%m%dT%H%M%SZ}",
        f"LOCATION:{chance.choice(('', 'Room 4', _PLACE, 'Microsoft Teams Meeting'))}",
        "SEQUENCE:0",
        f"STATUS:{'CANCELLED' if chance.random() < 0.02 else 'CONFIRMED'}",
        f"SUMMARY:{chance.choice(_TITLES)}",
        f"TRANSP:{'OPAQUE' if chance.random() < 0.95 else 'TRANSPARENT'}",
        "END:VEVENT",
    ]


def _quoted(name: str) -> str:
    return f'"{name}"' if "'" in name else name


def write(path: Path, entries: int, seed: int = 1) -> None:
    """Write the calendar."""
    with path.open("wb") as file:
        file.writelines(line + b"\r\n" for line in calendar(entries, seed))


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
