"""Recurrence rules with the instances that ical.net's own tests expect of them: facts of ical-org/ical.net (MIT)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from calsight import Window
from cases.known import table
from ics_support import read

TABLE = Path(__file__).parent / "data/rules_of_ical_net.tsv"

#: Where we and ical.net part; by rule and start, each with what decides it: a sentence of
#: RFC 5545, 3.3.10, or that there is none.
_TURN = (
    'open: "Week number one of the calendar year is the first week that contains at least four (4) days in that calendar year" '
    "does not say which year its days count to for INTERVAL"
)
_NUMBERED = (
    '"The BYDAY rule part MUST NOT be specified with a numeric value with the FREQ rule part set to YEARLY when the BYWEEKNO '
    'rule part is specified."'
)
_ALL_MONTHS = 'BYMONTHDAY expands a YEARLY rule (the table "expand or limit"), by the month only if there is a BYMONTH'
_NTH = (
    '"this indicates the nth occurrence of a specific day within the MONTHLY or YEARLY RRULE": '
    "8 September 2026 is the 36th Tuesday"
)
_OUT_OF_TIME = "the tests' window ends before the year 9998"
_ZERO = '"ordwk = 1*2DIGIT ;1 to 53": a weekday number of 0 is refused'
DIFFERS = {
    ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=TU,SA;INTERVAL=6;UNTIL=20170101T000000Z", "20100102T000000"): _TURN,
    ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TU;INTERVAL=3;UNTIL=20320101", "20241231"): _TURN,
    ("FREQ=YEARLY;BYWEEKNO=10;BYDAY=1MO;COUNT=3", "20240304T090000"): _NUMBERED,
    ("FREQ=YEARLY;BYMONTHDAY=8,9;BYDAY=WE,TH;UNTIL=20280101", "20250409"): _ALL_MONTHS,
    ("FREQ=YEARLY;BYMONTHDAY=1,8;BYDAY=22MO,23TU,25MO,36TU;UNTIL=20350101T000000", "20260601"): _NTH,
    ("FREQ=YEARLY;BYMONTHDAY=1,-31;COUNT=2", "20250101"): _ALL_MONTHS,
    ("FREQ=YEARLY;COUNT=2", "99980101"): _OUT_OF_TIME,
    ("FREQ=YEARLY;COUNT=1", "99990101"): _OUT_OF_TIME,
    ("FREQ=SECONDLY;UNTIL=20250402T000000", "20250401T235858"): "86,401 occurrences of one entry are too many",
    ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=13;BYDAY=0MO,SA", "20260613"): _ZERO,
    ("FREQ=YEARLY;COUNT=3;BYDAY=MO,0SA;BYYEARDAY=1,8", "20290108"): _ZERO,
    ("FREQ=YEARLY;BYDAY=4TH,0MO;BYMONTH=11;COUNT=3", "20251127"): _ZERO,
}


@dataclass(frozen=True)
class Case:
    """`begins` is where reading begins, where that is not the start; `refused`: no such rule is allowed."""

    rule: str
    dtstart: str
    duration: str
    begins: str
    refused: str
    expected: str

    @property
    def instances(self):
        return self.expected.split(",") if self.expected else []

    def __str__(self):
        return f"{self.rule} from {self.dtstart}" + (f" at {self.begins}" if self.begins else "")


CASES = [Case(**row) for row in table(TABLE)]


def moment(value):
    return datetime.strptime(
        value.rstrip("Z").ljust(15, "0") if "T" in value else value + "T000000", "%Y%m%dT%H%M%S"
    ).replace(tzinfo=UTC)


def expand(case, tmp_path):
    kind = "" if "T" in case.dtstart else ";VALUE=DATE"
    lines = [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "UID:x",
        f"DTSTART{kind}:{case.dtstart}",
        f"RRULE:{case.rule}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    if case.duration:
        lines.insert(4, f"DURATION:{case.duration}")
    (tmp_path / "case.ics").write_text("\n".join(lines))
    begins = moment(case.begins or case.dtstart)
    ends = moment(case.instances[-1]) if case.instances else begins
    window = Window(begins, datetime(min(ends.year + 1, 9998), 12, 31, tzinfo=UTC))
    return read(tmp_path / "case.ics", window, "UTC")


@pytest.mark.parametrize("case", [case for case in CASES if case.refused == "0"], ids=str)
def test_a_rule_has_the_instances_that_the_oracle_expects(case, tmp_path):
    reading = expand(case, tmp_path)
    expected = [moment(instance) for instance in case.instances]
    found = [event.start for event in reading.of("x")]
    start = moment(case.dtstart)
    if found[:1] == [start] != expected[:1]:
        # RFC 5545: the start "always counts as the first occurrence", also one that its rule does not hold.
        del found[0]
        expected = expected[:-1] if "COUNT" in case.rule else expected
    if "COUNT" not in case.rule and "UNTIL" not in case.rule:
        found = found[: len(expected)]
    if (case.rule, case.dtstart) in DIFFERS:
        assert found != expected, "no longer differs: take it off the list"
    else:
        assert found == expected, reading.problems


@pytest.mark.parametrize("case", [case for case in CASES if case.refused == "1" and case.dtstart], ids=str)
def test_what_the_oracle_refuses_ends_with_a_problem_or_in_time(case, tmp_path):
    reading = expand(case, tmp_path)
    assert {problem.code for problem in reading.problems} <= {"bad_entry", "endless_rule"}
    assert len(reading.events) <= 10_000
