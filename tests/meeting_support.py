"""Invented meetings, already judged, for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from calsight.core.model.events import Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WITH_PEOPLE, Kind, Meeting, Owner, Person, Scope
from calsight.core.model.options import Options, RateOptions
from calsight.core.people.directory import Directory
from calsight.core.rate.exposure import Exposure, measure
from calsight.core.rate.verdict import Assessment
from calsight.core.relationships.account import Account
from calsight.testing import address, event, moment

#: A Monday, 00:00 in UTC; tests count weeks from here.
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
ONE_TO_ONE, GROUP, UNKNOWN, SOLO = Kind.ONE_TO_ONE, Kind.GROUP, Kind.UNKNOWN, Kind.SOLO
ME = Owner(("me@example.com",))
LONG_AGO = datetime(9999, 1, 1, tzinfo=UTC)


def at(week: int, day: int = 0, hour: float = 10) -> datetime:
    """The moment `hour` hours into a day (0 is Monday) of the week `week` weeks after `MONDAY`."""
    return MONDAY + timedelta(weeks=week, days=day, hours=hour)


def meeting(
    kind: Kind,
    when: datetime | str,
    *people: str,
    minutes: float = 30,
    reason: str = "",
    as_of: datetime = LONG_AGO,
    **fields: Any,
) -> Meeting:
    """One judged meeting of Me with `people`; held if it ended by `as_of`."""
    made = event("me", *people, at=moment(when), minutes=minutes)
    known = kind in WITH_PEOPLE
    if known:
        fields.setdefault("counterparts", tuple(Person(address(p), p.title(), address(p)) for p in sorted(people)))
        fields.setdefault("held", made.end <= as_of)
    if kind is ONE_TO_ONE:
        fields.setdefault("scope", Scope.ORGANISATION)
    return Meeting(event=made, kind=kind, reason=reason or kind.value, **fields)


def one_to_one(when: datetime | str, who: str = "bo", **fields: Any) -> Meeting:
    """A one-to-one with `who`."""
    return meeting(ONE_TO_ONE, when, who, **fields)


def group(when: datetime | str, **fields: Any) -> Meeting:
    """A meeting of three."""
    return meeting(GROUP, when, "bo", "cem", **fields)


def away(first: datetime, last: datetime) -> Meeting:
    """An absence."""
    return meeting(Kind.ABSENCE, first, minutes=(last - first) / timedelta(minutes=1), reason="out_of_office")


def weekly(per_week: Iterable[int], *, people: int = 6) -> list[Meeting]:
    """A calendar with one group meeting every week and so many one-to-ones in each, with `people` colleagues in turn."""
    meetings, turn = [], 0
    for week, count in enumerate(per_week):
        meetings.append(group(at(week)))
        for n in range(count):
            meetings.append(one_to_one(at(week, 1 + n % 4, 9 + n // 4), f"colleague{turn % people}"))
            turn += 1
    return meetings


def frame_of(
    *,
    weeks: int = 26,
    as_of: datetime | None = None,
    zone: str = "UTC",
    last_sign: datetime | None = None,
    **options: Any,
) -> Frame:
    """The frame of `weeks` weeks from `MONDAY`, seen at their end unless `as_of` says otherwise. `options` are by section."""
    end = as_of or at(weeks, 0, 0)
    return Frame(ME, zone, Window(MONDAY, end), end, last_sign, Options(**options))


def account_of(meetings: Sequence[Meeting], **fields: Any) -> Account:
    """What these meetings amount to; `fields` are those of `frame_of`."""
    frame = frame_of(**fields)
    return Account(frame, meetings, Directory(frame.owner, frame.options.people))


def exposure_of(meetings: Sequence[Meeting], **fields: Any) -> Exposure:
    """The exposure that these meetings show; `fields` are those of `frame_of`."""
    return measure(meetings, frame_of(**fields))


def assessment(meetings: Sequence[Meeting], *, options: RateOptions | None = None, **fields: Any) -> Assessment:
    """The verdict on these meetings; `fields` are those of `frame_of`."""
    return account_of(meetings, rate=options or RateOptions(), **fields).assessment


def codes(verdict: Assessment) -> list[str]:
    """The codes of what a verdict says, in order."""
    return [reason.code for reason in verdict.flag.reasons]


def text(verdict: Assessment, code: str) -> str:
    """The one sentence of that code."""
    (found,) = [reason.text for reason in verdict.flag.reasons if reason.code == code]
    return found
