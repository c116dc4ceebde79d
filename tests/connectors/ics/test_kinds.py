"""Odd calendars of every kind, each with the right times by RFC 5545, worked out by hand; on both roads."""

from datetime import UTC, datetime

import pytest

from calsight import Window
from ics_support import on_both_roads

YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
SUMMER_TIME = ("DAYLIGHT", "19700329T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
WINTER_TIME = ("STANDARD", "19701025T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")
BERLIN = SUMMER_TIME, WINTER_TIME
#: 9 o'clock on 5 January and on 5 July.
TWICE = "DTSTART;TZID=Office:20260105T090000", "DURATION:PT30M", "RRULE:FREQ=MONTHLY;INTERVAL=6;COUNT=2"
JULY = ("DTSTART;TZID=Office:20260705T090000",)


def zone(*observances, name="Office", extra=""):
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}", *([extra] if extra else [])]
    for kind, start, before, after, *rest in observances:
        lines += [f"BEGIN:{kind}", f"DTSTART:{start}", *([f"TZOFFSETFROM:{before}"] if before else [])]
        lines += [f"TZOFFSETTO:{after}", *rest, f"END:{kind}"]
    return "\n".join([*lines, "END:VTIMEZONE"])


def calendar(*entries, head="", tail=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *([head] if head else [])]
    for entry in entries:
        lines += ["BEGIN:VEVENT", "UID:a", *entry, "END:VEVENT"]
    return "\n".join([*lines, *([tail] if tail else []), "END:VCALENDAR", ""])


def starts(data, zone="America/New_York"):
    """Month, day and hour of each start, in UTC."""
    found = on_both_roads(data, YEAR, zone)
    assert found.codes == []
    return [f"{event.start:%m-%d %H:%M}" for event in found.of("a")]


@pytest.mark.parametrize(
    ("observances", "expected"),
    [
        ([("DAYLIGHT", "19700101T000000", "+0300", "+0300")], ["01-05 06:00", "07-05 06:00"]),
        ([("STANDARD", "19700101T000000", "", "-0330")], ["01-05 12:30", "07-05 12:30"]),
        ([("STANDARD", "19700101T000000", "+053000", "+053000")], ["01-05 03:30", "07-05 03:30"]),
        # Ireland: summer is the standard, winter saves less than nothing
        (
            [("STANDARD", "19710328T010000", "+0000", "+0100", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
             ("DAYLIGHT", "19711031T020000", "+0100", "+0000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")],
            ["01-05 09:00", "07-05 08:00"],
        ),
        # south of the equator: summer over the turn of the year
        (
            [("STANDARD", "20080406T030000", "+1100", "+1000", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"),
             ("DAYLIGHT", "20081005T020000", "+1000", "+1100", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU")],
            ["01-04 22:00", "07-04 23:00"],
        ),
        # clocks are no longer changed since 2025
        (
            [(*SUMMER_TIME[:4], SUMMER_TIME[4] + ";UNTIL=20250330T010000Z"),
             (*WINTER_TIME[:4], WINTER_TIME[4] + ";UNTIL=20251026T010000Z")],
            ["01-05 08:00", "07-05 08:00"],
        ),
        # the last Sunday by the days that it may be
        (
            [(*SUMMER_TIME[:4], "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=25,26,27,28,29,30,31"),
             (*WINTER_TIME[:4], "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=SU;BYMONTHDAY=25,26,27,28,29,30,31", "COMMENT:x")],
            ["01-05 08:00", "07-05 07:00"],
        ),
        (
            [("STANDARD", "19700101T000000", "+0100", "+0100"),
             ("DAYLIGHT", "20260329T020000", "+0100", "+0200", "RDATE;VALUE=DATE-TIME:20260329T020000,20270328T020000"),
             ("STANDARD", "20261025T030000", "+0200", "+0100", "RDATE:20261025T030000")],
            ["01-05 08:00", "07-05 07:00"],
        ),
    ],
)  # fmt: skip
def test_a_zone_of_its_own_is_what_it_says(observances, expected):
    assert starts(calendar(TWICE, head=zone(*observances))) == expected
    assert starts(calendar(TWICE, tail=zone(*observances, extra="TZUNTIL:20300101T000000Z"))) == expected


@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("Office", ";tzid=Office"), ("Office", ";TZID=Of\n\tfice"), ("A\\; B", ';TZID="A; B"'),
        ("Mitteleuropäische Zeit", ";TZID=Mitteleuropäische Zeit"),
        ("GMT +0100 (Standard) / GMT +0200 (Daylight)", ";TZID=GMT +0100 (Standard) / GMT +0200 (Daylight)"),
        ("GMT +0100 (Standard) / GMT +0200 (Daylight)", ';TZID="GMT +0100 (Standard) / GMT +0200 (Daylight)"'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_a_zone_is_found_by_its_name_however_that_is_written(named, written, charset):
    data = calendar([f"DTSTART{written}:20260705T090000"], head=zone(*BERLIN, name=named))
    assert starts(data.replace("\n", "\r\n").encode(charset)) == ["07-05 07:00"]


def test_a_zone_may_be_defined_in_small_letters():
    assert starts(calendar(JULY, head=zone(*BERLIN).lower().replace("office", "Office"))) == ["07-05 07:00"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (";TZID=:20260705T090000", "13:00"), (";TZID=EST5EDT:20260705T090000", "13:00"),
        (";TZID=Etc/GMT+5:20260705T090000", "14:00"), (";TZID=GMT+5:20260705T090000", "04:00"),
        (';TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien":20260705T090000', "07:00"),
        # "The TZID property parameter MUST NOT be applied to … properties whose time values are specified in UTC"
        (";TZID=Europe/Berlin:20260705T090000Z", "09:00"), (";TZID=Nowhere:20260705T090000Z", "09:00"),
        (": 20260705T090000Z", "09:00"), (";TZID=Europe/Berlin: 20260705T090000", "07:00"),
        (";TZID=Europe/Berlin:2026-07-05T09:00:00Z", "09:00"), (";TZID=Europe/Berlin:2026-07-05T09:00:00+02:00", "07:00"),
    ],
)  # fmt: skip
def test_nine_oclock_is_in_its_zone(start, expected):
    assert starts(calendar([f"DTSTART{start}"])) == [f"07-05 {expected}"]


#: 26 to 31 March, at 9 o'clock in Berlin, where clocks change on the 29th.
SERIES = "DTSTART;TZID=Europe/Berlin:20260326T090000", "DURATION:PT30M", "RRULE:FREQ=DAILY;COUNT=6"


def berlin(day, hour):
    return f";TZID=Europe/Berlin:202603{day}T{hour:02}0000"


def moved(named, start):
    return f"RECURRENCE-ID{named}", f"DTSTART{start}", "DURATION:PT30M"


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([moved(":20260330T070000Z", ":20260330T120000Z")], ["26 08", "27 08", "28 08", "29 07", "30 12", "31 07"]),
        ([moved(";VALUE=DATE:20260330", berlin(30, 12))], ["26 08", "27 08", "28 08", "29 07", "30 10", "31 07"]),
        ([moved(":20260330T090000", berlin(30, 11))], ["26 08", "27 08", "28 08", "29 07", "30 09", "31 07"]),
        ([moved(berlin(27, 9), berlin(28, 9))], ["26 08", "28 08", "28 08", "29 07", "30 07", "31 07"]),
        (
            [moved(";TZID=America/New_York:20260327T040000", ";TZID=America/New_York:20260327T100000")],
            ["26 08", "27 14", "28 08", "29 07", "30 07", "31 07"],
        ),
        (
            [moved(";RANGE=THISANDFUTURE" + berlin(29, 9), berlin(29, 10)), moved(berlin(31, 9), berlin(31, 18))],
            ["26 08", "27 08", "28 08", "29 08", "30 08", "31 16"],
        ),
        (
            [("SEQUENCE:1", *moved(berlin(27, 9), berlin(27, 10))), ("SEQUENCE:2", *moved(berlin(27, 9), berlin(27, 11)))],
            ["26 08", "27 10", "28 08", "29 07", "30 07", "31 07"],
        ),
    ],
)  # fmt: skip
def test_an_override_takes_its_place(overrides, expected):
    for entries in ([SERIES, *overrides], [*overrides, SERIES]):
        assert starts(calendar(*entries), "Europe/Berlin") == [f"03-{each}:00" for each in expected]


@pytest.mark.parametrize(
    "lines",
    [
        ("EXDATE:20260327T080000Z, 20260328T080000Z", "EXDATE;VALUE=DATE:20260330"),
        ("EXDATE:20260327T090000,20260328T090000", "EXDATE;TZID=America/New_York:20260330T030000"),
        ("EXDATE;TZID=Europe/Berlin:20260327T080000Z,20260328T080000Z,20260330T070000Z",),
    ],
)
def test_a_day_is_taken_out_however_it_is_named(lines):
    assert starts(calendar([*SERIES, *lines]), "Europe/Berlin") == ["03-26 08:00", "03-29 07:00", "03-31 07:00"]


def test_a_day_that_is_added_is_one_at_the_hour_of_the_series():
    added = "DTSTART;TZID=Europe/Berlin:20260601T090000", "RDATE;VALUE=DATE:20260603"
    assert starts(calendar(added)) == ["06-01 07:00", "06-03 07:00"]


def test_a_day_that_is_taken_out_is_one_where_the_series_is():
    evenings = "DTSTART;TZID=America/New_York:20260601T200000", "RRULE:FREQ=DAILY;COUNT=3"
    for gone in ("EXDATE;VALUE=DATE:20260602", "EXDATE:20260602"):
        assert starts(calendar([*evenings, gone])) == ["06-02 00:00", "06-04 00:00"]
    moved_before = (
        "RECURRENCE-ID;TZID=America/New_York:20260602T200000",
        "DTSTART;TZID=America/New_York:20260602T210000",
    )
    assert starts(calendar([*evenings, gone], moved_before)) == ["06-02 00:00", "06-04 00:00"]


def test_what_is_taken_out_is_not_there_though_it_was_moved_before():
    gone = calendar([*SERIES, "EXDATE" + berlin(30, 9)], moved(berlin(30, 9), berlin(30, 14)))
    assert [start[3:5] for start in starts(gone)] == ["26", "27", "28", "29", "31"]


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        ("0131", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=4", "01-31 02-28 03-31 04-30"),
        ("0131", "FREQ=MONTHLY;COUNT=4", "01-31 03-31 05-31 07-31"),
        ("1231", "FREQ=YEARLY;BYYEARDAY=-1", "12-31"),
        ("0601", "FREQ=DAILY;UNTIL=20260101T000000Z", ""),  # how programs write a series of which nothing is left
        ("0601", "FREQ=DAILY;COUNT=5;UNTIL=20260602T090000Z", "06-01 06-02"),
        ("0601", "freq=weekly;byday=mo,we;count=3", "06-01 06-03 06-08"),
        ("0607", "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO;COUNT=4", "06-07 06-08 06-21 06-22"),
        ("0607", "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=SU,MO;COUNT=4", "06-07 06-15 06-21 06-29"),
        ("0130", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "01-30 02-27 03-31"),
        ("0330", "FREQ=MONTHLY;BYDAY=5MO;COUNT=3", "03-30 06-29 08-31"),
        ("0629", "FREQ=DAILY;BYMONTH=6,9;BYDAY=MO,TU;COUNT=4", "06-29 06-30 09-01 09-07"),
        ("0213", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "02-13 03-13 11-13"),
        ("0518", "FREQ=YEARLY;BYDAY=20MO", "05-18"),
        ("0101", "FREQ=YEARLY;BYMONTH=1;BYDAY=TH,FR;BYSETPOS=1,-1", "01-01 01-30"),
        ("0105", "FREQ=MONTHLY;BYDAY=+1MO;COUNT=2", "01-05 02-02"),
        ("0601", "FREQ=DAILY;BYHOUR=9,10;COUNT=4", "06-01 06-01 06-02 06-02"),
    ],
)  # fmt: skip
def test_a_rule_comes_to_its_days(start, rule, expected):
    found = starts(calendar([f"DTSTART:2026{start}T090000Z", f"RRULE:{rule}"]))
    assert [each[:5] for each in found] == expected.split()


@pytest.mark.parametrize("rule", ["WEEKLY;BYDAY=MO", "MONTHLY;BYDAY=MO;BYSETPOS=1", "WEEKLY;BYDAY=MO,WE;BYSETPOS=1"])
@pytest.mark.parametrize(
    ("start", "time"), [("America/Los_Angeles:20260601T200000", "03:00"), ("Asia/Tokyo:20260601T080000", "23:00")]
)
def test_count_counts_a_start_that_is_on_another_day_in_utc(start, time, rule):
    found = starts(calendar([f"DTSTART;TZID={start}", f"RRULE:FREQ={rule};COUNT=3"]))
    assert [each[6:] for each in found] == [time] * 3


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # In the hour that is left out, and in the one that comes twice.
        (["20260329T023000", "DURATION:PT30M"], "29 01:30-29 02:00"),
        (["20261025T023000", "DTEND;TZID=Europe/Berlin:20261025T033000"], "25 00:30-25 02:30"),
        (["20260328T220000", "DTEND;TZID=Europe/Berlin:20260329T060000"], "28 21:00-29 04:00"),
        (["20260328T220000", "DURATION:PT8H"], "28 21:00-29 05:00"),
        (["20260328T090000", "DURATION:P1D"], "28 08:00-29 07:00"),
        (["20260328T090000", "DURATION:PT24H"], "28 08:00-29 08:00"),
        (["20260328T090000", "DURATION:P1W"], "28 08:00-04 07:00"),
    ],
)
def test_an_entry_over_a_change_of_clocks_ends_when_it_says(lines, expected):
    (event,) = on_both_roads(calendar([f"DTSTART;TZID=Europe/Berlin:{lines[0]}", *lines[1:]]), YEAR).of("a")
    assert f"{event.start:%d %H:%M}-{event.end:%d %H:%M}" == expected
