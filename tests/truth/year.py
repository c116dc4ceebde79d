"""A year of an invented working life, told as a calendar, with its truth counted beside it while it is told.

Lena Brandt works in Strasbourg, with colleagues who write German and French. Some 1,000 entries: series, talks, rounds, calls,
time alone, leave, what was cancelled and what she declined. `Truth` knows nothing of calsight: it is what happened.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "Europe/Paris"
FIRST = date(2025, 11, 24)
WEEKS = 52
AS_OF = date(2026, 11, 22)  # the Sunday that ends the 52nd week
ME = ("Lena Brandt", "lena.brandt@firma.example")
LEAVE = {(date(2025, 12, 22), date(2026, 1, 2)): "Urlaub", (date(2026, 8, 3), date(2026, 8, 14)): "Congés d'été"}


def _who(name: str, domain: str = "firma.example") -> tuple[str, str]:
    plain = name.lower().replace(" ", ".").replace("ü", "ue").replace("é", "e").replace("ô", "o").replace("ï", "i")
    return name, f"{plain}@{domain}"


#: Person → how they are met: every so many weeks, from and to which week, on which weekday, at which hour, under which title.
SERIES = {
    _who("Jürgen Vogt"): (1, 0, WEEKS + 4, 0, 10, "Jour fixe Jürgen / Lena"),
    _who("Amélie Roux"): (2, 0, WEEKS + 4, 1, 14, "Point Amélie – Lena"),
    _who("Sabine Kühn"): (2, 1, WEEKS + 4, 3, 9, "Rücksprache Sabine"),
    _who("Benoît Garnier", "client.example"): (4, 2, WEEKS, 2, 15, "Échange avec Benoît"),
    _who("Matthias Wolff"): (3, 0, 30, 4, 11, "Abstimmung Matthias"),
}
#: People met now and then: in which weeks.
NOW_AND_THEN = {
    _who("Chloé Martin"): (3, 21, 39, 49),
    _who("Karl Busch"): (9, 44),
    _who("Inès Lefèvre", "partner.example"): (40,),
}
TEAM = [_who(name) for name in ("Jürgen Vogt", "Sabine Kühn", "Paul Weiß", "Élodie Blanc", "Nadia Haas")]
ALONE = ("Fokuszeit", "Bericht schreiben", "Rédaction du rapport", "Préparation du comité", "Reisekosten")
ROUNDS = ("Teamrunde", "Réunion d'équipe", "Planung Quartal", "Comité de pilotage")


@dataclass
class Truth:
    """What happened up to the end of `AS_OF`; hours by kind, days by person, one-to-ones by week."""

    entries: int = 0
    held: Counter[str] = field(default_factory=Counter)
    hours: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    days: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))
    next: dict[str, date] = field(default_factory=dict)
    weeks: Counter[date] = field(default_factory=Counter)
    week_hours: Counter[date] = field(default_factory=Counter)

    def met(self, kind: str, day: date, minutes: int) -> None:
        """One held meeting of that kind."""
        self.held[kind] += 1
        self.hours[kind] += minutes
        if kind in {"one_to_one", "group", "conference_call"}:
            self.week_hours[monday(day)] += minutes


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def away(day: date) -> bool:
    return any(first <= day <= last for first, last in LEAVE)


class _Calendar:
    """The calendar as a program writes it, and its truth."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.truth = Truth()

    def entry(self, day: date, hour: int, minutes: int, title: str, others: list[tuple[str, str]], **said: str) -> None:
        """One entry with these guests; `said` may name its state, its place and Lena's answer."""
        number = len(self.lines)
        start = datetime.combine(day, time(hour), ZoneInfo(ZONE)).astimezone(ZoneInfo("UTC"))
        lines = [f"UID:{number}-{day:%Y%m%d}@firma.example", "DTSTAMP:20261122T200000Z", f"SUMMARY:{title}"]
        lines += [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{start + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}"]
        lines += [f"STATUS:{said.get('status', 'CONFIRMED')}"]
        if "place" in said:
            lines.append(f"LOCATION:{said['place']}")
        if others:
            answer = said.get("answer", "ACCEPTED")
            lines.append(
                f"ORGANIZER;CN={others[0][0] if number % 2 else ME[0]}:mailto:{others[0][1] if number % 2 else ME[1]}"
            )
            lines.append(f"ATTENDEE;CN={ME[0]};PARTSTAT={answer}:mailto:{ME[1]}")
            lines += [f"ATTENDEE;CN={name};PARTSTAT=ACCEPTED:mailto:{address}" for name, address in others]
        self.lines += ["BEGIN:VEVENT", *lines, "END:VEVENT"]
        self.truth.entries += day <= AS_OF

    def talk(self, day: date, hour: int, title: str, who: tuple[str, str], state: str) -> None:
        """A one-to-one of half an hour that was held, cancelled or declined, or is still to come."""
        status = "CANCELLED" if state == "cancelled" else "CONFIRMED"
        self.entry(day, hour, 30, title, [who], status=status, answer="DECLINED" if state == "declined" else "ACCEPTED")
        if day > AS_OF:
            if state == "held":
                self.truth.next.setdefault(who[1], day)
        elif state != "held":
            self.truth.left_out[state] += 1
        else:
            self.truth.met("one_to_one", day, 30)
            self.truth.days[who[1]].append(day)
            self.truth.weeks[monday(day)] += 1

    def text(self) -> bytes:
        head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Firma//Kalender//DE", f"X-WR-CALNAME:{ME[1]}"]
        head += [f"X-WR-TIMEZONE:{ZONE}"]
        return "\r\n".join([*head, *self.lines, "END:VCALENDAR", ""]).encode()


def lived(seed: int = 17) -> tuple[bytes, Truth]:
    """The calendar (iCalendar, UTF-8) and its truth."""
    calendar, dice = _Calendar(), random.Random(seed)
    for (first, last), title in LEAVE.items():
        calendar.lines += [
            "BEGIN:VEVENT",
            f"UID:leave-{first}@firma.example",
            "DTSTAMP:20261122T200000Z",
            f"SUMMARY:{title}",
        ]
        calendar.lines += [f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"]
        calendar.lines += ["X-MICROSOFT-CDO-BUSYSTATUS:OOF", "END:VEVENT"]
        calendar.truth.entries += 1
    for week in range(WEEKS + 4):
        start = FIRST + timedelta(weeks=week)
        for who, (every, begins, ends, weekday, hour, title) in SERIES.items():
            day = start + timedelta(days=weekday)
            if begins <= week < ends and not (week - begins) % every and not away(day):
                calendar.talk(day, hour, title, who, dice.choices(("held", "cancelled", "declined"), (90, 7, 3))[0])
        for who, weeks in NOW_AND_THEN.items():
            if week in weeks:
                calendar.talk(start + timedelta(days=2), 11, f"Café avec {who[0]}", who, "held")
        for weekday in range(5):
            day = start + timedelta(days=weekday)
            if day <= AS_OF and not away(day):
                _rest_of(calendar, dice, day)
    return calendar.text(), calendar.truth


def _rest_of(calendar: _Calendar, dice: random.Random, day: date) -> None:
    """What else a day holds: a round with its room, a call, time alone."""
    truth = calendar.truth
    if dice.random() < 0.75:
        calendar.entry(day, 13, 60, dice.choice(ROUNDS), dice.sample(TEAM, 3), place="Raum Rhein")
        truth.met("group", day, 60)
    if dice.random() < 0.75:
        calendar.entry(
            day, 16, 30, dice.choice(ROUNDS), dice.sample(TEAM, 4), place="https://teams.microsoft.com/l/meetup-join/1"
        )
        truth.met("conference_call", day, 30)
    for hour in (8, 12, 17):
        if dice.random() < 0.65:
            calendar.entry(day, hour, 45, dice.choice(ALONE), [])
            truth.met("solo", day, 45)
