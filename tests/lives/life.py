"""Whole lives from a few lines: what somebody did for half a year, the calendar that it leaves, and the truth beside it.

    Life("bots", "a note taker in every one-to-one", "ok", [groups(4), ones(2, extra=(Who("Circleback", "notes@circle.ai"),))])

An `Entry` says what is kept, in which weeks (0 is the first) and how it is written down; `Life.calendars` writes the ICS text
as Google, Outlook or Apple would, and `Life.truth` counts the one-to-ones that were held. Nothing is drawn by lot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import count

#: What may be said of a life.
ASKS = "ok|watch|insufficient_data"  # fine in truth: anything but a false alarm
FINE = "ok|watch"
UNKNOWN = "watch|insufficient_data"
OPEN = "watch|at_risk|insufficient_data"
#: How many one-to-ones may be counted, where any number is fine.
FULL = range(1000)

WEEKS = 27
AS_OF = date(2026, 6, 28)
ALL: Sequence[int] = range(WEEKS)


@dataclass(frozen=True)
class Who:
    """Somebody on an invitation, or something. `row` overrides how an ATTENDEE line is written: parameters and value."""

    name: str
    address: str
    answer: str = "ACCEPTED"
    cutype: str = "INDIVIDUAL"
    row: str = ""


_NAMES = """
Bo Karl, Cem Aydin, Dora Maas, Emil Roth, Fay Noor, Gus Hahn, Hana Ito, Ivo Berg, Jana Wolf,
Kai Lund, Lea Sommer, Max Stein, Nia Abel, Olaf Brandt, Petra Cruz, Quim Dahl, Rita Engel, Sven Falk,
Tilda Gruber, Ugo Holm, Vera Ilves, Wim Jensen, Xenia Krause, Yuri Lange, Zita Moser, Arne Nagy, Bela Olsen,
Cleo Peters, Dirk Quist, Elsa Reuter, Finn Sachs, Greta Thoma, Hugo Unger, Inge Vogel, Jakob Weber
"""


def colleague(name: str, domain: str = "firm.example") -> Who:
    """The colleague of that name, at their usual address."""
    return Who(name, f"{name.lower().replace(' ', '.')}@{domain}")


def colleagues(many: int, domain: str = "firm.example") -> tuple[Who, ...]:
    """The first of them."""
    return tuple(colleague(name, domain) for name in re.split(r",\s+", _NAMES.strip())[:many])


ANA = Who("Ana Lind", "ana.lind@firm.example")


@dataclass(frozen=True)
class Entry:
    """Something kept `per_week` times in each of `weeks`, every time with the next `size` of `people`, or once with a `rule`.

    lead      who organises it: "me", "other" (the first of them), "in turn" (me or the first, in turn), or "" for nobody
    listed    who is on the list: "all", "others" (the owner is left out) or "nobody"
    extra     whoever or whatever else is on the list
    held      whether it is a one-to-one that took place, which `Life.truth` counts
    days      an all-day entry of so many days
    rule      an RRULE: the entry stands once, from its first week on; `skipped` are the occurrences that were deleted
    lines     further ICS lines; `{n}` counts
    """

    title: str
    people: tuple[Who, ...] = ()
    size: int = 1
    weeks: Sequence[int] = ALL
    per_week: int = 1
    day: int = 1
    at: time = time(10)
    minutes: int = 30
    lead: str = "me"
    listed: str = "all"
    extra: tuple[Who, ...] = ()
    held: bool = False
    days: int = 0
    rule: str = ""
    skipped: Sequence[int] = ()
    me: Who | None = None
    answer: str = "ACCEPTED"
    status: str = "CONFIRMED"
    lines: tuple[str, ...] = ()

    def times(self) -> Iterator[tuple[int, int, int]]:
        """Week, day of the week and hours after `at` of each."""
        for week in self.weeks:
            for turn in range(self.per_week):
                day, hours = self.day + turn, 0
                yield week, day % 5 if self.per_week > 1 else day, hours + turn // 5


def ones(per_week: int = 2, people: int | Sequence[Who] = 4, **fields: object) -> Entry:
    """Held one-to-ones with colleagues in turn."""
    who = colleagues(people) if isinstance(people, int) else tuple(people)
    return Entry(**{"title": "Sync {n}", "people": who, "per_week": per_week, "held": True, **fields})  # type: ignore[arg-type]


def groups(per_week: int = 4, size: int = 5, people: int | Sequence[Who] = 0, **fields: object) -> Entry:
    """Meetings of the same `size` others, or of so many of `people` in turn."""
    who = colleagues(people or size) if isinstance(people, int) else tuple(people)
    set_up = {
        "title": "Project meeting {n}",
        "people": who,
        "size": size,
        "per_week": per_week,
        "day": 0,
        "at": time(13),
    }
    return Entry(**{**set_up, "minutes": 50, "lead": "other", **fields})  # type: ignore[arg-type]


def rounds(per_week: int, **fields: object) -> Entry:
    """Meetings of four to eight colleagues out of thirty-five, who call them in turn."""
    return replace(groups(per_week, 0, 35), title="Round {n}", lead="in turn", **fields)  # type: ignore[arg-type]


def standing(title: str = "Team weekly", rule: str = "FREQ=WEEKLY", **fields: object) -> Entry:
    """A series of a team."""
    return replace(groups(1, 6), title=title, rule=rule, weeks=(0,), at=time(9), minutes=30, **fields)  # type: ignore[arg-type]


def away(title: str, week: int, days: int, **fields: object) -> Entry:
    """An all-day entry of so many days from a Monday on."""
    return Entry(**{"title": title, "weeks": (week,), "days": days, "day": 0, "lead": "", **fields})  # type: ignore[arg-type]


def alone(title: str, per_week: int = 1, **fields: object) -> Entry:
    """A block of the owner's with nobody in it."""
    return Entry(**{"title": title, "per_week": per_week, "lead": "", "at": time(16), **fields})  # type: ignore[arg-type]


WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def every(step: int, offset: int = 0) -> range:
    """One week in `step`."""
    return range(offset, 27, step)


def hours(text: str, *days: str) -> dict[str, object]:
    """Settings for those hours on those days."""
    return {"work": {"hours": {day: [text] for day in days}}}


@dataclass(frozen=True)
class Kept:
    """One calendar: its entries, and the program that keeps it."""

    entries: Sequence[Entry]
    program: str = "google"
    name: str | None = None  # of the calendar; None: as the program does it


@dataclass(frozen=True)
class Life:
    """A life, and what may be said of it. `levels` as in the tables: "ok|watch"; asking fits where "insufficient_data" does.

    `counts` is how many one-to-ones the report should count: by default the truth, None where that is left open.
    """

    family: str
    why: str
    levels: str
    kept: Sequence[Entry] | Sequence[Kept]
    counts: range | int | None = -1
    settings: dict[str, object] = field(default_factory=dict)
    owner: Who = ANA
    me: str = ""
    program: str = "google"
    zone: str = "Europe/Berlin"
    as_of: date = AS_OF

    @property
    def id(self) -> str:
        return f"{self.family}, {self.why}".encode("ascii", "ignore").decode()

    @property
    def truth(self) -> int:
        """How many one-to-ones were held up to the day that is judged."""
        return sum(
            day <= self.as_of
            for calendar in self._calendars()
            for entry in calendar.entries
            if entry.held
            for day in self._days(entry)
        )

    @property
    def expected(self) -> range | None:
        """How many the report may count."""
        wanted = self.truth if self.counts == -1 else self.counts
        return range(wanted, wanted + 1) if isinstance(wanted, int) else wanted

    def calendars(self) -> list[str]:
        """The text of each calendar."""
        return [_Writer(self, kept).text() for kept in self._calendars()]

    def first_monday(self) -> date:
        return self.as_of - timedelta(days=self.as_of.weekday(), weeks=WEEKS - 1)

    def _calendars(self) -> list[Kept]:
        return [
            one if isinstance(one, Kept) else Kept([one], self.program)
            for one in (self.kept if isinstance(self.kept[0], Kept) else [Kept(list(self.kept), self.program)])  # type: ignore[list-item]
        ]

    def _days(self, entry: Entry) -> Iterator[date]:
        if not entry.rule:
            yield from (self.first_monday() + timedelta(weeks=week, days=day) for week, day, _ in entry.times())
            return
        ((week, day, _),) = list(entry.times())
        step = 2 if "INTERVAL=2" in entry.rule else 1
        for turn in range(0, WEEKS - week, step):
            if turn // step not in entry.skipped:
                yield self.first_monday() + timedelta(weeks=week + turn, days=day)


_PROGRAMS = {
    "google": "-//Google Inc//Google Calendar 70.9054//EN",
    "outlook": "-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
    "apple": "-//Apple Inc.//macOS 14//EN",
}


class _Writer:
    """Writes one calendar. Google and Apple list the organizer among the guests, Outlook does not."""

    def __init__(self, life: Life, kept: Kept) -> None:
        self.life, self.kept, self.numbers = life, kept, count(1)
        self.stamp = f"{life.as_of:%Y%m%d}T200000Z"

    def text(self) -> str:
        program = self.kept.program
        name = self.kept.name if self.kept.name is not None else self.life.owner.address if program == "google" else ""
        head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PROGRAMS[program]}", "CALSCALE:GREGORIAN"]
        head += [f"X-WR-CALNAME:{name}"] if name else []
        lines = [line for entry in self.kept.entries for line in self._entry(entry)]
        whole = [*head, f"X-WR-TIMEZONE:{self.life.zone}", *lines, "END:VCALENDAR", ""]
        return "\r\n".join(map(_folded, whole))

    def _entry(self, entry: Entry) -> Iterator[str]:
        for turn, (week, day, hours) in enumerate(entry.times()):
            number = next(self.numbers)
            others = _in_turn(entry, turn)
            start = datetime.combine(self.life.first_monday(), entry.at) + timedelta(weeks=week, days=day, hours=hours)
            made = f"{start - timedelta(days=3):%Y%m%dT%H%M%SZ}"
            name = others[0].name if others else ""
            title = entry.title.format(n=turn, name=name, first=name.partition(" ")[0])
            yield from ("BEGIN:VEVENT", f"UID:{self.kept.name or 'c'}-{number}@lives.example", f"DTSTAMP:{self.stamp}")
            yield from (f"CREATED:{made}", f"LAST-MODIFIED:{made}", f"SUMMARY:{title}", f"STATUS:{entry.status}")
            yield from self._times(entry, start)
            yield from self._people(entry, turn, others)
            yield from (line.format(n=turn) for line in entry.lines)
            yield "END:VEVENT"

    def _times(self, entry: Entry, start: datetime) -> Iterator[str]:
        if entry.days:
            yield f"DTSTART;VALUE=DATE:{start:%Y%m%d}"
            yield f"DTEND;VALUE=DATE:{start + timedelta(days=entry.days):%Y%m%d}"
            return
        zone = self.life.zone
        yield f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}"
        yield f"DTEND;TZID={zone}:{start + timedelta(minutes=entry.minutes):%Y%m%dT%H%M%S}"
        if entry.rule:
            yield f"RRULE:{entry.rule}"
            step = timedelta(weeks=2 if "INTERVAL=2" in entry.rule else 1)
            for turn in entry.skipped:
                yield f"EXDATE;TZID={zone}:{start + turn * step:%Y%m%dT%H%M%S}"

    def _people(self, entry: Entry, turn: int, others: tuple[Who, ...]) -> Iterator[str]:
        me = replace(entry.me or self.life.owner, answer=entry.answer)
        mine = entry.lead == "me" or (entry.lead == "in turn" and turn % 4 == 0)
        lead = me if mine else others[0] if others and entry.lead else None
        if lead is not None:
            yield f'ORGANIZER;CN="{lead.name}":mailto:{lead.address}'
        if entry.listed == "nobody" or not (others or entry.extra):
            return
        everyone = [*others, *entry.extra] if entry.listed == "others" else [me, *others, *entry.extra]
        for who in everyone:
            if self.kept.program != "outlook" or who is not lead:
                yield (
                    who.row
                    or f'ATTENDEE;CUTYPE={who.cutype};PARTSTAT={who.answer};CN="{who.name}":mailto:{who.address}'
                )


def _in_turn(entry: Entry, turn: int) -> tuple[Who, ...]:
    """The next of those whom an entry is kept with; of rounds (`size` 0) four to eight, scattered over all."""
    size, step = (entry.size, 1) if entry.size else (3 + turn * 3 % 5, 8)
    many = len(entry.people)
    return tuple(entry.people[(turn + step * place) % many] for place in range(min(size, many)))


def _folded(line: str) -> str:
    """At most 75 octets a line, as RFC 5545 has it, and no character cut in two."""
    if len(line) < 75 and line.isascii():
        return line
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > 74:
            parts.append(part)
            part = ""
        part += character
    return "\r\n ".join([*parts, part])
