"""The owner's working time: usual hours, periods, public holidays and days off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from calsight.core.model.options import Weekday, WorkOptions
from calsight.core.time.days import clock_moment, day_of
from calsight.core.time.intervals import Span

_WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def working_spans(day: date, options: WorkOptions, zone: str) -> list[Span]:
    """The owner's working time of one day, in UTC: none on public holidays and days off.

    A span that ends at or before its start ("22:00-06:00") runs into the next day.
    """
    return [] if _is_day_off(day, options) else usual_spans(day, options, zone)


def in_working_hours(moment: datetime, options: WorkOptions, zone: str) -> bool:
    """Whether a moment lies in the owner's working time."""
    day = day_of(moment, zone)
    spans = (span for each in (day - timedelta(days=1), day) for span in working_spans(each, options, zone))
    return any(begin <= moment < end for begin, end in spans)


def full_week(options: WorkOptions) -> timedelta:
    """A full working week: that of `hours`; where all the hours stand in periods, the fullest of these."""
    usual = _weekly(options.hours)
    return usual or max((_weekly(period.hours) for period in options.periods), default=timedelta())


def _weekly(hours: Mapping[Weekday, tuple[str, ...]]) -> timedelta:
    return timedelta(minutes=sum(b - a for texts in hours.values() for a, b in _merged_minutes(texts)))


def usual_spans(day: date, options: WorkOptions, zone: str) -> list[Span]:
    """The working time of a day, were it no holiday."""
    hours = options.hours
    for period in options.periods:
        if period.start <= day <= period.end:
            hours = period.hours
    return [
        (clock_moment(day, a, zone), clock_moment(day, b, zone))
        for a, b in _merged_minutes(hours.get(_WEEKDAYS[day.weekday()], ()))
    ]


def _merged_minutes(texts: tuple[str, ...]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(map(_minutes, texts)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=256)
def _minutes(text: str) -> tuple[int, int]:
    """Minutes after midnight of "09:00-17:00". Raises ValueError for anything else."""
    try:
        start, end = ((int(hour) * 60 + int(minute)) for hour, minute in (t.split(":") for t in text.split("-")))
    except ValueError:
        raise ValueError(f"working hours are written like 09:00-17:00, not {text!r}") from None
    if not (0 <= start < 24 * 60 and 0 <= end <= 24 * 60):
        raise ValueError(f"working hours lie between 00:00 and 24:00, not {text!r}")
    return start, end if end > start else end + 24 * 60


def _is_day_off(day: date, options: WorkOptions) -> bool:
    return day in options.days_off or (
        bool(options.country) and day in _holidays(options.country, options.subdivision, day.year)
    )


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Public holidays of a year. Raises ValueError for a country or subdivision that is not known."""
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        place = f"{country}, {subdivision}" if subdivision else country
        raise ValueError(f"no public holidays are known for {place}") from None
