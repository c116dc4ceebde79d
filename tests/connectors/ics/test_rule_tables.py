"""Rules with the starts that other implementations' own tests expect of them: facts only, each row with where it is from.

`DIFFERS` is the list of those where we part, each with what decides it: a sentence of RFC 5545, 3.3.10, or that there is none.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calsight import Window
from cases.known import table
from ics_support import calendar_of, on_both_roads

TABLE = Path(__file__).parent / "data/rules.tsv"

#: Theirs have COUNT and UNTIL in one rule.
pytestmark = pytest.mark.filterwarnings("ignore:Using both:DeprecationWarning")

_ALL_MONTHS = 'BYMONTHDAY expands a YEARLY rule (the table "expand or limit"), by the month only if there is a BYMONTH'
_TURN = '"numerically specified weeks" of ISO 8601: which year a week at the turn belongs to counts for INTERVAL and BYSETPOS'
_UNTIL = '"this DATE or DATE-TIME becomes the last instance of the recurrence": a date includes its day'
_EXAMPLE = '"information, not contained in the rule" is derived from DTSTART: the weekday; theirs is the whole week'
_NOT_RFC = "BYEASTER is no part of RFC 5545, and FREQ is required"
_LEAP = '"-366" is the first day of a leap year; other years have none: "invalid date ... MUST be ignored"'
_BACK = '"-1 represents the last week of the year": the twentieth from the end of 52 is week 33, theirs takes 32'
_BEFORE = "the rule ends before it starts: left open; what is cut off before its first day has no days"
_WEEK = "sets are those of whole weeks; theirs begins the first with DTSTART"
DIFFERS = {
    ("FREQ=YEARLY;BYMONTHDAY=29;COUNT=3", "20240229"): _ALL_MONTHS,
    ("FREQ=YEARLY;BYMONTHDAY=-29,-1;COUNT=4", "20240201"): _ALL_MONTHS,
    ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=TU,SA;INTERVAL=5;UNTIL=20170101T000000Z", "20100102T000000"): _TURN,
    ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "19990101"): _TURN,
    ("FREQ=WEEKLY;UNTIL=19971007;WKST=SU;BYDAY=TU,TH", "19970902T090000"): _UNTIL,
    ("FREQ=WEEKLY;COUNT=13;INTERVAL=1;BYDAY=MO,SA,SU,FR;BYSECOND=6,48,20;BYSETPOS=8,2,5,7,-8,4", "19090424T075754"): _WEEK,
    ("FREQ=YEARLY;COUNT=3;BYWEEKNO=20", "19970902T090000"): _EXAMPLE,
    ("COUNT=3;BYEASTER=0", "19970902T090000"): _NOT_RFC,
    ("FREQ=YEARLY;COUNT=8;BYYEARDAY=-366", "20010101T145311"): _LEAP,
    ("FREQ=YEARLY;BYWEEKNO=-20;BYDAY=TU,FR", "20110902T000000"): _BACK,
    ("FREQ=DAILY;UNTIL=20140101T000000Z", "20140802T001500"): _BEFORE,
}  # fmt: skip
#: No meeting recurs so; what cannot be walked in time is left out with a problem ("endless_rule").
ENDLESS = (
    "FREQ=SECONDLY",
    "FREQ=MINUTELY",
    "FREQ=HOURLY",
    "FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17;",
)


@dataclass(frozen=True)
class Row:
    source: str
    licence: str
    rule: str
    dtstart: str
    zone: str
    complete: str
    expected: str

    def __str__(self):
        return f"{self.source} {self.rule[:100]} from {self.dtstart}"

    @property
    def start(self):
        if "T" not in self.dtstart:
            return f";VALUE=DATE:{self.dtstart}"
        return f";TZID={self.zone}:{self.dtstart}" if self.zone and self.dtstart[-1] != "Z" else f":{self.dtstart}"


EXRULE = "EXRULE:"
ALL = [Row(**row) for row in table(TABLE)]
ROWS = [row for row in ALL if not row.rule.startswith(EXRULE)]


def moment(value):
    """A time as written, without its zone."""
    return datetime.fromisoformat(value.rstrip("Z").ljust(15, "0") if "T" in value else value)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_rule_has_the_starts_that_others_expect(row):
    expected = [moment(value) for value in row.expected.split(",") if value]
    start = moment(row.dtstart)
    home = ZoneInfo(row.zone or "UTC")
    last = (expected or [start])[-1]
    ends = last.replace(year=last.year + 30, day=1) if row.complete == "1" else last + timedelta(days=1)
    window = Window(start.replace(tzinfo=UTC) - timedelta(days=2), ends.replace(tzinfo=UTC) + timedelta(days=2))
    found = on_both_roads(calendar_of("UID:x", f"DTSTART{row.start}", f"RRULE:{row.rule}"), window, "UTC")
    if row.rule.startswith(ENDLESS) and found.codes == ["endless_rule"]:
        return
    count = re.search(r"COUNT=(\d+)", row.rule)
    starts = [event.start.astimezone(home).replace(tzinfo=None) for event in found.of("x")]
    if starts[:1] == [start] != expected[:1]:
        # The start "always counts as the first occurrence", also one that its rule does not hold.
        del starts[0]
        if count and len(expected) == int(count[1]) == len(starts) + 1:
            expected.pop()
    starts = starts if row.complete == "1" else starts[: len(expected)]
    if (row.rule, row.dtstart) in DIFFERS:
        assert starts != expected, "no longer differs: take it off the list"
    else:
        assert starts == expected, found.problems


@pytest.mark.parametrize("row", [row for row in ALL if row.rule.startswith(EXRULE)], ids=str)
def test_what_others_expect_of_an_exclusion_rule_is_what_is_missing_from_every_hour(row):
    expected = [moment(value).replace(tzinfo=UTC) for value in row.expected.split(",")]
    start = moment(row.dtstart).replace(tzinfo=UTC)
    window = Window(start, expected[-1] + timedelta(seconds=1))
    text = calendar_of("UID:x", f"DTSTART{row.start}", "RRULE:FREQ=HOURLY", row.rule)
    found = {event.start for event in on_both_roads(text, window, "UTC").of("x")}
    hours = [start + timedelta(hours=hour) for hour in range((expected[-1] - start) // timedelta(hours=1) + 1)]
    assert [hour for hour in hours if hour not in found] == expected
