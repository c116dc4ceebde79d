"""What is found of a text's lines does not depend on the parts in which it is looked through."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calsight import Window
from calsight_ics import entries as cut
from calsight_ics import facts
from calsight_ics import lines as folded
from calsight_ics.fast import lines, marks
from calsight_ics.fast.glance import Glance
from calsight_ics.fast.scan import scan
from ics_support import DATA

SPRING = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
LINES = st.sampled_from(
    [
        "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VEVENT ", "BEGIN:VEVENTS", "BEGIN:VALARM", "END:VALARM", "BEGIN:VTIMEZONE",
        "END:VTIMEZONE", "UID:a", "UID:b\r\n bb", "UID;X=1:c", "DTSTART:20260401T100000Z", "DTSTART;VALUE=DATE:20260401",
        "DTSTART;TZID=Europe/Berlin:20260401T100000", 'DTSTART;TZID="Europe/Berlin":20200101T100000', "DTSTART:2026",
        "DTSTART:20261301", "DTSTART:20200101T100000\r\n Z", "dtstart:20260401", "DTEND:20200101T110000Z", "DTEND;X=:20200101",
        "RRULE:FREQ=DAILY;UNTIL=20200301T000000Z", "rrule:FREQ=DAILY", "RR\r\n ULE:FREQ=DAILY", "RDATE:20260401",
        "DURATION:PT1H",
        "RECURRENCE-ID:20260401", "RECURRENCE-ID;TZID=X;RANGE=THISANDFUTURE:20200101T000000", "DTSTAMP:20260101T000000Z",
        "LAST-MODIFIED:20260102T000000Z", "CREATED;X=Y:20260103T000000Z", "SUMMARY:Talk", "", " ", "\t", ":", "X",
    ]
)  # fmt: skip
TEXTS = st.builds(
    lambda before, found, ends: (before + "".join(line + end for line, end in zip(found, ends * 40, strict=False))).encode(),
    st.sampled_from(["", "\r\n", "BEGIN:VCALENDAR\n"]),
    st.lists(LINES, max_size=40),
    st.lists(st.sampled_from(["\r\n", "\r\n", "\n", "\r\r\n", "\r"]), min_size=1, max_size=4),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(1, 200))
@example(b"BEGIN:VEVENT\r\nDTSTART:20260401T100000Z\r\nEND:VEVENT", 14)
def test_a_text_has_the_same_marks_whatever_its_parts(text, part):
    whole = marks.marks_of(text)
    before = lines._PART
    lines._PART = part
    try:
        parted = marks.marks_of(text)
    finally:
        lines._PART = before
    for name in marks.LineMarks._fields:
        assert np.array_equal(getattr(whole, name), getattr(parted, name)), name


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_each_line_is_found_where_it_stands(text):
    found = marks.marks_of(text)
    at, begins = 0, []
    for line in text.split(b"\n"):
        begins += [at] * line.startswith(b"UID:")
        at += len(line) + 1
    assert found.uids.tolist() == begins


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_unfolding_all_at_once_gives_what_unfolding_one_by_one_does(text):
    joined = lines.unfolded(text, b"\x1e")
    if joined is not None:
        assert joined == cut.unfold(text)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.ics")), ids=lambda path: path.stem)
def test_calendars_are_unfolded_all_at_once(path):
    text = path.read_bytes().strip()
    joined = lines.unfolded(text, b"\x1e")
    assert joined == cut.unfold(text) or joined is None


def entry(*found):
    return "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *found, "END:VEVENT", "END:VCALENDAR", ""]).encode()


@pytest.mark.parametrize(
    ("found", "outside"),
    [
        (["DTSTART:20260401T100000Z", "DTEND:20260401T110000Z"], False),
        (["DTSTART:20200401T100000Z", "DTEND:20200401T110000Z"], True),
        (["DTSTART:20200401T100000Z"], True),
        (["DTSTART;TZID=Europe/Berlin:20200401T100000", "DTEND;TZID=Europe/Berlin:20260401T110000"], False),
        (["DTSTART;VALUE=DATE:20270401", "DTEND;VALUE=DATE:20270402", "RRULE:FREQ=DAILY"], True),
        (["DTSTART:20200401T100000Z", "RRULE:FREQ=DAILY;UNTIL=20200501T000000Z"], True),
        (["DTSTART:20200401T100000Z", "RRULE:FREQ=DAILY;UNTIL=20260501T000000Z"], False),
        (["DTSTART:20200401T100000Z", "RRULE:FREQ=DAILY"], False),
        (["DTSTART:20200401T100000Z", "RDATE:20260401T100000Z"], False),
        (["DTSTART:20200401T100000Z", "DURATION:P3000D"], False),
        (["DTSTART:20200401T100000Z", "RECURRENCE-ID:20200402T100000Z"], True),
        (["DTSTART:20200401T100000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20200402T100000Z"], False),
        (["DTSTART:20200401T100000Z", "RECURRENCE-ID;TZID=Europe/Berlin;RANGE=THISANDFUTURE:20200402T100000"], False),
        (["DTSTART:20200401T100000Z", "BEGIN:VALARM", "DTEND:20200401T100000Z", "END:VALARM", "DTEND:20260401T100000Z"], False),
        (["BEGIN:VALARM", "DTSTART:20200401T100000Z", "END:VALARM", "DTSTART:20260401T100000Z"], False),
        (["DTSTART:20200401T100000Z", "summary:Lower case"], False),
        (["DTSTART:20200401T100000Z", "SUMM", " ARY:Folded in its name"], False),
        (["DTSTART:20200401"], True),
        (["SUMMARY:No start"], False),
    ],
)  # fmt: skip
def test_what_is_outside_the_window_is_told_at_a_glance(found, outside):
    scanned = scan(entry(*found))
    glance = Glance(scanned, SPRING)
    assert [glance.outside(extents) for extents in scanned.entries.groups.values()] == [outside]


def test_a_uid_is_outside_only_with_all_its_entries():
    scanned = scan(
        entry("UID:x", "DTSTART:20200401T100000Z", "END:VEVENT", "BEGIN:VEVENT", "UID:x", "DTSTART:20260401T100000Z")
    )
    assert [Glance(scanned, SPRING).outside(extents) for extents in scanned.entries.groups.values()] == [False]


def both_scans(text):
    """What both ways of scanning find, which is the same."""
    slow, fast = cut.scan(text), scan(text).entries
    for name in ("groups", "header", "zones", "others", "unclosed", "complete", "odd"):
        assert getattr(fast, name) == getattr(slow, name), name
    assert bytes(fast.text[:]) == bytes(slow.text[:])
    assert facts.last_sign(fast) == facts.last_sign(slow)
    return slow


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_both_ways_of_scanning_find_the_same(text):
    both_scans(text)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.ics")), ids=lambda path: path.stem)
def test_both_ways_of_scanning_find_the_same_in_calendars(path):
    both_scans(path.read_bytes())


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r\r\n", "\r"])
@pytest.mark.parametrize("part", [1, 30, 1 << 22])
def test_entries_are_found_whatever_ends_a_line(ending, part, monkeypatch):
    monkeypatch.setattr(folded, "PART", part)
    text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nSUMMARY:Talk\r\n ing\r\nEND:VEVENT\r\nend:vevent\r\nEND:VCALENDAR\r\n"
    entries = both_scans(text.replace("\r\n", ending).encode())
    assert list(entries.groups) == [b"x"]


def test_an_entry_whose_lines_end_with_cr_alone_is_found_among_others():
    text = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nX:y\rBEGIN:VEVENT\rUID:b\rEND:VEVENT\r\n"
    assert set(both_scans(text).groups) == {b"a", b"b"}


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ("A|BEGIN:VALARM|X|END:VALARM|B|", "A|B|"),
        ("A|begin : valarm |X|End:VALARM|B|", "A|B|"),
        ("A|BEGIN:VALARM|END:VALARM|B|BEGIN:VALARM|X|END:VALARM|C|", "A|B|C|"),
        ("A|BEGIN:VALARM|BEGIN:X-SOUND|END:VALARM|END:X-SOUND|", "A|END:X-SOUND|"),
        ("A|BEGIN:VALARM|B|", "A|BEGIN:VALARM|B|"),
        ("BEGIN:VEVENT|A|END:VEVENT|", "BEGIN:VEVENT|A|END:VEVENT|"),
        ("A|" + "BEGIN:X|" * 100_000, "A|" + "BEGIN:X|" * 100_000),
    ],
    ids=["an alarm", "odd case", "empty", "crossed", "no end", "an entry", "very many without an end"],
)
def test_components_in_an_entry_are_left_out(lines, left):
    assert cut.top_lines(lines.replace("|", "\n").encode()) == left.replace("|", "\n").encode()


def test_zones_are_found_beside_very_many_that_do_not_end():
    zone = b"BEGIN:VTIMEZONE\nTZID:X\nEND:VTIMEZONE"
    endless = [b"BEGIN:VTIMEZONE"] * 100_000
    entries = both_scans(b"\n".join([b"BEGIN:VCALENDAR", zone, b"METHOD:PUBLISH", *endless, zone, b"X-WR-CALNAME:x"]))
    assert entries.zones == [zone, zone]
    assert entries.header == b"\nBEGIN:VCALENDAR\nMETHOD:PUBLISH\nX-WR-CALNAME:x"


def test_a_task_is_a_sign_of_life_and_the_stamp_of_a_zone_is_none():
    zone = ["BEGIN:VTIMEZONE", "LAST-MODIFIED:20300101T000000Z", "END:VTIMEZONE"]
    event = ["BEGIN:VEVENT", "DTSTAMP:20260101T000000Z", "CREATED:20261301T000000Z", "END:VEVENT"]
    task = ["BEGIN:VTODO", "DTSTAMP;X-A=B:20260201T000000Z", "END:VTODO"]
    text = "\r\n".join(["BEGIN:VCALENDAR", *zone, *event, *zone, *task, "END:VCALENDAR", ""]).encode()
    assert facts.last_sign(both_scans(text)) == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_line_that_is_not_seen_to_its_end_has_no_day(monkeypatch):
    monkeypatch.setattr(lines, "_PART", 1)
    monkeypatch.setattr(lines, "_AHEAD", 16)
    assert marks.marks_of(b"\nDTSTART:20200401Z20200401\nDTSTART:2020\n").start_days.tolist() == [0, 0]


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_what_is_thinned_out_says_nothing(text):
    before = marks._MANY
    marks._MANY = 0
    try:
        thin = scan(text)
    finally:
        marks._MANY = before
    whole = scan(text)
    assert thin.entries == whole.entries
    assert Glance(thin, SPRING)._outside == Glance(whole, SPRING)._outside


def test_lines_that_say_nothing_take_no_room():
    text = b"BEGIN:VCALENDAR\n" + b"\n" * 30_000 + b"BEGIN:VEVENT\nUID:a\nEND:VEVENT\n" + b"END:VEVENT\n" * 30_000
    found = marks.marks_of(text)
    assert (len(found.odd), len(found.ends)) == (1, 1)
