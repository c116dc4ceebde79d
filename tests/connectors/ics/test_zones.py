"""Zones that a calendar defines itself, and names that tell a zone: on both roads, each with the right hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight import Window
from calsight_ics.vtimezone import zone_of
from calsight_ics.zone_names import known, told
from ics_support import calendar_of, on_both_roads

YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
TOKYO_SHOWN = "(UTC+09:00) Osaka, Sapporo, Tokyo"


def vtimezone(tzid, standard, daylight="", start="20071104T020000", summer="20070311T020000", names=("EST", "EDT")):
    """The zone of New York, with these lines for its two rules."""
    parts = ["BEGIN:VTIMEZONE", f"TZID:{tzid}"]
    for name, begins, before, after, rule, label in (
        ("STANDARD", start, "-0400", "-0500", standard, names[0]),
        ("DAYLIGHT", summer, "-0500", "-0400", daylight, names[1]),
    ):
        parts += [f"BEGIN:{name}", f"DTSTART:{begins}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"]
        parts += [*rule.split("|"), f"TZNAME{label if label[0] == ';' else ':' + label}", f"END:{name}"]
    return "\n".join([*parts, "END:VTIMEZONE"])


@pytest.mark.parametrize(
    "zone",
    [
        vtimezone("Office", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
        vtimezone("Office", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=+1SU", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=+2SU"),
        vtimezone(
            "Office", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
            names=(";LANGUAGE=fr-CA:HNE", ";LANGUAGE=fr-CA:HAE"),
        ),
        vtimezone(
            "Office", "RRULE:FREQ=YEARLY;BYMINUTE=0;BYHOUR=2;BYDAY=1SU;BYMONTH=11",
            "RRULE:FREQ=YEARLY;BYMINUTE=0;BYHOUR=2;BYDAY=2SU;BYMONTH=3", "19501105T020000", "19500312T020000",
        ),
        vtimezone(
            "Office", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=SU;BYSETPOS=1", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYSETPOS=2",
            "16010101T020000", "16010101T020000",
        ),
        vtimezone(
            "Office", "RRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1,2,3,4,5,6,7;BYDAY=SU",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU",
        ),
        vtimezone(
            "Office", "RDATE:20241103T020000,20251102T020000|RDATE:20261101T020000",
            "RDATE;VALUE=PERIOD:20250309T020000/PT1H|RDATE:20260308T020000,20270314T020000",
            "20231105T020000", "20240310T020000",
        ),
        vtimezone(
            "Office", "RRULE:FREQ=MONTHLY;INTERVAL=12;BYDAY=1SU",
            "RRULE:FREQ=YEARLY;UNTIL=20250309T070000Z;BYMONTH=3;BYDAY=2SU|RDATE:20260308T020000",
        ),
        vtimezone(
            "Office", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"
        ).replace("TZID:Office", "TZID;X-A=B:Office\nTZUNTIL:20990101T000000Z\nTZID-ALIAS-OF:America/New_York\nTZURL:x"),
    ],
    ids=["usual", "signs", "language", "Lotus Notes", "by position", "days of the month", "dates", "both", "RFC 7808"],
)  # fmt: skip
def test_a_zone_that_the_calendar_defines_holds(zone):
    entry = calendar_of(
        "UID:a",
        "DTSTART;TZID=Office:20260105T090000",
        "DTEND;TZID=Office:20260105T093000",
        "RRULE:FREQ=WEEKLY",
        head=zone,
    )
    found = on_both_roads(entry, YEAR, "Asia/Tokyo")
    assert found.codes == []
    assert len(found.events) == 52
    assert {event.start.astimezone(ZoneInfo("America/New_York")).hour for event in found.events} == {9}
    assert {event.zone for event in found.events} <= {"America/New_York", ""}  # "" where it was no such clock in 2019


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("office", ("", "")),
        ("Office", ("+0200", "+02")),
        ("Office", ("FREQ=YEARLY;", " FREQ=YEARLY; ")),
    ],
    ids=["case", "hours", "blanks"],
)  # fmt: skip
def test_a_zone_is_found_though_it_is_not_written_as_it_should_be(name, change):
    zone = vtimezone("Office", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
    zone = zone.replace("-0500", "+0100").replace("-0400", "+0200").replace(*change)
    found = on_both_roads(calendar_of("UID:a", f"DTSTART;TZID={name}:20260608T100000", head=zone), zone="Asia/Tokyo")
    assert (found.starts("a"), found.codes) == (["2026-06-08 08:00"], [])


def test_a_definition_that_only_names_a_place_means_its_zone():
    zone = "BEGIN:VTIMEZONE\nTZID:Office\nX-LIC-LOCATION:Europe/Berlin\nEND:VTIMEZONE"
    found = on_both_roads(calendar_of("UID:a", "DTSTART;TZID=Office:20260608T100000", head=zone), zone="Asia/Tokyo")
    assert (found.starts("a"), found.codes) == (["2026-06-08 08:00"], [])


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYDAY=XX", "nonsense", "|RDATE:2026", "|X-A:no offset"])
def test_a_zone_that_makes_no_sense_is_none(rule):
    zone = vtimezone("Office", f"RRULE:{rule}", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU")
    zone = zone.replace("TZOFFSETTO", "TZOFFSET", 1) if "no offset" in rule else zone
    found = on_both_roads(calendar_of("UID:a", "DTSTART;TZID=Office:20260608T090000", head=zone))
    assert found.codes == ["unknown_zone"]
    assert found.starts("a") == ["2026-06-08 13:00"]


def test_a_rule_that_never_comes_changes_no_clock():
    zone = vtimezone("Office", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "")
    found = on_both_roads(calendar_of("UID:a", "DTSTART;TZID=Office:20260608T090000", head=zone))
    assert found.starts("a") == ["2026-06-08 14:00"]


@pytest.mark.parametrize(
    ("written", "defined"),
    [
        (f'"{TOKYO_SHOWN}"', TOKYO_SHOWN.replace(",", "\\,")),
        (TOKYO_SHOWN, TOKYO_SHOWN),
        (f'"{TOKYO_SHOWN}"', ""),
        ('"Our office, upstairs"', "Our office\\, upstairs"),
        ("Our office, upstairs", "Our office\\, upstairs"),
        ('"GMT+9: home"', "GMT+9: home"),
        ("tzone://Microsoft/Custom", "tzone://Microsoft/Custom"),
        ('"tzone://Microsoft/Custom"', "tzone://Microsoft/Custom"),
        ("GMT+09:00", ""),
        ('"UTC+9"', ""),
        ("+0900", ""),
        ("Tokyo Standard Time 2", ""),
        ('"(UTC+09:00) Seoul"', ""),
    ],
)
def test_ten_oclock_in_tokyo_however_its_zone_is_called(written, defined):
    zone = f"BEGIN:VTIMEZONE\nTZID:{defined}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900\n"
    entry = calendar_of(
        "UID:a", f"DTSTART;TZID={written}:20260608T100000", f"DTEND;TZID={written};VALUE=DATE-TIME:20260608T103000",
        "RRULE:FREQ=WEEKLY;COUNT=4", f"EXDATE;TZID={written}:20260615T100000",
        head=f"{zone}END:STANDARD\nEND:VTIMEZONE" if defined else "",
    )  # fmt: skip
    found = on_both_roads(entry)
    assert found.codes == []
    assert found.starts("a") == ["2026-06-08 01:00", "2026-06-22 01:00", "2026-06-29 01:00"]
    assert {event.end - event.start for event in found.events} == {timedelta(minutes=30)}


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(GMT-08:00) Pacific Time (US & Canada); Tijuana", "America/Los_Angeles"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(UTC) Dublin, Edinburgh, Lisbon, London", "Europe/Dublin"),
        ("(UTC-07:00) Arizona", "US/Arizona"),
        ("(UTC-03:00) City of Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("Eastern Standard Time 1", "America/New_York"),
        ('"(GMT+01.00) Amsterdam, Berlin, Bern"', "Europe/Amsterdam"),
        ("(GMT+01:00) Amsterdam / Berlin / Bern", "Europe/Amsterdam"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("Eastern Daylight Time", "America/New_York"),
        ("W. Europe Summer Time", "Europe/Berlin"),
        ("Coordinated Universal Time", "UTC"),
        ("Microsoft/Utc", "UTC"),
        ("Z", "UTC"),
        ("'Europe/Berlin'", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("US-Eastern", "America/New_York"),
        ("Europe/Berlin_1", "Europe/Berlin"),
        ("GMT-0400 (EDT)", "Etc/GMT+4"),
        ("Etc-GMT-3", "Etc/GMT-3"),
        ("Eastern", None),
        ("IST", None),
        ("(UTC+05:00) Berlin", None),
        ("(GMT +01:00)", None),
        ("Pacific Time (US & Canada),Tijuana", None),
        ("GMT+25:00", None),
        ("Office 1", None),
    ],
)
def test_names_tell_a_zone_or_do_not(name, zone):
    found = told(name)
    clock = ZoneInfo(zone) if zone else None
    moments = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]
    assert (found is None) == (clock is None)
    if found and clock:
        assert [moment.astimezone(found).utcoffset() for moment in moments] == [
            moment.astimezone(clock).utcoffset() for moment in moments
        ]


def test_a_name_that_is_known_goes_before_what_is_told():
    assert known("(UTC+01:00) Amsterdam, Berlin") is None
    assert known("Etc/GMT+5") == ZoneInfo("Etc/GMT+5")


# A clock of IANA written as a VTIMEZONE and read again is the same clock.

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def written(zone, first, last, style):
    """The changes of a zone's clock from year to year, as dates or as yearly rules."""
    changes = []
    moment = datetime(first, 1, 1, tzinfo=UTC)
    while moment.year <= last:
        following = moment + timedelta(hours=1)
        before, after = (each.astimezone(zone).utcoffset() for each in (moment, following))
        if before != after:
            changes.append((following, before, after))
        moment = following
    lines = ["BEGIN:VTIMEZONE", "TZID:Written"]
    for at, before, after in changes:
        wall = (at + before).replace(tzinfo=None)
        lines += ["BEGIN:STANDARD" if after < before else "BEGIN:DAYLIGHT", f"DTSTART:{wall:%Y%m%dT%H%M%S}"]
        lines += [f"TZOFFSETFROM:{signed(before)}", f"TZOFFSETTO:{signed(after)}"]
        if style == "rules":
            lines += [
                f"RRULE:FREQ=YEARLY;COUNT=1;BYMONTH={wall.month};BYDAY={DAYS[wall.weekday()]};BYMONTHDAY={wall.day}"
            ]
        lines += ["END:STANDARD" if after < before else "END:DAYLIGHT"]
    return "\n".join([*lines, "END:VTIMEZONE"]).encode()


def signed(offset):
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo"]
    ),
    st.sampled_from(["dates", "rules"]),
    st.lists(st.datetimes(datetime(2016, 1, 1), datetime(2019, 12, 1)), min_size=5, max_size=5),
)
def test_a_clock_written_as_vtimezone_is_the_same_clock(key, style, moments):
    zone = ZoneInfo(key)
    again = zone_of(written(zone, 2015, 2019, style))
    for moment in moments:
        for fold in (0, 1):
            there = moment.replace(fold=fold)
            assert there.replace(tzinfo=again).utcoffset() == there.replace(tzinfo=zone).utcoffset()


def test_a_calendar_may_say_that_it_is_in_a_zone_of_its_own():
    office = vtimezone("Office", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU")
    found = on_both_roads(in_zone("Office", office), YEAR, "Europe/Berlin")
    (event,) = found.events
    assert (event.start, event.zone) == (datetime(2026, 7, 1, 13, tzinfo=UTC), "America/New_York")
    assert found.problems == []


def test_a_zone_of_a_calendar_that_nothing_tells_is_said():
    found = on_both_roads(in_zone("Nowhere"), YEAR, "Europe/Berlin")
    assert [event.start for event in found.events] == [datetime(2026, 7, 1, 7, tzinfo=UTC)]
    assert [problem.text for problem in found.problems] == [
        "The time zone 'Nowhere' is neither known nor defined in the calendar; its times are taken as local in Europe/Berlin."
    ]


def in_zone(name, zone=""):
    """A floating meeting at nine in a calendar that says of itself that it is in the zone of that name."""
    return calendar_of("UID:a", "DTSTART:20260701T090000", head=f"X-WR-TIMEZONE:{name}\n{zone}".rstrip())
