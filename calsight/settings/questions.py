"""`calsight setup`: the five questions whose answers matter most, each with what can be guessed.

Nothing here touches a terminal: `interview` is given a function that asks, and returns changes for
`calsight.settings.write_settings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from calsight.core.model.options import Weekday
from calsight.settings.checks import (
    address_fault,
    country_fault,
    domain_fault,
    hours_faults,
    read_span,
    subdivision_fault,
    zone_fault,
)

if TYPE_CHECKING:
    from calsight.settings.file import Settings

Hours = Mapping[Weekday, tuple[str, ...]]
T = TypeVar("T")

#: What is typed for "none of these".
NONE = "none"
_DAYS: tuple[Weekday, ...] = get_args(Weekday)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. An empty answer stands for `default`; `complaint` says why the last answer would not do."""

    key: str
    text: str
    hint: str
    default: str = ""
    complaint: str = ""


Ask = Callable[[Question], str]


@dataclass(frozen=True, slots=True)
class Guess:
    """What the system lets one guess; "" and () where it does not."""

    addresses: tuple[str, ...] = ()
    zone: str = ""
    country: str = ""


def guess(environ: Mapping[str, str], zone: str) -> Guess:
    """A guess from the environment (EMAIL) and the system's time zone, which also suggests a country."""
    address = environ.get("EMAIL", "").strip()
    known = "" if zone in {"UTC", "Etc/UTC"} or zone_fault(zone) else zone  # a server's clock says nothing of its user
    country = country_of_zone(known)
    return Guess(
        addresses=(address,) if address and not address_fault(address) else (),
        zone=known,
        country="" if country_fault(country) else country,
    )


def country_of_zone(zone: str) -> str:
    """The ISO 3166 code of the country in which `zone` lies, by the time zone database; "" where it does not say."""
    from importlib.resources import files

    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[0] for row in rows if row[2] == zone), "")


#: key → (what is asked, how to answer)
_ASKED = {
    "owner.addresses": (
        "Which e-mail addresses are yours?",
        "All that your calendars know, the main one first, with commas between them.",
    ),
    "work.zone": (
        "In which time zone do you live?",
        f"An IANA name such as Europe/Berlin; {NONE}: as the calendar says.",
    ),
    "work.country": (
        "Whose public holidays do you have?",
        f"A country's code, with a part of it where holidays differ: DE, DE-BY, US-CA; {NONE}: no holidays.",
    ),
    "work.hours": (
        "When do you work?",
        "Days and hours, such as: mon-thu 9-12:30 13-17, fri 9-14",
    ),
    "people.organisation_domains": (
        "Which domains belong to your organisation?",
        f"Such as example.com, with commas between them; {NONE}: that of your main address, or you work for yourself.",
    ),
}


def interview(ask: Ask, settings: Settings, guessed: Guess) -> dict[str, Any]:
    """Ask the five questions and return what changes, by dotted key. A wrong answer is asked for again."""
    owner, work, people = settings.owner, settings.work, settings.people

    def answer(key: str, default: str, read: Callable[[str], T]) -> T:
        return _answer(ask, Question(key, *_ASKED[key], default), read)

    addresses = answer("owner.addresses", ", ".join(owner.addresses or guessed.addresses) or NONE, read_addresses)
    zone = answer("work.zone", work.zone or guessed.zone or NONE, read_zone)
    place = _place(work.country, work.subdivision) or guessed.country or NONE
    country, subdivision = answer("work.country", place, read_place)
    hours = answer("work.hours", say_hours(work.hours), read_hours)
    domains = answer(
        "people.organisation_domains",
        ", ".join(people.organisation_domains or work_domains(addresses)) or NONE,
        read_domains,
    )
    answers = {
        "owner.addresses": (addresses, owner.addresses),
        "work.zone": (zone, work.zone),
        "work.country": (country, work.country),
        "work.subdivision": (subdivision, work.subdivision),
        "work.hours": (hours, work.hours),
        "people.organisation_domains": (domains, people.organisation_domains),
    }
    return {key: now for key, (now, before) in answers.items() if now != before}


def read_addresses(text: str) -> tuple[str, ...]:
    """Addresses from an answer. Raises ValueError with a sentence."""
    return _read_list(text, address_fault)


def read_domains(text: str) -> tuple[str, ...]:
    """Domains from an answer. Raises ValueError with a sentence."""
    return _read_list(text.lower(), domain_fault)


def read_zone(text: str) -> str:
    """A time zone from an answer. Raises ValueError with a sentence."""
    return _sound("" if text == NONE else text, zone_fault)


def read_place(text: str) -> tuple[str, str]:
    """Country and subdivision from an answer such as "DE-BY". Raises ValueError with a sentence."""
    if text == NONE:
        return "", ""
    country, _, subdivision = text.partition("-")
    code = _sound(country.strip().upper(), country_fault)
    return code, _sound(subdivision.strip(), lambda part: subdivision_fault(code, part))


def read_hours(text: str) -> Hours:
    """Working hours from an answer such as "mon-thu 9-12:30 13-17, fri 9-14". Raises ValueError with a sentence."""
    hours: dict[Weekday, list[str]] = {}
    days: list[Weekday] = []
    named = False  # whether the last word was a day: days in a row share the hours that follow
    for word in re.sub(r"\s*[-–—]\s*", "-", text.lower()).replace(",", " ").replace(";", " ").split():
        if found := _read_days(word):
            days = [*days, *found] if named else found
            named = True
            continue
        span = read_span(word)
        if span is None:
            raise ValueError(f"{word!r} is neither a day (mon, mon-fri) nor a span of hours (9-17, 13:30-17:00).")
        if not days:
            raise ValueError(f"Say on which days, such as: mon-fri {word}.")
        for day in days:
            hours.setdefault(day, []).append(span)
        named = False
    if not hours or named:
        raise ValueError("Say days and hours, such as: mon-fri 9-17.")
    read: Hours = {day: tuple(sorted(hours[day])) for day in _DAYS if day in hours}
    for _, fault in hours_faults(read):
        raise ValueError(fault)
    return read


def say_hours(hours: Hours) -> str:
    """Working hours as `read_hours` reads them: "mon-thu 09:00-17:00, fri 09:00-14:00"."""
    said = []
    for spans, run in groupby(_DAYS, key=lambda day: tuple(hours.get(day, ()))):
        days = [day[:3] for day in run]
        if spans:
            said.append(f"{days[0] if len(days) == 1 else f'{days[0]}-{days[-1]}'} {' '.join(spans)}")
    return ", ".join(said)


def work_domains(addresses: Sequence[str]) -> tuple[str, ...]:
    """The domains of these addresses, without those of public mail providers."""
    from calsight.core.people.directory import is_public_provider

    domains = dict.fromkeys(address.rpartition("@")[2].lower() for address in addresses)
    return tuple(domain for domain in domains if not is_public_provider(domain))


def _answer(ask: Ask, question: Question, read: Callable[[str], T]) -> T:
    while True:
        answer = ask(question).strip() or question.default
        try:
            return read(NONE if answer.lower() == NONE else answer)
        except ValueError as error:
            question = replace(question, complaint=str(error))


def _read_list(text: str, fault: Callable[[str], str | None]) -> tuple[str, ...]:
    if text == NONE:
        return ()
    return tuple(dict.fromkeys(_sound(entry, fault) for entry in re.split(r"[,;\s]+", text) if entry))


def _sound(value: str, fault: Callable[[str], str | None]) -> str:
    """`value` itself where it is empty or has no fault."""
    if value and (said := fault(value)):
        raise ValueError(said)
    return value


def _read_days(word: str) -> list[Weekday]:
    """The days that "mon", "Monday" or "mon-fri" stand for; [] if the word is no day."""
    first, dash, last = word.partition("-")
    start, end = _day_number(first), _day_number(last if dash else first)
    if start is None or end is None:
        return []
    return [_DAYS[number % 7] for number in range(start, (end if end >= start else end + 7) + 1)]


def _day_number(word: str) -> int | None:
    found = [number for number, day in enumerate(_DAYS) if len(word) >= 3 and day.startswith(word.rstrip("."))]
    return found[0] if found else None


def _place(country: str, subdivision: str) -> str:
    return f"{country}-{subdivision}" if subdivision else country
