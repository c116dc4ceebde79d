"""The fast path says what icalendar + recurring-ical-events say, field by field: on the corpus, on our own oddities, and on
calendars that hypothesis invents.
"""

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight import Calendar, Window
from calsight.errors import CalsightError
from calsight_ics import rules
from calsight_ics.costs import Budget, Limits
from calsight_ics.fast import recur
from calsight_ics.fast.plain_fields import plain_text
from calsight_ics.parse import parsed_person, person_line
from calsight_ics.places.text import readable, unpacked
from calsight_ics.reader import CalendarReader
from calsight_ics.translate import attendee_of
from ics_invented import DAYS, STREAMS, plain_rules
from ics_support import DATA, SUMMER

CORPUS = Path(__file__).parents[3] / "../shared/corpus/ics"
FILES = sorted(CORPUS.rglob("*.ics")) if CORPUS.is_dir() else []
TEN_YEARS = Window(datetime(2013, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC))
YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def read(data, window, *, fast):
    with ExitStack() as stack:
        text = readable(unpacked(data, "x", Budget.of(Limits()), stack), "x", stack)
        reading = CalendarReader(Calendar("x", "x"), text, window, "Europe/Berlin", fast=fast)
        pages = list(reading.pages())
    events = Counter(repr(event) for page in pages for event in page.events)
    return events, {problem.uid for page in pages for problem in page.problems}, reading.roads


def agree(data, window):
    fast, problems, roads = read(data, window, fast=True)
    slow, _, _ = read(data, window, fast=False)
    assert fast == slow, problems
    return roads


@pytest.mark.parametrize("path", sorted(DATA.glob("*.ics")), ids=lambda path: path.stem)
@pytest.mark.parametrize("window", [SUMMER, YEAR], ids=["june", "year"])
def test_both_paths_agree_on_the_oddities(path, window):
    try:
        agree(path.read_bytes(), window)
    except CalsightError:
        pytest.skip("not a calendar")


@pytest.mark.skipif(not FILES, reason="the corpus of calendars (../shared/corpus/ics) is not here")
def test_both_paths_agree_on_the_corpus_and_most_of_it_takes_the_fast_one(capsys):
    roads = Counter()
    for path in FILES:
        roads += agree(path.read_bytes(), TEN_YEARS)
    with capsys.disabled():
        print(f"\nof the corpus: {dict(roads)}")  # noqa: T201
    assert roads["fast"] + roads["skipped"] > roads["slow"]


# --- invented calendars ---------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(STREAMS, st.dates(date(2025, 11, 1), date(2026, 12, 1)), st.sampled_from([1, 30, 182]))
def test_both_paths_agree_on_invented_calendars(data, day, length):
    start = datetime.combine(day, datetime.min.time(), UTC)
    agree(data, Window(start, start + timedelta(days=length)))


ALARM = ["BEGIN:VALARM", "TRIGGER:-PT10M", "DTSTART:19700101T000000Z", "RRULE:FREQ=DAILY", "END:VALARM"]


@st.composite
def laid_out(draw, data):
    """The same calendar as other producers would lay it out: its folds, ends of line, empty lines, alarms, case of names."""
    lines = []
    for line in data.decode("latin-1").split("\r\n"):
        if line == "END:VEVENT" and draw(st.integers(0, 2)) == 0:
            lines += ALARM
        if line.startswith(("RRULE", "DTSTART", "EXDATE", "SUMMARY")) and draw(st.integers(0, 19)) == 0:
            name = line[:5]
            line = draw(st.sampled_from([name.lower(), name.title(), name[:2] + "\r\n " + name[2:]])) + line[5:]
        lines.append(line)
    fold = draw(st.sampled_from(["", "\r\n ", "\r\n\t"]))
    at = draw(st.integers(6, 40))
    short = ("BEGIN", "END")
    text = "\r\n".join(
        line if line.startswith(short) or not line[at:] else line[:at] + fold + line[at:] for line in lines
    )
    if draw(st.integers(0, 3)) == 0:
        text = text.replace("SUMMARY", "\r\nSUMMARY", 1)
    ending = draw(st.sampled_from(["\r\n", "\n", "\r\r\n"]))
    return text.replace("\r\n", ending).encode("latin-1")


@settings(max_examples=100, deadline=None)
@given(st.data(), st.dates(date(2025, 11, 1), date(2026, 12, 1)), st.sampled_from([1, 30, 182]))
def test_both_paths_agree_however_a_calendar_is_laid_out(data, day, length):
    calendar = data.draw(laid_out(data.draw(STREAMS)))
    start = datetime.combine(day, datetime.min.time(), UTC)
    agree(calendar, Window(start, start + timedelta(days=length)))


@settings(max_examples=100, deadline=None)
@given(st.data(), DAYS, st.sampled_from([0, 40, 200]))
def test_a_plain_rule_has_the_days_that_dateutil_gives_it(data, start, skip):
    from dateutil.rrule import rrulestr

    text = data.draw(plain_rules(datetime.combine(start, datetime.min.time()), "DATE")).removeprefix("RRULE:")
    if "UNTIL" in text:
        return
    rule = recur.plain_rule(text, start, UTC)
    if rule is None:
        return
    first, last = start + timedelta(days=skip), start + timedelta(days=skip + 900)
    moments = rrulestr(text, dtstart=datetime.combine(start, datetime.min.time()))
    expected = [
        moment.date()
        for moment in moments.between(*(datetime.combine(day, datetime.min.time()) for day in (first, last)), inc=True)
    ]
    assert [date.fromordinal(day) for day in recur.days(rule, start, first.toordinal(), last.toordinal())] == expected


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x7f"), max_size=12)


@settings(max_examples=300, deadline=None)
@given(
    NAMES,
    st.booleans(),
    st.sampled_from(
        [
            "",
            ";PARTSTAT=DECLINED",
            ";ROLE=OPT-PARTICIPANT;PARTSTAT=X",
            ";X-NUM-GUESTS=2;CUTYPE=ROOM",
            ";EMAIL=a@b.c",
            ";;",
            ";CN",
        ]
    ),
    st.sampled_from(
        [
            "mailto:ana@example.com",
            "MAILTO:ana@example.com",
            "ana@example.com",
            "",
            "/principal/",
            "invalid:nomail",
            "urn:x:y\\, z",
        ]
    ),
)
def test_a_person_split_here_is_the_person_that_icalendar_reads(name, quoted, more, address):
    line = f"ATTENDEE;CN={chr(34) + name + chr(34) if quoted else name}{more}:{address}"
    assert attendee_of(person_line(line)) == attendee_of(parsed_person(line))


# --- what is declined or skipped ------------------------------------------------------------------------------------


def calendar(*lines):
    return "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:x", *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART;TZID=Europe/Berlin:20260608T100000Z"],
        ["DTSTART;TZID=Nowhere:20260608T100000Z"],
        ["DTSTART;TZID=UTC:20260608T100000"],
        ["DTSTART;TZID=Europe/Berlin:20260608T100000", "DTEND:20260608T110000Z", "RRULE:FREQ=DAILY"],
        ["DTSTART;TZID=Europe/Berlin:20260608T100000", "DTEND:20260608T110000"],
        ["DTSTART;TZID=Europe/Berlin;VALUE=DATE:20260608"],
        ["DTSTART:20260608T100000Z", "DTEND:20260608T090000Z"],
        ["DTSTART:20260608T100000Z", "DURATION:-PT1H"],
        ["DTSTART:20260608T100000Z", "RDATE:20260609T100000Z"],
        ["DTSTART:20260608T100000Z", "EXRULE:FREQ=DAILY"],
        ["DTSTART:20260608T100000Z", "RRULE:FREQ=WEEKLY;BYDAY=TU"],
        ["DTSTART:20260608T100000Z", "RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:20260609T120000"],
        ["DTSTART:20260608T100000Z", "RECURRENCE-ID;TZID=Europe/Berlin:20260608T120000"],
        ["DTSTART;VALUE=DATE:20260605", "RRULE:FREQ=WEEKLY", "EXDATE;TZID=America/New_York:20260612T000000"],
        ["DTSTART;VALUE=DATE:20260605", "RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Berlin:20260612T100000"],
        ["DTSTART:20260608T100000Z", "SUMMARY:a", "SUMMARY:b"],
        ["DTSTART:20260608T100000Z", "summary:lower case"],
        ["DTSTART:20260608T100000Z", 'SUMMARY;ALTREP="cid:x":a'],
        ["DTSTART:20260608T100000Z", "SEQUENCE:one"],
        ["DTSTART:20260608T100000Z", "CREATED:yesterday"],
        ["DTSTART:20260608T100000Z", 'ATTENDEE;CN="A "B"":mailto:a@example.com'],
        ["DTSTART:20260608T100000Z", "LOCATION:a\x01b"],
        ["DTSTART:20260608T100000Z", "BEGIN:vEvent", "DTSTART:20260609T100000Z"],
        ["DTSTART:20260608T100000Z", "BEGIN:VALARM", "TRIGGER:-PT10M"],
        ["DTSTART;VALUE=DATE:20260608", "DURATION:P999D", "RRULE:FREQ=SOMETIMES"],
    ],
)
def test_what_is_not_plain_is_declined_and_not_guessed(lines):
    assert agree(calendar(*lines), YEAR) == Counter(slow=1)


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:20260608T100000", "DTEND:20260608T110000", "RRULE:FREQ=DAILY;UNTIL=20260701T100000"],
        ["DTSTART;TZID=Nowhere:20260608T100000", "RRULE:FREQ=WEEKLY;UNTIL=20260701T100000Z"],
        ["DTSTART;VALUE=DATE-TIME;TZID=Europe/Berlin:20260608T100000", "DTEND;TZID=Europe/Berlin:20260608T110000"],
        ["DTSTART;TZID=Europe/Berlin:20260608T100000", "DTEND;TZID=America/New_York:20260608T130000"],
        ["DTSTART:20260608T100000Z", "RECURRENCE-ID:20260609T100000Z"],
        ["DTSTART;TZID=Asia/Tokyo;VALUE=DATE-TIME:20260608T100000"],
        ["DTSTART;VALUE=DATE:20260605", "RRULE:FREQ=WEEKLY", "EXDATE;TZID=W. Europe Standard Time:20260612T000000"],
        ["DTSTART;VALUE=DATE:20260131", "RRULE:FREQ=MONTHLY"],
        ["DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"],
        ["DTSTART;VALUE=DATE:20251127", "RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=11;BYDAY=4TH"],
    ],
)  # fmt: skip
def test_what_people_s_calendars_often_hold_is_plain(lines):
    assert agree(calendar(*lines), YEAR) == Counter(fast=1)


@pytest.mark.parametrize(
    ("lines", "road"),
    [
        (["DTSTART:20260608T100000Z", "DTEND:20260608T110000Z"], "skipped"),
        (["DTSTART;VALUE=DATE:20250608", "DTEND;VALUE=DATE:20270608"], "fast"),
        (["DTSTART:20250608T100000Z", "DTEND:20250608T110000Z", "RRULE:FREQ=DAILY;UNTIL=20250901T000000Z"], "skipped"),
        (["DTSTART:20250608T100000Z", "DTEND:20250608T110000Z", "RRULE:FREQ=DAILY;UNTIL=20251201T000000Z"], "fast"),
        (["DTSTART:20250608T100000Z", "DTEND:20250608T110000Z", "rrule:FREQ=DAILY"], "slow"),
        (["DTSTART:20250608T100000Z", "DTEND:20250608T110000Z", "Rrule:FREQ=DAILY"], "slow"),
        (["DTSTART:20250608T100000Z", "DTEND:20250608T110000Z", "RR\r\n ULE:FREQ=DAILY"], "fast"),
        (["DTSTART:20250608T100000Z", "DTEND:20250608T110000Z", "RRULE\r\n\t:FREQ=DAILY"], "fast"),
        (["DTSTART:20250608T100000Z", "DURATION:P400D"], "fast"),
        (["DTSTART;TZI?D=x:20270608T100000Z", "DTSTART:20250608T100000Z", "DTEND:20270608T110000Z"], "slow"),
        (["DTSTART:20250608T100000Z", "DTEND:20250608T110000Z", "RRULE:FREQ=DAILY;UNTIL=20250901T000000Z,YMONTH=1"], "slow"),
        (["DTEND:20251208T110000Z", "DTSTART:20250608T100000Z", "DTEND:20250608T110000Z"], "slow"),
        (["DTSTART:20250635T100000Z"], "slow"),
    ],
)  # fmt: skip
def test_what_cannot_touch_the_window_is_not_parsed(lines, road):
    window = Window(datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC))
    assert agree(calendar(*lines), window) == Counter({road: 1})


@pytest.mark.parametrize(
    ("rule", "comes"),
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", False),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", True),
        ("FREQ=WEEKLY;BYDAY=MO", True),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", False),
    ],
)
def test_a_rule_that_never_comes_is_told_without_walking_to_the_end_of_time(rule, comes):
    from icalendar import vRecur

    start = datetime(2026, 6, 8, 10, tzinfo=UTC)
    assert rules.check(vRecur.from_ical(rule), start, start, start + timedelta(days=200)) is comes


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("\\nN,;:a "), max_size=12))
def test_text_is_unescaped_as_icalendar_does(value):
    from icalendar.parser import unescape_backslash

    assert plain_text(value) == unescape_backslash(value).strip()


def test_times_beyond_the_calendar_are_declined():
    data = calendar("DTSTART;VALUE=DATE:99991231", "DURATION:P365D")
    window = Window(datetime(9998, 1, 1, tzinfo=UTC), datetime(9999, 12, 20, tzinfo=UTC))
    assert agree(data, window)["fast"] == 0
