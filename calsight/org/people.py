"""Who belongs to the organisation: `people.csv`, one person a line.

Columns: `address` (needed), `aliases`, `assistants` (addresses, separated by spaces or semicolons), `zone`, `country`,
`subdivision`, `hours`, `joined`, `left` (days), and any others, by which groups are made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from calsight.core.model.events import Problem
from calsight.core.model.options import Weekday, WorkOptions
from calsight.core.people.addresses import canonical_address
from calsight.core.time.working import working_spans
from calsight.core.time.zones import is_zone
from calsight.errors import SettingsError, SourceError
from calsight.kit.texts import read_bounded

#: Bytes of the list: a million people, and a kilobyte about each.
_MOST = 1_000_000_000
KNOWN = ("address", "aliases", "assistants", "zone", "country", "subdivision", "hours", "joined", "left")
_DAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the organisation. `addresses` are canonical, the first is the main one; `groups` by column."""

    addresses: tuple[str, ...]
    assistants: tuple[str, ...] = ()
    zone: str = ""
    country: str = ""
    subdivision: str = ""
    hours: str = ""
    joined: date | None = None
    left: date | None = None
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Their identity: the main address."""
        return self.addresses[0]


@dataclass(frozen=True, slots=True)
class Members:
    """All of them, by every address. `problems` is what could not be used of the list, `with_aliases` the main address of each
    address of those who have several."""

    everyone: tuple[Member, ...]
    by_address: Mapping[str, Member] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    with_aliases: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, members: Iterable[Member], problems: Sequence[Problem] = ()) -> Members:
        """From members whose addresses are all different."""
        everyone = tuple(members)
        by_address = {address: one for one in everyone for address in one.addresses}
        with_aliases = {address: one.id for one in everyone if len(one.addresses) > 1 for address in one.addresses}
        return cls(everyone, by_address, tuple(problems), with_aliases)

    @property
    def domains(self) -> tuple[str, ...]:
        """The organisation's domains: those of the main addresses."""
        return tuple(sorted({one.id.partition("@")[2] for one in self.everyone}))


def read_members(path: Path, groupings: Sequence[str]) -> Members:
    """The people of a CSV file; of the columns for groups only `groupings` are looked at.

    Raises `SourceError` for a file that cannot be read or has no `address` column, `SettingsError` for a missing grouping.
    """
    try:
        text = read_bounded(path, _MOST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        cause = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SourceError(f"{path}: the list of people cannot be read: {cause}.") from None
    dialect = "excel" if text.partition("\n")[0].count(";") <= text.partition("\n")[0].count(",") else _Semicolons
    rows = csv.DictReader(io.StringIO(text), dialect=dialect)
    try:
        columns = {name.strip().casefold(): name for name in rows.fieldnames or () if name}
        lines = list(rows)
    except csv.Error as error:
        raise SourceError(f"{path}: the list of people cannot be read: {error}.") from None
    if "address" not in columns:
        found = ", ".join(name for name in columns if "@" not in name) or "none"  # a first line may be a person's
        raise SourceError(
            f"{path} has no column named “address”. Its first line must name the columns; it has: {found}."
        )
    for wanted in groupings:
        if wanted.casefold() not in columns or wanted.casefold() in KNOWN:
            others = ", ".join(sorted(set(columns) - set(KNOWN))) or "none"
            raise SettingsError(f"{path} has no column {wanted!r} to make groups by. It has: {others}.")
    members: list[Member] = []
    problems: list[Problem] = []
    taken: set[str] = set()
    for number, row in enumerate(lines, start=2):
        said = {key: (row.get(name) or "").strip() for key, name in columns.items()}
        member, trouble = _member(said, taken, groupings)
        problems += [
            Problem("bad_person", f"Line {number} of the list of people: {each}", path.name) for each in trouble
        ]
        if member is not None:
            members.append(member)
            taken.update(member.addresses)
    if not members:
        raise SourceError(f"{path} names nobody.")
    return Members.of(members, problems)


class _Semicolons(csv.excel):
    delimiter = ";"


def _member(said: Mapping[str, str], taken: set[str], groupings: Sequence[str]) -> tuple[Member | None, list[str]]:
    """The person of one line, and what of it could not be used."""
    main = canonical_address(said["address"])
    if not main:
        return None, ["there is no address, and it was left out."]
    if main in taken:
        return None, ["its address stands on an earlier line too, and it was left out. Give each person one line."]
    trouble: list[str] = []
    others = []
    for alias in _words(said.get("aliases", "")):
        address = canonical_address(alias)
        if address in taken:
            trouble.append("an alias belongs to somebody on an earlier line, and was left out.")
        elif address and address != main:
            others.append(address)
    zone = said.get("zone", "")
    if zone and not is_zone(zone):
        trouble.append(f"there is no time zone {zone!r}; the mailbox's own counts. Write it as Europe/Berlin.")
        zone = ""
    hours = said.get("hours", "")
    try:
        hours_of(hours)
    except ValueError as error:
        trouble.append(f"{error}; the usual hours count.")
        hours = ""
    country, subdivision = said.get("country", "").upper(), said.get("subdivision", "").upper()
    try:
        check_work(WorkOptions(country=country, subdivision=subdivision))
    except ValueError as error:
        trouble.append(f"{error}; the usual ones count. Write ISO 3166 codes, such as DE and BY.")
        country = subdivision = ""
    days: dict[str, date | None] = {}
    for name in ("joined", "left"):
        try:
            days[name] = date.fromisoformat(said[name]) if said.get(name) else None
        except ValueError:
            trouble.append(f"{name} is no day: {said[name]!r}. Write it as 2026-03-31.")
            days[name] = None
    member = Member(
        addresses=(main, *dict.fromkeys(others)),
        assistants=tuple(_words(said.get("assistants", ""))),
        zone=zone,
        country=country,
        subdivision=subdivision,
        hours=hours,
        joined=days["joined"],
        left=days["left"],
        groups={name: said[name.casefold()] for name in groupings},
    )
    return member, trouble


def _words(text: str) -> list[str]:
    return text.replace(";", " ").replace(",", " ").split()


def hours_of(text: str) -> dict[Weekday, tuple[str, ...]]:
    """Working hours as `people.csv` has them: "09:00-17:00" from Monday to Friday, or "monday=08:00-12:00+13:00-16:00; …".

    {} for "". Raises ValueError with what is wrong.
    """
    if not text.strip():
        return {}
    if "=" not in text:
        return {day: _spans(text) for day in _DAYS[:5]}
    found: dict[Weekday, tuple[str, ...]] = {}
    for part in filter(str.strip, text.split(";")):
        name, _, spans = part.partition("=")
        day = next((one for one in _DAYS if one == name.strip().casefold()), None)
        if day is None:
            raise ValueError(f"hours name no weekday: {name.strip()!r}")
        found[day] = _spans(spans)
    return found


def _spans(text: str) -> tuple[str, ...]:
    spans = tuple(one.strip() for one in text.split("+"))
    check_work(WorkOptions(hours={"monday": spans}))
    return spans


def check_work(work: WorkOptions) -> None:
    """Raise ValueError for hours that are none, or a country (or part of it) whose public holidays are not known."""
    working_spans(date(2026, 1, 5), work, "UTC")  # a Monday


def work_options(*, zone: str, country: str, subdivision: str, hours: str, usual: WorkOptions) -> WorkOptions:
    """When somebody works: what the list says of them, else what is `usual`."""
    said = hours_of(hours)
    work = replace(usual, zone=zone)
    if said:
        work = replace(work, hours=said, periods=())
    return replace(work, country=country, subdivision=subdivision) if country else work
