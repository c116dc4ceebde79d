"""An invented organisation: people, their meetings of half a year, and each one's mailbox as event lines."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

#: In which all its addresses are.
DOMAIN = "calsight.example"
_FIRST = (
    "Ana",
    "Bo",
    "Cem",
    "Dana",
    "Eli",
    "Fay",
    "Gil",
    "Hana",
    "Ivo",
    "Jule",
    "Kai",
    "Lena",
    "Mira",
    "Nils",
    "Oda",
    "Per",
)
_LAST = (
    "Adler",
    "Brandt",
    "Costa",
    "Diaz",
    "Eriksen",
    "Falk",
    "Gomez",
    "Huber",
    "Ilic",
    "Jansen",
    "Kaya",
    "Lund",
    "Moser",
)
_DIVISIONS = ("Research", "Sales", "Operations", "Service")
_ZONES = ("Europe/Berlin", "America/New_York", "Europe/Berlin", "Asia/Kolkata")
_TEAM, _DEPARTMENT = 8, 40
#: How many people somebody meets one-to-one now and again, by the kind of life that they lead.
_LIVES = ((0.08, 0.1), (0.14, 0.7), (0.33, 1.8), (0.30, 3.5), (0.15, 6.0))
_AHEAD = 4


@dataclass(slots=True)
class Somebody:
    """One invented person."""

    number: int
    name: str
    address: str
    zone: str
    division: str
    department: str
    level: str
    assistant: str = ""


@dataclass(slots=True)
class _Entry:
    """One invented entry, in as many mailboxes as it has members."""

    uid: str
    start: datetime
    minutes: int
    people: list[str]
    answers: list[str]
    title: str = ""
    series: str | None = None
    original: datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)
    extra_lines: list[dict[str, Any]] = field(default_factory=list)


class Organisation:
    """So many invented people, the weeks before `as_of`, and four after it. The same seed gives the same people."""

    def __init__(self, people: int, *, as_of: date, weeks: int = 26, seed: int = 1) -> None:
        self.random = random.Random(seed)  # noqa: S311 - an invention, no secret
        self.weeks, self.as_of = weeks, as_of
        self.monday = as_of - timedelta(days=as_of.weekday(), weeks=weeks)
        self.people = [self._somebody(number) for number in range(people)]
        self.outside = [f"guest{number}@partner{number % 7}.example" for number in range(max(6, people // 5))]
        for boss in range(0, people, 50):
            if people > boss + 1:
                self.people[boss].assistant = self.people[boss + 1].address
        self._zones = {one.address: one.zone for one in self.people}
        self._count = 0

    def _somebody(self, number: int) -> Somebody:
        chance = self.random
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        part = number // _DEPARTMENT
        return Somebody(
            number,
            f"{first} {last}",
            f"{first}.{last}.{number}@{DOMAIN}".lower(),
            _ZONES[part % len(_ZONES)],
            _DIVISIONS[part % len(_DIVISIONS)],
            f"{_DIVISIONS[part % len(_DIVISIONS)]} {part // len(_DIVISIONS) + 1}",
            chance.choice(("1", "2", "3", "4")),
        )

    def mailboxes(self) -> dict[str, list[dict[str, Any]]]:
        """The event lines of each person, by address."""
        boxes: dict[str, list[dict[str, Any]]] = {one.address: [] for one in self.people}
        names = {one.address: one.name for one in self.people}
        gone = self._weeks_without_trace()
        for entry in self._entries():
            week = (entry.start.date() - self.monday).days // 7
            if (entry.people[0], week) in gone:
                continue
            keep = [(who, week) not in gone for who in entry.people]
            people = [who for who, kept in zip(entry.people, keep, strict=True) if kept]
            answers = [said for said, kept in zip(entry.answers, keep, strict=True) if kept]
            lines = [
                {"address": who, "name": names.get(who, ""), "partstat": said, "is_organizer": place == 0}
                for place, (who, said) in enumerate(zip(people, answers, strict=True))
            ]
            attendees = [*lines, *entry.extra_lines] if len(people) > 1 or entry.extra_lines else []
            for who in people:
                if who in boxes:
                    boxes[who].append(self._line(entry, who, attendees, people[0]))
        return boxes

    def _line(self, entry: _Entry, who: str, attendees: list[dict[str, Any]], organizer: str) -> dict[str, Any]:
        zone = self._zones[who]
        end = entry.start + timedelta(minutes=entry.minutes)
        more = dict(entry.more)
        if more.pop("hide", False) and who != organizer:
            more["participants_hidden"] = True
            attendees = []
        return {
            "schema": "calsight.event/1",
            "uid": entry.uid,
            "start": _iso(entry.start),
            "end": _iso(end),
            "zone": zone,
            "title": entry.title,
            "organizer": {"address": organizer} if attendees or more.get("participants_hidden") else None,
            "attendees": attendees,
            "series": entry.series,
            "original_start": None if entry.original is None else _iso(entry.original),
            **more,
            "calendar": {"id": who, "name": "calendar", "zone": zone, "owner": [who], "names_people": True},
        }

    def _weeks_without_trace(self) -> set[tuple[str, int]]:
        chance = self.random
        gone = set()
        for one in self.people:
            if chance.random() < 0.2:
                begin = chance.randrange(self.weeks)
                gone |= {(one.address, begin + week) for week in range(chance.choice((1, 1, 2, 5)))}
        return gone

    def _entries(self) -> Iterator[_Entry]:
        yield from self._pairs()
        for one in self.people:
            yield from self._alone(one)
            yield from self._groups(one)
            if one.assistant:
                yield from self._booked_by_assistant(one)

    def _pairs(self) -> Iterator[_Entry]:
        chance = self.random
        for one in self.people:
            draw, life = chance.random(), 0.0
            for share, ties in _LIVES:
                life = ties
                draw -= share
                if draw < 0:
                    break
            for _ in range(_poisson(chance, life / 2)):
                other = self._other(one)
                if other != one.address:
                    yield from self._tie(one, other)

    def _other(self, one: Somebody) -> str:
        chance, draw = self.random, self.random.random()
        if draw < 0.12:
            return chance.choice(self.outside)
        if draw < 0.14:
            return f"private{one.number}@gmail.com"
        reach = _TEAM if draw < 0.65 else _DEPARTMENT if draw < 0.92 else len(self.people)
        begin = one.number // reach * reach
        return self.people[chance.randrange(begin, min(begin + reach, len(self.people)))].address

    def _tie(self, one: Somebody, other: str) -> Iterator[_Entry]:
        chance = self.random
        every = chance.choice((0, 0, 0, 1, 2, 4))
        stop = chance.randrange(6, self.weeks) if chance.random() < 0.2 else 999
        slot, rate, series = chance.randrange(45), chance.gammavariate(1.2, 0.25), self._uid("s")
        for week in range(self.weeks + 1 + _AHEAD):
            if week > stop:
                return
            if every:
                if week % every:
                    continue
                start = self._at(one.zone, week, slot // 9, 8 + slot % 9)
                moved = start + timedelta(days=1) if chance.random() < 0.1 else start
                more: dict[str, Any] = {"status": "cancelled"} if chance.random() < 0.06 else {}
                yield self._of(one, [other], moved, 30, series=series, original=start, uid=f"{series}@x", more=more)
            elif week <= self.weeks or chance.random() < 0.1:
                for _ in range(_poisson(chance, rate)):
                    start = self._at(
                        one.zone, week, chance.randrange(5), chance.randrange(8, 17), chance.choice((0, 30))
                    )
                    first, second = (one.address, other) if chance.random() < 0.5 else (other, one.address)
                    yield self._of(first, [second], start, chance.choice((25, 30, 45, 60)))

    def _of(
        self,
        first: Somebody | str,
        others: list[str],
        start: datetime,
        minutes: int,
        *,
        more: dict[str, Any] | None = None,
        **said: Any,
    ) -> _Entry:
        chance = self.random
        leader = first if isinstance(first, str) else first.address
        answers = ["accepted"] + [
            chance.choices(("accepted", "tentative", "needs_action", "declined"), (68, 8, 17, 7))[0] for _ in others
        ]
        found = dict(more or {})
        if chance.random() < 0.5:
            found["conference"] = ["https://meet.google.com/abc-defg-hij"]
        return _Entry(
            said.pop("uid", None) or self._uid("m"), start, minutes, [leader, *others], answers, more=found, **said
        )

    def _groups(self, one: Somebody) -> Iterator[_Entry]:
        """Half of a week's groups are series, as in life: with the same people and answers each time."""
        chance = self.random
        for _ in range(_poisson(chance, 0.7)):
            every, slot, series = chance.choice((1, 1, 2)), chance.randrange(90), self._uid("g")
            first = self._group(one, self._at(one.zone, 0, slot // 18, 8 + slot % 18 // 2, slot % 2 * 30))
            if first is None:
                continue
            for week in range(0, self.weeks + 1 + _AHEAD, every):
                start = self._at(one.zone, week, slot // 18, 8 + slot % 18 // 2, slot % 2 * 30)
                yield replace(first, uid=f"{series}@x", start=start, series=series, original=start)
        for week in range(self.weeks + 1):
            for _ in range(_poisson(chance, 0.7)):
                start = self._at(one.zone, week, chance.randrange(5), chance.randrange(8, 17), chance.choice((0, 30)))
                if found := self._group(one, start):
                    yield found

    def _group(self, one: Somebody, start: datetime) -> _Entry | None:
        chance = self.random
        begin = one.number // _TEAM * _TEAM
        near = [p.address for p in self.people[begin : begin + 3 * _TEAM] if p is not one]
        others = chance.sample(near, min(len(near), 2 + _poisson(chance, 2.5)))
        if len(others) < 2:
            return None
        more: dict[str, Any] = {"hide": chance.random() < 0.03}
        if chance.random() < 0.04:
            more["status"] = "cancelled"
        if chance.random() < 0.02:
            more["show_as"] = "free"
        entry = self._of(one, others, start, chance.choice((30, 60, 90)), more=more)
        if chance.random() < 0.1:
            entry.extra_lines.append({"address": f"room-blue@{DOMAIN}", "cutype": "room", "partstat": "accepted"})
        if chance.random() < 0.03:
            entry.extra_lines.append({"address": f"all-staff@{DOMAIN}", "cutype": "group"})
        return entry

    def _booked_by_assistant(self, boss: Somebody) -> Iterator[_Entry]:
        chance = self.random
        for week in range(self.weeks + 1):
            if chance.random() < 0.7:
                other = chance.choice(self.people).address
                if other not in (boss.address, boss.assistant):
                    start = self._at(boss.zone, week, chance.randrange(5), chance.randrange(8, 17))
                    yield self._of(boss.assistant, [boss.address, other], start, 30)

    def _alone(self, one: Somebody) -> Iterator[_Entry]:
        chance = self.random
        for week in range(self.weeks + 1):
            if chance.random() < 0.7:
                start = self._at(one.zone, week, chance.randrange(5), chance.randrange(8, 17))
                kind: dict[str, Any] = {"event_type": "focus_time"} if chance.random() < 0.3 else {}
                yield _Entry(self._uid("f"), start, 60, [one.address], ["accepted"], "Focus", more=kind)
            if chance.random() < 0.1:
                start = self._at(one.zone, week, chance.randrange(5), 0)
                more: dict[str, Any] = {"event_type": "working_location", "all_day": True}
                yield _Entry(self._uid("w"), start, 1440, [one.address], ["accepted"], "Home", more=more)
        for _ in range(_poisson(chance, 1.3)):
            day = chance.randrange(self.weeks * 7)
            days = chance.choice((1, 1, 2, 5, 7, 12, 14))
            begin = self._at(one.zone, 0, day, 0)
            end = self._at(one.zone, 0, day + days, 0)
            minutes = int((end - begin).total_seconds() // 60)
            more = {"show_as": "oof", "all_day": True}
            yield _Entry(self._uid("l"), begin, minutes, [one.address], ["accepted"], "Out of office", more=more)

    def _at(self, zone: str, week: int, day: int, hour: int, minute: int = 0) -> datetime:
        local = datetime.combine(self.monday + timedelta(weeks=week, days=day), time(hour, minute), ZoneInfo(zone))
        return local.astimezone(UTC)

    def _uid(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}@{DOMAIN}"


def write(organisation: Organisation, folder: Path) -> Path:
    """Write `people.csv` and a folder `mailboxes`, one file a person; returns the list of people."""
    mailboxes = folder / "mailboxes"
    mailboxes.mkdir(parents=True, exist_ok=True)
    people = folder / "people.csv"
    with people.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["address", "zone", "assistants", "division", "department", "level"])
        for one in organisation.people:
            rows.writerow([one.address, one.zone, one.assistant, one.division, one.department, one.level])
    for address, lines in organisation.mailboxes().items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (mailboxes / f"{address}.jsonl").write_text(text, encoding="utf-8")
    return people


def _poisson(chance: random.Random, mean: float) -> int:
    """A Poisson number (Knuth's way; the means are small)."""
    from math import exp

    limit, product, count = exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
