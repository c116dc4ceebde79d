"""What a settings value must be, beyond its type; and the sentence that says so when it is not.

Everything here is pure: a value in, sentences out, each naming its key. `calsight.settings` raises them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calsight.core.model.options import PeopleOptions, TitleOptions, Weekday, WorkOptions
    from calsight.settings.sections import Sections

#: These lie between 0 and 1.
SHARES = (
    "rate.at_risk_probability",
    "rate.at_risk_bursts_probability",
    "rate.watch_probability",
    "rate.below_healthy_probability",
    "rate.fallen_probability",
    "rate.fallen_share",
    "rate.run_probability",
    "rate.beyond_chance",
    "rate.burst_share",
    "rate.wary_share",
    "rate.min_share_with_meetings",
    "relationships.active",
    "relationships.active_once",
    "relationships.cooling",
    "situation.min_filled",
    "situation.time_cut",
    "situation.interest_cut",
    "situation.borderline",
    "index.rate",
    "index.relationships",
    "index.breadth",
    "index.reach",
)
#: These are more than 0.
POSITIVE = (
    "rate.low",
    "rate.healthy",
    "rate.fallen_share",
    "rate.prior_shape",
    "rate.prior_weeks",
    "rate.recent_weeks",
    "rate.run_weeks",
    "rate.pause_factor",
    "rate.even_pauses",
    "rate.narrow_people",
    "rate.narrow_interactions",
    "rate.min_weeks",
    "rate.full_weeks",
    "relationships.min_interactions",
    "relationships.ends_per_year",
    "relationships.prior_gap_weeks",
    "relationships.prior_gaps",
    "relationships.gap_evidence",
    "relationships.strength_half_life_days",
    "situation.min_choices",
    "index.rate",
)
#: These lie between the two numbers and are neither of them.
BETWEEN = {
    "rate.change_weeks": (1, float("inf")),
    "rate.interval": (0, 1),
    "rate.burst_scatter": (1, float("inf")),
}
#: The first may not exceed the second.
ORDERED = (
    ("rate.low", "rate.healthy"),
    ("rate.watch_probability", "rate.at_risk_probability"),
    ("rate.min_weeks", "rate.full_weeks"),
    ("relationships.cooling", "relationships.active"),
)

_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_SLOPPY_SPAN = re.compile(r"\s*(\d\d?)(?:[:.h](\d\d))?\s*(?:-|–|—|to)\s*(\d\d?)(?:[:.h](\d\d))?\s*")
_DAY = 24 * 60


def faults(settings: Sections) -> Iterator[str]:
    """One sentence for each value that cannot be right."""
    yield from _numbers(settings)
    yield from (f"owner.addresses: {text}" for entry in settings.owner.addresses if (text := address_fault(entry)))
    yield from _people(settings.people)
    yield from _titles(settings.titles)
    yield from _work(settings.work)


def address_fault(address: str) -> str | None:
    """Why `address` is no e-mail address; None if it looks like one."""
    if "//" in address:  # whoever writes a calendar's secret address here must not find it in a file or an error
        return "A web address is not an e-mail address such as ana@example.com."
    local, at, domain = address.strip().rpartition("@")
    if at and local and domain and not re.search(r"\s", address.strip()):
        return None
    return f"{address!r} is not an e-mail address such as ana@example.com."


def person_fault(who: str) -> str | None:
    """Why a correction may not name `who`; None for an address, a name after "name:", and "@domain" for all of one."""
    marked, _, name = who.strip().partition(":")
    if marked == "name" and name.strip():
        return None
    if who.strip().startswith("@") and domain_fault(who.strip()[1:]) is None:
        return None
    if fault := address_fault(who):
        return (
            f'{fault} For someone without one, write "name:Bo Lind".' if "@" not in who and "//" not in who else fault
        )
    return None


def somebody_fault(who: str) -> str | None:
    """Why nobody meets `who`; None for an address, and a name after "name:"."""
    if who.strip().startswith("@"):
        return f'{who.strip()!r} is a whole domain: name one person, by an address or as "name:Bo Lind".'
    return person_fault(who)


def answer_fault(code: str, *people: str) -> str | None:
    """Why an answer to the question `code` may not name one of these people; None if it may, and for questions of days."""
    from calsight.core.judging.answers import OF_A_KIND
    from calsight.core.model.meetings import AWAY

    if code in (*OF_A_KIND, AWAY):
        return None
    return next((fault for who in people if who and (fault := person_fault(who))), None)


def domain_fault(domain: str) -> str | None:
    """Why `domain` is no domain; None if it looks like one."""
    if re.fullmatch(r"[^\s@/:.]+(\.[^\s@/:.]+)*", domain):
        return None
    bare = re.split(r"[/:]", re.sub(r"^\w+://", "", domain.strip()).rpartition("@")[2])[0]
    return f"{domain!r} is not a domain: write {bare or 'example.com'!r}."


def zone_fault(zone: str) -> str | None:
    """Why `zone` is no time zone; None if it is one."""
    from zoneinfo import available_timezones

    from calsight.core.time.zones import is_zone

    if is_zone(zone):
        return None
    known = available_timezones()
    same = [name for name in known if name.casefold() == zone.casefold().replace(" ", "_")]
    city = [name for name in sorted(known) if name.rpartition("/")[2].casefold() == zone.casefold().replace(" ", "_")]
    near = same or city or get_close_matches(zone, known, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return f"{zone!r} is not an IANA time zone such as 'Europe/Berlin'.{meant}"


def country_fault(country: str) -> str | None:
    """Why the public holidays of `country` are not known; None if they are."""
    if country in _countries():
        return None
    if country.upper() in _countries():
        return f"{country!r} must be written {country.upper()!r}."
    return (
        f"{country!r} is not a country whose public holidays are known: write its ISO 3166 code, such as DE, GB or US."
    )


def subdivision_fault(country: str, subdivision: str) -> str | None:
    """Why `subdivision` is no part of `country`; None if it is one."""
    if not country:
        return f"{subdivision!r} needs work.country beside it."
    known = _countries().get(country, ())
    if subdivision in known:
        return None
    if not known:
        return f"the holidays of {country} do not differ by region; leave it empty instead of {subdivision!r}."
    return f"{subdivision!r} is not a part of {country}: write one of {', '.join(known)}."


def hours_faults(hours: Mapping[Weekday, Sequence[str]]) -> Iterator[tuple[Weekday, str]]:
    """(weekday, sentence) for each span of working hours that is not one, or that overlaps another of its day."""
    for weekday, spans in hours.items():
        minutes = []
        for span in spans:
            fault = _span_fault(span)
            if fault:
                yield weekday, fault
            else:
                minutes.append((_minutes(span), span))
        minutes.sort()
        for (earlier, first), (later, second) in pairwise(minutes):
            if later[0] < earlier[1]:
                yield weekday, f"{first!r} and {second!r} overlap."


def read_span(text: str) -> str | None:
    """The span of working hours that people mean by "9-17", "9-5" or "9.30 to 17h"; None if it is none."""
    sloppy = _SLOPPY_SPAN.fullmatch(text)
    if not sloppy:
        return None
    hour, minute, end_hour, end_minute = (int(part or 0) for part in sloppy.groups())
    if end_hour <= hour and end_hour < 12:
        end_hour += 12
    return f"{hour:02}:{minute:02}-{end_hour:02}:{end_minute:02}"


def pattern_fault(pattern: str) -> str | None:
    """Why `pattern` is no use as a regular expression for titles; None if it is fine."""
    try:
        matches_nothing = re.compile(pattern, re.IGNORECASE).search("")
    except re.error as error:
        return f"{pattern!r} is not a regular expression: {error}."
    return f"{pattern!r} would match every title." if matches_nothing else None


def _numbers(settings: Sections) -> Iterator[str]:
    for key in SHARES:
        if not 0 <= _number(settings, key) <= 1:
            yield f"{key}: {_number(settings, key):g} must lie between 0 and 1."
    for key in POSITIVE:
        if not 0 < _number(settings, key) < float("inf"):
            yield f"{key}: {_number(settings, key):g} must be more than 0."
    for key, (least, most) in BETWEEN.items():
        if not least < _number(settings, key) < most:
            limit = f"more than {least}" if most == float("inf") else f"more than {least} and less than {most}"
            yield f"{key}: {_number(settings, key):g} must be {limit}."
    for low, high in ORDERED:
        if _number(settings, low) > _number(settings, high):
            yield f"{low}: {_number(settings, low):g} must not exceed {high}, which is {_number(settings, high):g}."


def _number(settings: Sections, key: str) -> float:
    section, _, name = key.partition(".")
    return float(getattr(getattr(settings, section), name))


def _people(people: PeopleOptions) -> Iterator[str]:
    yield from (
        f"people.organisation_domains: {text}" for it in people.organisation_domains if (text := domain_fault(it))
    )
    for name in ("bot_patterns", "group_patterns", "automated_patterns"):
        if any(not pattern.strip("* ") for pattern in getattr(people, name)):
            yield f"people.{name}: an empty pattern would match everybody."
    homes: dict[str, str] = {}
    for main, others in people.aliases.items():
        for other in others:
            home = homes.setdefault(other.casefold(), main)
            if home.casefold() != main.casefold():
                yield f"people.aliases: {other!r} is listed for both {home!r} and {main!r}."
    both = {entry.casefold() for entry in people.assistants} & {entry.casefold() for entry in people.colleagues}
    yield from (f"people.assistants: {entry!r} is among people.colleagues too." for entry in sorted(both))


def _titles(titles: TitleOptions) -> Iterator[str]:
    for name in ("one_to_one", "never_one_to_one", "leave", "interview", "automated"):
        yield from (f"titles.{name}: {text}" for it in getattr(titles, name) if (text := pattern_fault(it)))


def _work(work: WorkOptions) -> Iterator[str]:
    if work.zone and (text := zone_fault(work.zone)):
        yield f"work.zone: {text}"
    if work.country and (text := country_fault(work.country)):
        yield f"work.country: {text}"
    elif work.subdivision and (text := subdivision_fault(work.country, work.subdivision)):
        yield f"work.subdivision: {text}"
    yield from (f"work.hours.{weekday}: {text}" for weekday, text in hours_faults(work.hours))
    if not any(work.hours.values()) and not work.periods:
        yield "work.hours: no working hours are left; without them nothing can be judged."
    for period in work.periods:
        if period.end < period.start:
            yield f"work.periods: a period ends ({_day(period.end)}) before it starts ({_day(period.start)})."
        yield from (f"work.periods.hours.{weekday}: {text}" for weekday, text in hours_faults(period.hours))


def _day(day: date) -> str:
    return day.isoformat()


def _span_fault(span: str) -> str | None:
    if not _SPAN.fullmatch(span):
        sloppy = read_span(span)
        meant = f" Did you mean {sloppy!r}?" if sloppy else ""
        return f"{span!r} is not a span such as '09:00-17:00'.{meant}"
    start, end = _minutes(span)
    if max(int(span[3:5]), int(span[9:11])) > 59 or end > _DAY:
        return f"{span!r} holds a time that no clock shows."
    if end <= start:
        return f"{span!r} ends before it begins: write a night as '22:00-24:00' and, on the next day, '00:00-06:00'."
    return None


def _minutes(span: str) -> tuple[int, int]:
    return int(span[:2]) * 60 + int(span[3:5]), int(span[6:8]) * 60 + int(span[9:11])


@cache
def _countries() -> Mapping[str, Sequence[str]]:
    """Codes of the countries whose holidays are known, each with the codes of its parts."""
    import holidays

    return {code: tuple(parts) for code, parts in holidays.list_supported_countries(include_aliases=True).items()}
