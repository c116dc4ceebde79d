"""Recurrence rules made safe: UNTIL in the form that dateutil wants, and no rule that runs for ever.

dateutil walks a rule from its first occurrence, period by period; a rule of seconds or one whose parts contradict each other
("30 February") would keep it walking for minutes. What a rule costs is estimated before it is walked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from calsight_ics.expansion import WEEKDAYS, expansion_of

#: Steps that dateutil may take for one rule (about a second and a half), from near the window on where the rule allows it.
MOST_STEPS = 400_000
_MOST_OCCURRENCES = 10_000  # that one entry may have in a window of less than so many days
_PERIOD = {
    "SECONDLY": 1 / 86_400,
    "MINUTELY": 1 / 1_440,
    "HOURLY": 1 / 24,
    "DAILY": 1,
    "WEEKLY": 7,
    "MONTHLY": 30,
    "YEARLY": 365,
}
_MAY_NEVER_COME = frozenset({"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYDAY", "BYEASTER"})
#: Days that are walked sooner than counted.
_SHORT = 60
#: The Gregorian calendar repeats itself after 400 years, weekdays included.
_CYCLE = 400


def most_occurrences(window_days: float) -> int:
    """Occurrences that one entry may have inside a window: one a day at least, however long the window is."""
    return max(_MOST_OCCURRENCES, int(window_days) + 3)


class EndlessRuleError(Exception):
    """A rule that would take too long; the text names the limit that it passes, in words for a Problem."""

    @classmethod
    def often(cls, window: timedelta) -> EndlessRuleError:
        """More occurrences than are read of one entry."""
        most = most_occurrences(window.total_seconds() / 86_400)
        return cls(
            f"it repeats more than {most:,} times in the days that were asked for; ask for fewer weeks to see it"
        )


def first(rule: Any, name: str) -> Any:
    """A part of a rule that may hold one value only."""
    value = rule.get(name)
    return value[0] if isinstance(value, list) else value


def settle_until(rule: Any, start: date, dates: tzinfo) -> None:
    """Put UNTIL into the form that goes with DTSTART, in place.

    RFC 5545 wants UTC for a start with a zone. A date means its whole day, and a time without zone is a time where the start
    is: both in the zone of the start. dateutil would take the first as midnight and the second as UTC, which drops the last
    occurrence west of Greenwich and invents one east of it. For an all-day start Exchange writes the last day's midnight in
    UTC: the day is that in the zone `dates`, or as written if that is later.
    """
    until = first(rule, "UNTIL")
    if until is None:
        return
    zone = start.tzinfo if isinstance(start, datetime) else None
    if not isinstance(start, datetime):
        settled: date = until
        if isinstance(until, datetime):
            settled = until.date()
            if until.tzinfo is not None:
                settled = max(settled, until.astimezone(dates).date())
    elif not isinstance(until, datetime):
        settled = datetime.combine(until, time(23, 59, 59), zone)
    else:
        settled = until
    if isinstance(settled, datetime):
        if zone is None:
            settled = settled.replace(tzinfo=None)
        else:
            settled = (settled if settled.tzinfo else settled.replace(tzinfo=zone)).astimezone(UTC)
    rule["UNTIL"] = [settled]


def settle_interval(rule: Any) -> None:
    """An INTERVAL below 1 is 1, in place, as libical has it; dateutil would stand still for ever."""
    interval = first(rule, "INTERVAL")
    if interval is not None and int(interval) < 1:
        rule["INTERVAL"] = [1]


def settle_parts(rule: Any, start: date) -> None:
    """Say in place what dateutil reads otherwise than RFC 5545 (3.3.10), in words in which both mean the same.

    - BYHOUR, BYMINUTE and BYSECOND "MUST be ignored" where DTSTART is a date
    - BYWEEKNO alone: "information, not contained in the rule" comes from DTSTART: its weekday (dateutil: the whole week;
      libical/libical#438 is about the question)
    - BYDAY=MO,2TU: each part adds days (dateutil, and jkbrzt/rrule#71 after it: days that are both)

    Raises `ValueError` for a day, week or place in a set that is numbered 0: there is none (dateutil: every day).
    """
    for name in _NUMBERED_FROM_ONE:
        if any(int(number) == 0 for number in _listed(rule, name)):
            raise ValueError(f"{name} has no 0")
    frequency = str(first(rule, "FREQ") or "").upper()
    if not isinstance(start, datetime):
        for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            rule.pop(name, None)
    if frequency == "YEARLY" and "BYWEEKNO" in rule and not rule.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}:
        rule["BYDAY"] = [WEEKDAYS[start.weekday()]]
    days = [str(day) for day in _listed(rule, "BYDAY")]
    bare = [day for day in days if day.upper() in WEEKDAYS]
    if bare and len(bare) < len(days) and frequency in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in rule:
        most = 5 if frequency == "MONTHLY" or "BYMONTH" in rule else 53
        numbered = [f"{number}{day}" for day in bare for number in range(1, most + 1)]
        rule["BYDAY"] = list(dict.fromkeys([*numbered, *(day for day in days if day not in bare)]))


_NUMBERED_FROM_ONE = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS")


def _listed(rule: Any, name: str) -> list[Any]:
    value = rule.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def settle_count(rule: Any, start: date) -> bool:
    """Let COUNT count DTSTART, in place, which "always counts as the first occurrence" (RFC 5545, 3.3.10).

    dateutil does not count it where it is not on its own rule. False where nothing is left of the rule then.
    """
    count = first(rule, "COUNT")
    frequency = str(first(rule, "FREQ") or "").upper()
    if count is None or int(count) < 1 or frequency not in _PERIOD:
        return True
    if _PERIOD[frequency] < 1 and _MAY_NEVER_COME - {"BYDAY"} & rule.keys():
        return True  # hours and minutes might be walked for years
    # A rule is of days on the wall.
    moment = start.replace(tzinfo=None) if isinstance(start, datetime) else _naive(start)
    if next(iter(expanded(_endless(rule), moment)), moment) != moment:
        rule["COUNT"] = [int(count) - 1]
    return bool(first(rule, "COUNT"))


def nearer(text: str, start: datetime, opens: datetime) -> datetime:
    """A start of the same rule shortly before `opens` (UTC): the years until then need not be walked. With COUNT: `start`."""
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";"))
    interval = int(parts.get("INTERVAL") or 1)
    days = (_naive(opens) - _naive(start)).days - 2
    if "COUNT" in parts or interval < 1 or days < _SHORT:
        return start
    frequency = parts.get("FREQ")
    if frequency in ("MONTHLY", "YEARLY"):
        years = (opens.year - 1 - start.year) // interval * interval
        return start.replace(year=start.year + years) if years > 0 and (start.month, start.day) != (2, 29) else start
    # So many days are whole hours, minutes and seconds of the rule, too.
    step = interval * (7 if frequency == "WEEKLY" else 1)
    return start + timedelta(days=days // step * step)


def expanded(text: str, start: datetime) -> Iterable[datetime]:
    """What a rule comes to from `start` on."""
    from dateutil.rrule import rrulestr

    return expansion_of(text, start) or rrulestr(text, dtstart=start)


def check(rule: Any, start: date, opens: datetime, horizon: datetime) -> bool:
    """Whether the rule has occurrences at all; raises `EndlessRuleError` where finding out costs too much.

    `start` is DTSTART, `opens` and `horizon` the ends of the window (UTC).
    """
    frequency = str(first(rule, "FREQ") or "").upper()
    if frequency not in _PERIOD:
        return True  # dateutil refuses it, with its own error
    interval = int(first(rule, "INTERVAL") or 1)
    times = _times_a_day(rule, frequency)
    days = max(0.0, (_naive(horizon) - _naive(start)).total_seconds() / 86_400)
    window_days = (horizon - opens).total_seconds() / 86_400
    until = first(rule, "UNTIL")
    if until is not None:
        days = min(days, max(0.0, (_naive(until) - _naive(start)).total_seconds() / 86_400 + 1))
    passed = (nearer(rule.to_ical().decode(), _naive(start), opens) - _naive(start)).total_seconds() / 86_400
    steps = max(0.0, days - passed) / (_PERIOD[frequency] * interval) * times
    count = first(rule, "COUNT")
    share = _share(rule, frequency)
    if count is not None and not _MAY_NEVER_COME - {"BYDAY"} & rule.keys():
        filtered = _PERIOD[frequency] < 1 and any(name.startswith("BY") for name in rule)
        steps = min(steps, max(1, int(count)) / share + (7 / _PERIOD[frequency] if filtered or "BYDAY" in rule else 0))
    inside = min(days, window_days) / (_PERIOD[frequency] * interval) * times * share
    if count is not None:
        inside = min(inside, max(1, int(count)))
    if inside > most_occurrences(window_days):
        raise EndlessRuleError.often(horizon - opens)
    if steps > MOST_STEPS:
        raise EndlessRuleError(
            f"to find when it repeats ({frequency.lower()}) takes more than {MOST_STEPS:,} steps; ask for fewer weeks to see it"
        )
    doubtful = _MAY_NEVER_COME & rule.keys()
    if not doubtful or (frequency == "WEEKLY" and doubtful == {"BYDAY"}):
        return True
    if "BYSETPOS" in doubtful and _PERIOD[frequency] < 1:
        raise EndlessRuleError(f"it repeats {frequency.lower()} and picks (BYSETPOS) from sets of one")
    return _comes(rule, start)


def _share(rule: Any, frequency: str) -> float:
    """The share of its periods that the parts of a rule of hours, minutes or seconds leave over."""
    share = 1.0
    if _PERIOD[frequency] < 1:
        for name, most in (("BYDAY", 7), ("BYHOUR", 24), ("BYMINUTE", 60)):
            value = rule.get(name)
            if value is not None and (name != "BYMINUTE" or frequency != "HOURLY"):
                share *= min(1.0, (len(value) if isinstance(value, list) else 1) / most)
    return share


def _times_a_day(rule: Any, frequency: str) -> int:
    """How many times of day a day of the rule has, at most."""
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        return 1
    product = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        value = rule.get(name)
        product *= len(value) if isinstance(value, list) else 1
    return product


def _comes(rule: Any, start: date) -> bool:
    return comes(_endless(rule), _naive(start))


def _endless(rule: Any) -> str:
    """The text of a rule without UNTIL and COUNT."""
    parts = rule.to_ical().decode().split(";")
    return ";".join(part for part in parts if not part.upper().startswith(("UNTIL=", "COUNT=")))


def comes(rule: str, start: datetime) -> bool:
    """Whether a rule without UNTIL and COUNT has any occurrence, asked of the same day whole calendar cycles later.

    A rule that has none makes dateutil walk to the year 9999, which takes seconds from here; from there it is at most
    500 years, and no rule has an occurrence that is rarer than that.
    """
    later = start.replace(year=start.year + _CYCLE * max(0, (9999 - 100 - start.year) // _CYCLE))
    return next(iter(expanded(rule, later)), None) is not None


def _naive(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
