"""Single entries with known answers: what real calendars were seen to hold, invented anew.

`entries/entries.tsv` has a row for each expectation: the file or folder, arguments, the expectation as JSON, its family, and
why, with the public thread where there is one. In an expectation, `of` are UIDs, `are` as many meetings as are listed, each
fitting one; `each`: all fit; `count`: how many; `until`: only up to that day; `problem` and `no_problem`: codes in the report.
Entries with the UID "ord" are there so that the calendar is an ordinary one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import calsight
from calsight import Meeting
from cases.known import HERE, options, params, table

ENTRIES = HERE / "entries"


def who(meeting: Meeting) -> list[str]:
    return sorted(person.address or f"name:{person.name}" for person in meeting.counterparts)


def said(meeting: Meeting, key: str) -> Any:
    """What the key of an expectation asks of a meeting."""
    event = meeting.event
    zone = ZoneInfo(event.zone or "UTC") if event.all_day else ZoneInfo("UTC")
    match key:
        case "who":
            return who(meeting)
        case "names":
            return sorted(person.name for person in meeting.counterparts)
        case "uid" | "title":
            return getattr(event, key)
        case "start" | "end":
            return f"{getattr(event, key):%Y-%m-%dT%H:%M:%SZ}"
        case "day":
            return event.start.astimezone(zone).date().isoformat()
        case "minutes":
            return event.duration / timedelta(minutes=1)
        case _:
            return getattr(meeting, key)


def fits(wanted: Mapping[str, Any], meeting: Meeting) -> bool:
    for key, value in wanted.items():
        many = value if isinstance(value, list) else [value]
        match key:
            case "who" | "names":
                good = said(meeting, key) == sorted(many)
            case "notkind":
                good = meeting.kind not in many
            case "title_like":
                good = re.search(value, meeting.event.title) is not None
            case "minutes_min":
                good = said(meeting, "minutes") >= value
            case _:
                good = said(meeting, key) in many
        if not good:
            return False
    return True


def paired(wanted: Sequence[Mapping[str, Any]], meetings: Sequence[Meeting]) -> bool:
    """Whether each of the wanted can have a meeting of its own that fits, and none is left."""
    if not wanted:
        return not meetings
    return any(
        fits(wanted[0], meeting) and paired(wanted[1:], [*meetings[:place], *meetings[place + 1 :]])
        for place, meeting in enumerate(meetings)
    )


def short(meetings: Sequence[Meeting]) -> str:
    return "\n".join(
        f"{said(one, 'start')} {one.kind}/{one.reason} {who(one)} {one.event.title!r}" for one in meetings[:20]
    )


ROWS = table(ENTRIES / "entries.tsv")


@pytest.mark.parametrize("row", params("entries", ROWS))
def test_an_entry_is_what_it_is(row: dict[str, str]) -> None:
    source, wanted = str(ENTRIES / row["source"]), json.loads(row["expectation"])
    found = calsight.meetings(source, **options(row["arguments"]))
    if "of" in wanted:
        meetings = [one for one in found if one.event.uid.startswith(tuple(wanted["of"]))]
    else:
        meetings = [one for one in found if one.event.uid != "ord" and not one.event.uid.startswith("ord-")]
    if "until" in wanted:
        meetings = [one for one in meetings if said(one, "day") <= wanted["until"]]
    if "are" in wanted:
        assert paired(wanted["are"], meetings), f"{row['why']}\n{wanted['are']}\n{short(meetings)}"
    if "each" in wanted:
        assert meetings
        for one in meetings:
            assert fits(wanted["each"], one), f"{row['why']}\n{short([one])}"
    if "count" in wanted:
        low, high = wanted["count"] if isinstance(wanted["count"], list) else (wanted["count"],) * 2
        assert low <= len(meetings) <= high, row["why"]
    if "problem" in wanted or "no_problem" in wanted:
        codes = [
            one["code"]
            for one in json.loads(calsight.analyze(source, **options(row["arguments"])).to_json())["problems"]
        ]
        assert wanted.get("problem") is None or wanted["problem"] in codes
        assert wanted.get("no_problem") not in codes


def test_every_calendar_of_the_table_is_there_and_no_other() -> None:
    there = {path.name for path in ENTRIES.iterdir()} - {"entries.tsv"}
    assert there == {row["source"] for row in ROWS}
    assert len({row["id"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_an_expectation_asks_something(row: dict[str, str]) -> None:
    assert json.loads(row["expectation"]).keys() & {"are", "each", "count", "problem", "no_problem"}
