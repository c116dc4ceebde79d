"""Laws over whole calendars: what must not change a verdict, whatever the life."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

import calsight
from calsight import CalendarEvent, PartStat, Report, Status
from calsight.core.model.events import Calendar
from calsight.core.rate.silence import signs_of_presence
from calsight.pipeline import judge, read
from calsight.reading.event_lines import event_line
from calsight.testing import attendee, event

AS_OF = date(2026, 6, 28)
MONDAY = datetime(2025, 12, 29, tzinfo=UTC)
WORK = Calendar(id="work", name="work", zone="UTC", owner=("ana@example.com",), names_people=True)
HOLIDAYS = Calendar(id="holidays", name="holidays", zone="UTC")
COLLEAGUES = ("bo", "cy", "di", "eva", "finn")
WEEKS = 26


def at(week: int, day: int, hour: int) -> datetime:
    return MONDAY + timedelta(weeks=week, days=day, hours=hour)


@dataclass(frozen=True)
class Life:
    """Half a year: how many single groups and one-to-ones each week holds, a stand-up that runs on, and weeks of illness."""

    groups: tuple[int, ...]
    pairs: tuple[int, ...]
    away: frozenset[int]

    def entries(self) -> list[CalendarEvent]:
        made = [stand_up(week) for week in range(WEEKS)]
        for week in range(WEEKS):
            if week not in self.away:
                made += [group(week, number) for number in range(self.groups[week])]
                made += [pair(week, number) for number in range(self.pairs[week])]
        return made


def group(week: int, number: int) -> CalendarEvent:
    return event("bo", "ana", "cy", "di", at=at(week, number, 9), calendar=WORK, uid=f"g{week}-{number}")


def pair(week: int, number: int) -> CalendarEvent:
    who = COLLEAGUES[(week + number) % len(COLLEAGUES)]
    return event("ana", who, at=at(week, number, 11), calendar=WORK, uid=f"p{week}-{number}")


def stand_up(week: int) -> CalendarEvent:
    start = at(week, 0, 8)
    return event("bo", "ana", "cy", at=start, calendar=WORK, uid="standup", series="standup", original_start=start)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    busy = draw(st.integers(1, 4))
    first = draw(st.integers(0, WEEKS - 1))
    return Life(
        groups=tuple(draw(st.lists(st.integers(0, busy), min_size=WEEKS, max_size=WEEKS))),
        pairs=tuple(draw(st.lists(st.integers(0, draw(st.integers(0, 3))), min_size=WEEKS, max_size=WEEKS))),
        away=frozenset(range(first, min(WEEKS, first + draw(st.integers(0, 8))))),
    )


def report(entries: Iterable[CalendarEvent]) -> Report:
    return calsight.analyze(list(entries), as_of=AS_OF, settings={"work": {"zone": "UTC"}})


def said(made: Report) -> dict[str, Any]:
    """What a report says of its owner, apart from what it lists of the entries."""
    shown = made.model_dump(mode="json", include={"flag", "rate", "exposure", "weeks", "questions"})
    shown["flag"]["reasons"] = [each for each in shown["flag"]["reasons"] if each["code"] != "left_out"]
    for week in shown["weeks"]:
        del week["hours"]
    return shown


def unsigned_weeks(entries: list[CalendarEvent]) -> list[int]:
    """The weeks without a sign that the owner was there."""
    judgement = judge(read(entries, as_of=AS_OF, settings={"work": {"zone": "UTC"}}))
    signs = signs_of_presence(judgement.meetings, until=judgement.frame.now, zone="UTC")
    shown = {(sign.week - MONDAY.date()).days // 7 for sign in signs}
    return [week for week in range(WEEKS) if week not in shown]


def declined(week: int) -> CalendarEvent:
    lines = (attendee("ana", partstat=PartStat.DECLINED), attendee("bo"))
    return event("bo", attendees=lines, at=at(week, 2, 14), calendar=WORK, uid=f"declined{week}")


def cancelled(week: int) -> CalendarEvent:
    return event("ana", "bo", at=at(week, 2, 15), calendar=WORK, uid=f"cancelled{week}", status=Status.CANCELLED)


def holiday(week: int) -> CalendarEvent:
    return event(
        at=at(week, 3, 0), minutes=24 * 60, all_day=True, calendar=HOLIDAYS, uid=f"h{week}", title="Bin collection"
    )


def own_block(week: int) -> CalendarEvent:
    start = at(week, 4, 14)
    return event("ana", at=start, calendar=WORK, uid="own", series="own", original_start=start, title="Focus")


@settings(max_examples=15)  # whole calendars, judged twice
@given(lives(), st.sampled_from([declined, cancelled, holiday, own_block]))
def test_what_stands_in_a_week_without_a_sign_by_itself_changes_nothing(
    life: Life, noise: Callable[[int], CalendarEvent]
) -> None:
    entries = life.entries()
    more = [noise(week) for week in unsigned_weeks(entries)]
    assert said(report([*entries, *more])) == said(report(entries))


@settings(max_examples=15)  # whole calendars, judged twice
@given(lives())
def test_a_standing_series_makes_no_presence_of_weeks_that_are_silent_by_contrast(life: Life) -> None:
    entries = life.entries()
    silent = {week.week for week in report(entries).weeks if week.exposure == 0}
    second = [
        replace(stand_up(week), uid="second", series="second")
        for week in range(WEEKS)
        if at(week, 0, 0).date() in silent
    ]
    assert said(report([*entries, *second])) == said(report(entries))


@settings(max_examples=15)  # whole calendars, judged twice
@given(lives(), st.permutations(COLLEAGUES), st.randoms(use_true_random=False))
def test_names_order_and_files_do_not_matter(life: Life, names: list[str], order: Any) -> None:
    entries = life.entries()
    as_it_is = said(report(entries))

    shuffled = list(entries)
    order.shuffle(shuffled)
    half = len(shuffled) // 2
    parts = calsight.analyze(shuffled[:half], shuffled[half:], as_of=AS_OF, settings={"work": {"zone": "UTC"}})
    assert said(parts) == as_it_is

    called = {f"{old}@example.com": f"{new}@example.com" for old, new in zip(COLLEAGUES, names, strict=True)}
    renamed = [_renamed(one, called) for one in entries]
    assert said(report(renamed)) == as_it_is


LEVELS = ("insufficient_data", "ok", "watch", "at_risk")


def _weeks(pairs: str, groups: str, away: range) -> Life:
    return Life(tuple(map(int, groups)), tuple(map(int, pairs)), frozenset(away))


@settings(max_examples=15)  # whole calendars, judged twice
@given(lives(), st.integers(1, 4), st.sampled_from([*COLLEAGUES, "newcomer"]))
@example(_weeks("20000210000010000102013321", "13210032010010130211320332", range(19, 26)), 4, "bo")
@example(_weeks("10000001010221000221211111", "10111101011111111110110110", range(21, 26)), 2, "eva")
@example(_weeks("00100011000100110002513400", "11111111111111111111111111", range(0)), 3, "newcomer")
def test_one_more_in_the_newest_four_weeks_never_makes_the_level_worse(life: Life, back: int, who: str) -> None:
    """Not by making a burst likelier, nor a fall, nor by ending weeks that had been silent, nor by whom it is with."""
    entries = life.entries()
    more = event("ana", who, at=at(WEEKS - back, 3, 14), calendar=WORK, uid="one more")
    before, after = (LEVELS.index(report(each).flag.level) for each in (entries, [*entries, more]))
    assert after <= before or before == 0


def _renamed(one: CalendarEvent, called: dict[str, str]) -> CalendarEvent:
    def line(given: Any) -> Any:
        address = called.get(given.address, given.address)
        return replace(given, address=address, name=address.partition("@")[0].title())

    return replace(one, attendees=tuple(map(line, one.attendees)), organizer=one.organizer and line(one.organizer))


@settings(max_examples=15)
@given(life=lives())
def test_json_lines_say_what_objects_say(life: Life, tmp_path_factory: Any) -> None:
    entries = life.entries()
    path: Path = tmp_path_factory.mktemp("lines") / "life.jsonl"
    path.write_text("".join(json.dumps(event_line(one), default=str) + "\n" for one in entries), "utf-8")
    lines = calsight.analyze(path, as_of=AS_OF, settings={"work": {"zone": "UTC"}}, cache=False)
    assert said(lines) == said(report(entries))
