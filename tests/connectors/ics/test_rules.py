"""Rules, overrides and clock changes as RFC 5545 has them, on both roads: each with the right days and hours."""

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight import Window
from calsight_ics.expansion import numbers_of
from calsight_ics.rules import expanded, nearer
from ics_support import calendar_of, on_both_roads

YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
NEW_YORK = ZoneInfo("America/New_York")


def days(found):
    """The days of an all-day or a UTC series, month and day."""
    return [f"{(event.start.astimezone(NEW_YORK) if event.all_day else event.start):%m-%d}" for event in found.of("a")]


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        (":20260601T090000Z", "", ["06-01"]),
        (":20260601T090000Z", "FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=6", ["06-01", "06-08", "06-09", "06-15", "06-22", "06-29"]),
        (":20260601T090000Z", "FREQ=YEARLY;BYMONTH=6;BYDAY=MO,-1TU", ["06-01", "06-08", "06-15", "06-22", "06-29", "06-30"]),
        (":20260602T090000Z", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,2;COUNT=4", ["06-02", "06-08", "06-09", "06-15"]),
        (":20260603T090000Z", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1;COUNT=3", ["06-03", "06-05", "06-12"]),
        (":20260602T090000Z", "FREQ=WEEKLY;WKST=SU;BYDAY=SU,TU;BYSETPOS=2;UNTIL=20260616T090000Z", ["06-02", "06-09", "06-16"]),
        (":20260601T090000Z", "FREQ=YEARLY;BYWEEKNO=23", ["06-01"]),
        (":20260603T090000Z", "FREQ=YEARLY;BYWEEKNO=23,24", ["06-03", "06-10"]),
        (":20260603T090000Z", "FREQ=YEARLY;BYWEEKNO=23;BYDAY=MO,WE", ["06-03"]),
        (";VALUE=DATE:20260601", "FREQ=DAILY;UNTIL=20260603;BYHOUR=9;BYMINUTE=0", ["06-01", "06-02", "06-03"]),
        (";VALUE=DATE:20260601", "FREQ=WEEKLY;COUNT=2;BYSECOND=5", ["06-01", "06-08"]),
        (":20260605T090000Z", "FREQ=WEEKLY;BYDAY=MO;COUNT=4", ["06-05", "06-08", "06-15", "06-22"]),
        (":20260605T090000Z", "FREQ=WEEKLY;BYDAY=MO;COUNT=1", ["06-05"]),
        (":20260601T090000Z", "FREQ=WEEKLY;INTERVAL=0;COUNT=2", ["06-01", "06-08"]),
    ],
)  # fmt: skip
def test_a_rule_comes_to_these_days(start, rule, expected):
    found = on_both_roads(calendar_of("UID:a", f"DTSTART{start}", f"RRULE:{rule}"), YEAR)
    assert found.codes == []
    assert days(found) == expected


def test_weeks_are_numbered_by_where_most_of_their_days_are():
    for year in range(2000, 2041):
        for day in (
            date(year, month, number)
            for month, numbers in ((1, range(1, 6)), (12, range(27, 32)))
            for number in numbers
        ):
            weeks = date(day.isocalendar()[0], 12, 28).isocalendar().week
            assert numbers_of(day) == (day.isocalendar().week, day.isocalendar().week - weeks - 1)
    sunday = date(2026, 1, 4)  # of the week before where weeks begin on Monday
    assert numbers_of(sunday, first_day=6) == (1, -52)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA,SU", ["2010-12-26", "2011-01-01", "2011-01-02", "2011-12-31", "2012-01-01"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU;COUNT=4", ["2010-12-26", "2011-01-02", "2012-01-01", "2012-12-30"]),
        ("FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA,SU;BYSETPOS=1;UNTIL=20120101T090000Z", ["2010-12-26", "2011-01-01", "2012-01-01"]),
    ],
)  # fmt: skip
def test_the_first_days_of_january_lie_in_a_week_of_the_year_before(rule, expected):
    lines = "UID:a", "DTSTART:20101226T090000Z", f"RRULE:{rule}"
    found = on_both_roads(
        calendar_of(*lines), Window(datetime(2010, 1, 1, tzinfo=UTC), datetime(2013, 1, 1, tzinfo=UTC))
    )
    assert [f"{event.start:%Y-%m-%d}" for event in found.of("a")][: len(expected)] == expected


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=;COUNT=2", "FREQ=WEEKLY;BYDAY=MO,;COUNT=2", "FREQ=WEEKLY;INTERVAL=;UNTIL=;COUNT=2",
        "FREQ=WEEKLY;X-NAME=1;COUNT=2", "RSCALE=GREGORIAN;FREQ=WEEKLY;SKIP=OMIT;COUNT=2", "FREQ=WEEKLY; COUNT=2;",
        "FREQ=WEEKLY;UNTIL=2026-06-08T09:00:00Z", "FREQ=WEEKLY;UNTIL=20260608T0900Z", "FREQ=WEEKLY;UNTIL=20260608T110000+0200",
        "FREQ=WEEKLY;UNTIL=2026-06-08", "FREQ=WEEKLY;COUNT=-1;UNTIL=20260608",
    ],
)  # fmt: skip
def test_what_says_nothing_in_a_rule_costs_nothing(rule):
    found = on_both_roads(calendar_of("UID:a", "DTSTART:20260601T090000Z", f"RRULE:{rule}"), YEAR)
    assert (days(found), found.codes) == (["06-01", "06-08"], [])


@pytest.mark.parametrize(
    "part", ["BYMONTHDAY=0", "BYYEARDAY=0", "BYSETPOS=0;BYDAY=MO", "SKIP=FORWARD", "INTERVAL=1.5", "WKST=XX"]
)
def test_a_rule_that_makes_no_sense_is_said(part):
    found = on_both_roads(calendar_of("UID:a", "DTSTART:20260601T090000Z", f"RRULE:FREQ=MONTHLY;{part}"), YEAR)
    assert (found.events, found.codes) == ([], ["bad_entry"])


@pytest.mark.parametrize(
    "lines", [["RRULE:"], ["RRULE: "], ["EXDATE:", "RDATE:"], ["RDATE:", "DURATION:", "SEQUENCE:"]]
)
def test_an_empty_line_says_as_much_as_none(lines):
    found = on_both_roads(calendar_of("UID:a", "DTSTART:20260601T090000Z", *lines))
    assert (found.codes, found.starts("a")) == ([], ["2026-06-01 09:00"])


# EXRULE, which RFC 2445 had: no series meets where it says.

WEEKDAYS = ["UID:a", "DTSTART;TZID=America/New_York:20260601T220000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=6"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([*WEEKDAYS, "EXRULE:FREQ=WEEKLY;BYDAY=WE,FR"], ["06-02", "06-03", "06-05", "06-07"]),
        ([*WEEKDAYS, "EXRULE:FREQ=WEEKLY;BYDAY=WE", "EXRULE:FREQ=WEEKLY;BYDAY=FR"], ["06-02", "06-03", "06-05", "06-07"]),
        ([*WEEKDAYS, "EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2"], ["06-03", "06-05", "06-06", "06-07"]),
        ([*WEEKDAYS, "EXRULE:FREQ=DAILY;UNTIL=20260603"], ["06-05", "06-06", "06-07"]),
        ([*WEEKDAYS, "EXRULE: FREQ=DAILY; INTERVAL=2", "EXDATE:20260603T020000Z"], ["06-05", "06-07"]),
        ([*WEEKDAYS, "RDATE:20260611T020000Z,20260612T020000Z", "EXRULE:FREQ=WEEKLY;BYDAY=WE"],
         ["06-02", "06-03", "06-05", "06-06", "06-07", "06-12"]),
        ([*WEEKDAYS, "EXRULE:FREQ=DAILY"], []),
        ([*WEEKDAYS, "EXRULE:FREQ=DAILY;BYHOUR=21"], ["06-02", "06-03", "06-04", "06-05", "06-06", "06-07"]),
        ([*WEEKDAYS, "EXRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], ["06-02", "06-03", "06-04", "06-05", "06-06", "06-07"]),
        ([*WEEKDAYS, "EXRULE:"], ["06-02", "06-03", "06-04", "06-05", "06-06", "06-07"]),
        ([*WEEKDAYS[:3], "EXRULE:FREQ=DAILY"], []),
        ([*WEEKDAYS[:3], "EXRULE:FREQ=WEEKLY;BYDAY=TU"], ["06-02"]),
        (["UID:a", "DTSTART;VALUE=DATE:20200601", "RRULE:FREQ=MONTHLY;BYDAY=1MO",
          "EXRULE:FREQ=YEARLY;BYMONTH=1,2,3,4,5;BYDAY=1MO"],
         ["06-01", "07-06", "08-03", "09-07", "10-05", "11-02", "12-07"]),
    ],
)  # fmt: skip
def test_an_exclusion_rule_takes_out_its_days(lines, expected):
    found = on_both_roads(calendar_of(*lines), YEAR)
    assert (days(found), found.codes) == (expected, [])


def test_what_an_exclusion_rule_takes_out_stays_out_where_it_was_moved():
    moved = ["UID:a", "RECURRENCE-ID:20260604T020000Z", "DTSTART:20260620T020000Z"]  # the Wednesday of New York
    kept = ["UID:a", "RECURRENCE-ID:20260605T020000Z", "DTSTART:20260621T020000Z"]
    series = [*WEEKDAYS, "EXRULE:FREQ=WEEKLY;BYDAY=WE"]
    each = ["END:VEVENT", "BEGIN:VEVENT"]
    found = on_both_roads(calendar_of(*series, *each, *moved, *each, *kept), YEAR)
    assert days(found) == ["06-02", "06-03", "06-06", "06-07", "06-21"]


@pytest.mark.parametrize(
    "rule", ["FREQ=SOMETIMES", "nothing", "FREQ=DAILY;UNTIL=soon", "BYDAY=MO", "FREQ=DAILY;BYHOUR=25"]
)
def test_an_exclusion_rule_that_cannot_be_read_is_said(rule):
    found = on_both_roads(calendar_of(*WEEKDAYS, f"EXRULE:{rule}"), YEAR)
    assert (found.events, found.codes) == ([], ["bad_entry"])


# Overrides: an all-day series has days, however its producer writes them.

HOLIDAY = ["UID:a", "DTSTART;VALUE=DATE:20240605", "DTEND;VALUE=DATE:20240606", "RRULE:FREQ=YEARLY", "SUMMARY:Holiday"]
MOVED = ["UID:a", "DTSTART;VALUE=DATE:20260608", "DTEND;VALUE=DATE:20260609", "SUMMARY:Holiday"]


@pytest.mark.parametrize(
    "written",
    ["20260605T000000Z", "20260605T040000Z", ";VALUE=DATE:20260605", ";TZID=America/New_York:20260605T000000"],
)
def test_an_override_of_an_all_day_series_names_its_day(written):
    named = f"RECURRENCE-ID{written if written[0] == ';' else ':' + written}"
    found = on_both_roads(calendar_of(*HOLIDAY, "END:VEVENT", "BEGIN:VEVENT", *MOVED, named), YEAR)
    assert days(found) == ["06-08"]


@pytest.mark.parametrize("written", ["20260605T000000Z", "20260605T040000Z", ";VALUE=DATE:20260605"])
def test_a_day_taken_out_of_an_all_day_series_is_that_day(written):
    named = f"EXDATE{written if written[0] == ';' else ':' + written}"
    found = on_both_roads(calendar_of("UID:a", "DTSTART;VALUE=DATE:20260604", "RRULE:FREQ=DAILY;COUNT=3", named), YEAR)
    assert days(found) == ["06-04", "06-06"]


def test_a_copied_series_still_recurs():
    copied = ["UID:a", "DTSTART:20260601T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3", "RECURRENCE-ID:20260601T090000Z"]
    assert days(on_both_roads(calendar_of(*copied), YEAR)) == ["06-01", "06-08", "06-15"]


# Clocks change on 29 March at 2 o'clock in Berlin, to 3, and on 25 October at 3, back to 2.


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART;TZID=Europe/Berlin:20260328T023000", "DTEND;TZID=Europe/Berlin:20260328T030000"],
         ["03-28 01:30 30", "03-29 01:30 30", "03-30 00:30 30"]),
        (["DTSTART;TZID=Europe/Berlin:20260328T013000", "DTEND;TZID=Europe/Berlin:20260328T033000"],
         ["03-28 00:30 120", "03-29 00:30 120", "03-29 23:30 120"]),
        (["DTSTART;TZID=Europe/Berlin:20260328T013000", "DURATION:PT2H"],
         ["03-28 00:30 120", "03-29 00:30 120", "03-29 23:30 120"]),
        (["DTSTART;TZID=Europe/Berlin:20260328T120000", "DURATION:P1D"],
         ["03-28 11:00 1380", "03-29 10:00 1440", "03-30 10:00 1440"]),
        (["DTSTART;TZID=Europe/Berlin:20260328T120000", "DURATION:PT24H"],
         ["03-28 11:00 1440", "03-29 10:00 1440", "03-30 10:00 1440"]),
        (["DTSTART;TZID=Europe/Berlin:20261024T233000", "DTEND;TZID=Europe/Berlin:20261025T003000"],
         ["10-24 21:30 60", "10-25 22:30 60", "10-26 22:30 60"]),
        (["DTSTART;TZID=Europe/Berlin:20261023T233000", "DTEND;TZID=Europe/Berlin:20261024T043000"],
         ["10-23 21:30 300", "10-24 21:30 300", "10-25 22:30 300"]),
        (["DTSTART;VALUE=DATE:20260328", "DTEND;VALUE=DATE:20260329"],
         ["03-27 23:00 1440", "03-28 23:00 1380", "03-29 22:00 1440"]),
        (["DTSTART:20260328T023000", "DTEND:20260328T030000"],
         ["03-28 01:30 30", "03-29 01:30 30", "03-30 00:30 30"]),
    ],
    ids=["in the gap", "over the gap", "hours elapse", "days do not", "hours are no days", "overnight", "over the fold", "days",
         "floating"],
)  # fmt: skip
def test_a_series_lasts_as_long_on_every_night(lines, expected):
    found = on_both_roads(calendar_of("UID:a", *lines, "RRULE:FREQ=DAILY;COUNT=3"), YEAR, "Europe/Berlin")
    shown = [f"{e.start:%m-%d %H:%M} {(e.end - e.start) // timedelta(minutes=1)}" for e in found.of("a")]
    assert shown == expected


@pytest.mark.parametrize("end", ["DTEND;TZID=Europe/Berlin:20260329T030000", "DURATION:PT30M"])
def test_what_begins_in_the_hour_that_is_left_out_has_its_length(end):
    event = on_both_roads(calendar_of("UID:a", "DTSTART;TZID=Europe/Berlin:20260329T023000", end), YEAR)["a"]
    assert (event.start, event.end - event.start) == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), timedelta(minutes=30))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Office"])
def test_twenty_years_of_a_daily_series_are_no_endless_rule(zone):
    office = (
        "BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE"
    )
    lines = [f"DTSTART;TZID={zone}:20060102T090000", "DURATION:PT15M", "RRULE:FREQ=DAILY"]
    window = Window(datetime(2006, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    found = on_both_roads(calendar_of("UID:a", *lines, head=office), window)
    assert found.codes == []
    assert len(found.events) == 7304
    assert {event.start.astimezone(ZoneInfo("Europe/Berlin")).hour for event in found.events} == {9}


RULES = st.builds(
    "FREQ={};INTERVAL={}{}".format,
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"]),
    st.integers(1, 13),
    st.sampled_from(
        ["", ";BYDAY=MO,FR", ";BYMONTH=1,3", ";BYDAY=MO,WE;BYSETPOS=-1;WKST=SU", ";BYMONTHDAY=31", ";UNTIL=20260215T090000"]
    ),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(RULES, st.datetimes(datetime(2004, 1, 1), datetime(2025, 12, 1)))
def test_an_old_rule_comes_to_the_same_when_it_is_not_walked_from_its_beginning(rule, start):
    if rule.startswith("FREQ=HOURLY") and "BYSETPOS" in rule:
        return  # never walked: it picks from sets of one
    start = start.replace(minute=0, second=0, microsecond=0)
    near = nearer(rule, start, datetime(2026, 1, 1, tzinfo=UTC))
    opens, closes = datetime(2026, 1, 1), datetime(2026, 4, 1)
    whole, part = (
        [m for m in takewhile(lambda m: m < closes, expanded(rule, each)) if m >= opens] for each in (start, near)
    )
    assert part == whole


def test_a_daily_series_is_read_over_half_a_century() -> None:
    """Once a day is no endless rule, however long the window is; both roads agree."""
    text = calendar_of("UID:a", "DTSTART:19760105T090000Z", "DURATION:PT15M", "RRULE:FREQ=DAILY")
    window = Window(datetime(1976, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    found = on_both_roads(text, window)
    assert (len(found.of("a")), found.codes) == ((window.end - datetime(1976, 1, 5, tzinfo=UTC)).days, [])


@pytest.mark.parametrize(
    ("rule", "first", "opens", "limit"),
    [
        ("FREQ=HOURLY", "20000101T000000Z", 2021, "more than 10,000 times"),
        ("FREQ=DAILY;BYHOUR=9,15", "19760101T090000Z", 1980, "more than 17,1"),
        ("FREQ=MINUTELY;BYHOUR=9;BYMINUTE=0,30", "20200101T090000Z", 2025, "more than 400,000 steps"),
    ],
)
def test_a_limit_is_named_where_it_leaves_an_entry_out(rule, first, opens, limit):
    window = Window(datetime(opens, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    found = on_both_roads(calendar_of("UID:a", f"DTSTART:{first}", "DURATION:PT5M", f"RRULE:{rule}"), window)
    assert (found.events, found.codes) == ([], ["endless_rule"])
    assert limit in found.problems[0].text
    assert "ask for fewer weeks" in found.problems[0].text


@pytest.mark.parametrize(
    ("lines", "count", "last"),
    [
        (["DTSTART:20000101T000000Z", "DURATION:PT5M", "RRULE:FREQ=MINUTELY;INTERVAL=60"], 8760, "12-31 23:00"),
        (["DTSTART:19700101T000000Z", "DURATION:PT5M", "RRULE:FREQ=HOURLY"], 8760, "12-31 23:00"),
        (["DTSTART:19700101T090000Z", "DURATION:PT5M", "RRULE:FREQ=DAILY;COUNT=20637"], 183, "07-02 09:00"),
        (["DTSTART:19900101T090000Z", "DURATION:PT5M", "RRULE:FREQ=DAILY;BYHOUR=9,15"], 730, "12-31 15:00"),
    ],
)
def test_an_old_rule_keeps_its_newest_occurrences(lines, count, last):
    found = on_both_roads(calendar_of("UID:a", *lines), YEAR)
    assert (len(found.events), found.codes) == (count, [])
    assert f"{found.of('a')[-1].start:%m-%d %H:%M}" == last


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=DAILY;BYHOUR=9"])
def test_days_of_a_long_entry_before_the_window_count_against_no_limit(rule):
    lines = ["DTSTART:19700101T090000Z", "DURATION:P10D", f"RRULE:{rule}"]
    window = Window(datetime(1976, 1, 5, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    found = on_both_roads(calendar_of("UID:a", *lines), window)
    assert (len(found.events), found.codes) == (18_269, [])


@pytest.mark.parametrize(("rule", "count"), [("FREQ=WEEKLY", 52), ("FREQ=MONTHLY", 12)])
def test_a_window_far_in_the_future_is_read_too(rule, count):
    window = Window(datetime(2400, 1, 1, tzinfo=UTC), datetime(2401, 1, 1, tzinfo=UTC))
    found = on_both_roads(calendar_of("UID:a", "DTSTART:20260101T090000Z", f"RRULE:{rule}"), window)
    assert len(found.events) == count
