"""Calendars that were made to be slow or large to read: each a small generator, to whatever size is asked for.

`tests/hostile/test_growth.py` reads small ones, `benchmarks/hostile.py` large ones with their times and peak memory.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice

Attack = Callable[[int], bytes]
#: By name; each takes about how many bytes are wanted.
ATTACKS: dict[str, Attack] = {}

_HEAD = b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n"
_TAIL = b"END:VCALENDAR\n"
_START = b"DTSTART:20261102T090000Z\nDTEND:20261102T093000Z\n"
_ENTRY = b"BEGIN:VEVENT\nUID:%d\n" + _START + b"%s\nEND:VEVENT\n"


def attack(made: Attack) -> Attack:
    """Note an attack under its name."""
    ATTACKS[made.__name__] = made
    return made


def calendar(entries: Iterator[bytes], size: int, header: bytes = b"") -> bytes:
    """A calendar of as many of the entries as make about so many bytes."""
    parts, left = [_HEAD, header], size - len(header)
    for entry in entries:
        parts.append(entry)
        left -= len(entry)
        if left <= 0:
            break
    return b"".join([*parts, _TAIL])


def each(lines: bytes) -> Iterator[bytes]:
    """Entries that differ in their UID only."""
    return (_ENTRY % (number, lines) for number in count())


def numbered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """An entry for each of these lines."""
    return (_ENTRY % (number, each) for number, each in enumerate(lines))


def person(number: int) -> bytes:
    """A line about somebody."""
    return b"ATTENDEE;CN=P %d:mailto:p%d@example.com" % (number, number)


def one(lines: bytes) -> bytes:
    """A calendar of one entry."""
    return calendar(each(lines), 0)


# --- long lines and odd text ------------------------------------------------------------------------------------------


@attack
def quotes_in_the_name(size: int) -> bytes:
    """Each quote could begin an address."""
    return calendar(each(b"SUMMARY:x"), 0, b"X-WR-CALNAME:" + b"'" * size + b"\n")


@attack
def letters_in_the_name(size: int) -> bytes:
    """Each letter could begin an address, and each dot a domain."""
    return calendar(each(b"SUMMARY:x"), 0, b"X-WR-CALNAME:a@" + b"a." * (size // 2) + b"\n")


@attack
def one_long_title(size: int) -> bytes:
    """Words without end."""
    return one(b"SUMMARY:" + b"Ana / Bo - " * (size // 11))


@attack
def one_long_title_of_dashes(size: int) -> bytes:
    """Each could part two names."""
    return one(b"SUMMARY:" + b"- " * (size // 2))


@attack
def long_titles(size: int) -> bytes:
    """Many titles, each of them long and new."""
    words = b"Ana B / 1:1 with Bo, Cy & Di - call (x) " * 50
    return calendar((_ENTRY % (number, b"SUMMARY:%d " % number + words) for number in count()), size)


@attack
def many_titles(size: int) -> bytes:
    """Each new, and each the title of a one-to-one."""
    return calendar((_ENTRY % (n, b"SUMMARY:%d Ana B / 1:1 with Bo, Cy & Di - call (x)" % n) for n in count()), size)


@attack
def long_descriptions(size: int) -> bytes:
    """Many numbers that could be of a telephone conference."""
    return calendar(
        (_ENTRY % (n, b"DESCRIPTION:%d" % n + b" +49 (30) 1 2-3 http:// tel:+1" * 60) for n in count()), size
    )


@attack
def one_long_description(size: int) -> bytes:
    """Digits and blanks without end."""
    return one(b"DESCRIPTION:" + b"1 " * (size // 2))


@attack
def one_long_unknown_line(size: int) -> bytes:
    """A property that nobody reads."""
    return one(b"X-" + b"A" * size + b":1")


@attack
def folded_without_end(size: int) -> bytes:
    """A line of empty continuations."""
    return one(b"SUMMARY:x" + b"\n " * (size // 2))


@attack
def blank_lines(size: int) -> bytes:
    """Nothing, many times."""
    return _HEAD + b"\n" * size + _ENTRY % (1, b"SUMMARY:x") + _TAIL


@attack
def lone_returns(size: int) -> bytes:
    """Old Macintosh, between others."""
    return _HEAD + b"\r" * size + b"\n" + _ENTRY % (1, b"SUMMARY:x") + _TAIL


@attack
def quoted_printable(size: int) -> bytes:
    """vCalendar 1.0, each line open to the next."""
    return one(b"SUMMARY;ENCODING=QUOTED-PRINTABLE:" + b"=3D=\n" * (size // 5))


@attack
def unknown_charset(size: int) -> bytes:
    """Bytes that are no UTF-8, in every line."""
    return calendar((_ENTRY % (number, b"SUMMARY:\xe9t\xe9 %d" % number) for number in count()), size)


@attack
def utf_16(size: int) -> bytes:
    """Twice the bytes."""
    return calendar(each(b"SUMMARY:x"), size // 2).decode().encode("utf-16")


# --- marks of components ----------------------------------------------------------------------------------------------


@attack
def junk_after_begin(size: int) -> bytes:
    """An entry that never ends."""
    return _HEAD + b"BEGIN:VEVENT\n" + b"X:0123456789012345678901234567890123456789\n" * (size // 43)


@attack
def begins_without_end(size: int) -> bytes:
    """Entries that never end."""
    return calendar(iter([b"BEGIN:VEVENT\n" * (size // 13)]), 0)


@attack
def ends_without_begin(size: int) -> bytes:
    """Ends of nothing."""
    return calendar(iter([b"END:VEVENT\n" * (size // 11)]), 0)


@attack
def alarms_without_end(size: int) -> bytes:
    """Components that never end, in one entry."""
    return one(b"BEGIN:VALARM\n" * (size // 13))


@attack
def odd_marks(size: int) -> bytes:
    """Marks with blanks in them, over and over."""
    return calendar(iter([b"begin : vevent\nend : vevent\n" * (size // 28)]), 0)


@attack
def blanks_before_marks(size: int) -> bytes:
    """Lines of blanks, each of which could begin a mark."""
    return calendar(iter([b" " * size, b"\n", _ENTRY % (1, b"SUMMARY:x")]), 1)


@attack
def stamps_without_end(size: int) -> bytes:
    """Signs of life, each new, beside one entry."""
    lines = b"".join(b"DTSTAMP:%08dT%06dZ\n" % (n // 1_000_000 + 10_000_000, n % 1_000_000) for n in range(size // 25))
    return calendar(iter([lines, _ENTRY % (1, b"SUMMARY:x")]), size)


@attack
def tasks_without_end(size: int) -> bytes:
    """Components that are no events, each of another name."""
    return calendar((b"BEGIN:X-%d\nSUMMARY:x\nEND:X-%d\n" % (n, n) for n in count()), size)


@attack
def empty_entries(size: int) -> bytes:
    """Entries without anything."""
    return calendar(iter([b"BEGIN:VEVENT\nEND:VEVENT\n" * (size // 24)]), 0)


@attack
def tiny_entries(size: int) -> bytes:
    """As many meetings as there is room for."""
    return calendar((b"BEGIN:VEVENT\nUID:%d\nDTSTART:20261102T09Z\nEND:VEVENT\n" % number for number in count()), size)


@attack
def plain_entries(size: int) -> bytes:
    """As many meetings in the window as there is room for, each plain."""
    return calendar(each(b"SUMMARY:Ana"), size)


@attack
def many_calendars(size: int) -> bytes:
    """Calendars in one file."""
    return (_HEAD + _ENTRY % (1, b"SUMMARY:x") + _TAIL) * (size // 200 + 1)


@attack
def many_calendars_that_disagree(size: int) -> bytes:
    """Each with a zone of its own under one name, and its own method."""
    zone = (
        b"BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+%04d\n"
        b"END:STANDARD\nEND:VTIMEZONE\n"
    )
    parts = (
        _HEAD + b"METHOD:REQUEST\n" + zone % (number % 1000) + _ENTRY % (number % 7, b"SUMMARY:x") + _TAIL
        for number in count()
    )
    return b"".join(islice(parts, size // 330 + 1))


@attack
def many_calendars_that_all_differ(size: int) -> bytes:
    """Each says something of itself that no other says, and has its own method."""
    parts = (
        b"BEGIN:VCALENDAR\nPRODID:%d\nMETHOD:%s\n" % (number, (b"REQUEST", b"REPLY")[number % 2])
        + _ENTRY % (number % 7, b"SUMMARY:x")
        + _TAIL
        for number in count()
    )
    return b"".join(islice(parts, size // 165 + 1))


@attack
def many_headers(size: int) -> bytes:
    """Properties of the calendar, each new."""
    return calendar(each(b"SUMMARY:x"), 0, b"".join(b"X-P%d:%d\n" % (n, n) for n in range(size // 16)))


@attack
def many_messages(size: int) -> bytes:
    """Requests and answers about one meeting."""
    parts = (
        _HEAD + b"METHOD:REPLY\n" + _ENTRY % (1, b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:p%d@example.com" % n) + _TAIL
        for n in range(size // 230 + 1)
    )
    return _HEAD + b"METHOD:REQUEST\n" + _ENTRY % (1, b"SUMMARY:x") + _TAIL + b"".join(parts)


# --- people -----------------------------------------------------------------------------------------------------------


@attack
def one_crowd(size: int) -> bytes:
    """One meeting with everybody."""
    return one(b"".join(b"ATTENDEE;CN=P %d:mailto:p%d@example.com\n" % (n, n) for n in range(size // 44)))


@attack
def many_people(size: int) -> bytes:
    """Each meeting with somebody else, all in the window."""
    return calendar(numbered(b"ORGANIZER:mailto:me@example.com\n" + person(n) for n in count()), size)


@attack
def crowds(size: int) -> bytes:
    """Meetings in the window, each with a hundred people whom nobody else met."""
    lines = (
        b"ORGANIZER:mailto:me@example.com\n" + b"\n".join(map(person, range(at, at + 100))) for at in count(0, 100)
    )
    return calendar(numbered(lines), size)


@attack
def lonely_people(size: int) -> bytes:
    """Each entry names one person, and no entry two."""
    return calendar(numbered(map(person, count())), size)


@attack
def people_whom_libraries_read(size: int) -> bytes:
    """Meetings in the window with a hundred people and one line that only icalendar reads."""
    lines = b"DURATION:P1W1D\n" + b"\n".join(map(person, range(100)))
    return calendar(each(lines), size)


@attack
def parameters_without_end(size: int) -> bytes:
    """A person with many parameters, and one that never closes its quote."""
    return one(b"ATTENDEE" + b";X-A=b" * (size // 6) + b';CN="x:mailto:a@example.com')


# --- recurrence -------------------------------------------------------------------------------------------------------


@attack
def dense_rules(size: int) -> bytes:
    """As many occurrences as one entry may have, in every entry."""
    return calendar(each(b"RRULE:FREQ=HOURLY"), size)


@attack
def daily_rules(size: int) -> bytes:
    """Plain series, by the thousand."""
    return calendar(each(b"RRULE:FREQ=DAILY"), size)


@attack
def large_sets(size: int) -> bytes:
    """A rule that has every second of a year in its sets."""
    numbers = {"BYHOUR": 24, "BYMINUTE": 60, "BYSECOND": 60}
    lists = ";".join(f"{name}={','.join(map(str, range(most)))}" for name, most in numbers.items())
    return calendar(each(f"RRULE:FREQ=YEARLY;BYMONTHDAY=1;{lists}".encode()), size)


@attack
def sets_as_large_as_read(size: int) -> bytes:
    """Rules that list nearly as many numbers as one may."""
    numbers = ",".join(map(str, range(1, 97)))
    return calendar(each(f"RRULE:FREQ=YEARLY;BYYEARDAY={numbers}".encode()), size)


@attack
def places_in_large_sets(size: int) -> bytes:
    """Each set is made for one of its places."""
    lists = ";".join(
        f"{name}={','.join(map(str, range(most)))}" for name, most in {"BYHOUR": 24, "BYMINUTE": 60}.items()
    )
    return calendar(each(f"RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE;{lists};BYSETPOS=-1".encode()), size)


@attack
def rules_that_never_come(size: int) -> bytes:
    """30 February."""
    return calendar(each(b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), size)


@attack
def rules_that_hardly_come(size: int) -> bytes:
    """Friday the 29th of February, from long ago."""
    rule = b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=FR"
    lines = b"BEGIN:VEVENT\nUID:%d\nDTSTART:19000101T090000Z\n" + rule + b"\nEND:VEVENT\n"
    return calendar((lines % number for number in count()), size)


@attack
def many_rules_in_one_entry(size: int) -> bytes:
    """RFC 5545 wants one."""
    return one(b"RRULE:FREQ=DAILY;INTERVAL=2\n" * (size // 28))


@attack
def many_masters_of_one_uid(size: int) -> bytes:
    """Series that share a UID, each different."""
    lines = b"BEGIN:VEVENT\nUID:1\n" + _START + b"RRULE:FREQ=WEEKLY\nSUMMARY:%d\nEND:VEVENT\n"
    return calendar((lines % number for number in count()), size)


@attack
def many_overrides_of_one_series(size: int) -> bytes:
    """A series of which each occurrence is moved, many times."""
    master = _ENTRY % (0, b"RRULE:FREQ=DAILY")
    lines = b"BEGIN:VEVENT\nUID:0\n" + _START + b"RECURRENCE-ID:202611%02dT090000Z\nSUMMARY:%d\nEND:VEVENT\n"
    return calendar((master if n == 0 else lines % (n % 30 + 1, n) for n in count()), size)


@attack
def dates_without_end(size: int) -> bytes:
    """Single dates, in one entry."""
    dates = (
        b"RDATE:20%02d%02d%02dT%02d%02d00Z\n" % (26 + n // 400000, n % 12 + 1, n % 28 + 1, n % 24, n % 60)
        for n in count()
    )
    return one(b"".join(islice(dates, size // 23)))


@attack
def exceptions_without_end(size: int) -> bytes:
    """A series with more exceptions than days."""
    dates = b",".join(b"2026%02d%02dT090000Z" % (n % 12 + 1, n % 28 + 1) for n in range(size // 17))
    return one(
        b"RRULE:FREQ=DAILY\n" + b"".join(b"EXDATE:%s\n" % dates[at : at + 16999] for at in range(0, len(dates), 17000))
    )


@attack
def zones_and_rules(size: int) -> bytes:
    """Zones with many rules, each used."""
    rule = (
        b"BEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=1SU\nTZOFFSETFROM:+0000\n"
        b"TZOFFSETTO:+%04d\nEND:STANDARD\n"
    )
    rules = b"".join(rule % (n % 12 + 1, n % 1000) for n in range(150))
    zone = b"BEGIN:VTIMEZONE\nTZID:Zone %d\n" + rules + b"END:VTIMEZONE\n"
    entry = b"BEGIN:VEVENT\nUID:%d\nDTSTART;TZID=Zone %d:20261102T090000\nEND:VEVENT\n"
    return calendar((zone % n + entry % (n, n) for n in count()), size)


@attack
def zones_that_all_differ(size: int) -> bytes:
    """Each with a dozen rules that no other has, and used once."""
    rule = (
        b"BEGIN:STANDARD\nDTSTART:19700101T%06d\nRRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=1SU\nTZOFFSETFROM:+0000\n"
        b"TZOFFSETTO:+%04d\nEND:STANDARD\n"
    )
    zone = b"BEGIN:VTIMEZONE\nTZID:Zone %d\n%sEND:VTIMEZONE\n"
    entry = b"BEGIN:VEVENT\nUID:%d\nDTSTART;TZID=Zone %d:20261102T090000\nEND:VEVENT\n"
    parts = (
        zone % (n, b"".join(rule % (n * 12 % 235959, month, month) for month in range(1, 13))) + entry % (n, n)
        for n in count()
    )
    return calendar(parts, size)


@attack
def unknown_zones(size: int) -> bytes:
    """Each entry in a zone that nobody knows."""
    entry = b"BEGIN:VEVENT\nUID:%d\nDTSTART;TZID=(UTC+01:00) Nowhere %d, Elsewhere:20261102T090000\nEND:VEVENT\n"
    return calendar((entry % (n, n) for n in count()), size)


# --- archives ---------------------------------------------------------------------------------------------------------


@attack
def packed(size: int) -> bytes:
    """Plain entries, a thousand times as many as the file has bytes."""
    return gzip.compress(plain_entries(size))


@attack
def packed_bomb(size: int) -> bytes:
    """Nothing but zeros, a thousand times as many as there are bytes."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as stream:
        for _ in range(size // 1000):
            stream.write(b"\0" * 1_000_000)
    return out.getvalue()


def archive(members: Iterator[tuple[str, bytes]]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


@attack
def archive_of_many(size: int) -> bytes:
    """Many small calendars."""
    small = one(b"SUMMARY:x")
    return archive((f"{number}.ics", small) for number in range(max(1, size // 250)))


def copies(members: int, content: bytes, *, overlap: bool = False) -> bytes:
    """An archive of the same calendar many times, packed once; with `overlap`, all are the same bytes of the file."""
    plain = archive(iter([("a.ics", content)]))
    directory, end = plain.index(b"PK\x01\x02"), plain.index(b"PK\x05\x06")
    packed, entry, tail = plain[:directory], plain[directory:end], bytearray(plain[end:])
    body = packed * (1 if overlap else members)
    entries = b"".join(
        entry[:42] + (0 if overlap else number * len(packed)).to_bytes(4, "little") + entry[46:]
        for number in range(members)
    )
    tail[8:12] = min(members, 0xFFFE).to_bytes(2, "little") * 2
    tail[12:20] = len(entries).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return body + entries + bytes(tail)


@attack
def archive_of_bombs(size: int) -> bytes:
    """Members that unpack to a thousand times their size."""
    return copies(max(1, size // 20_000), _HEAD + b"X:" + b"0" * 20_000_000 + b"\n" + _TAIL)


@attack
def archive_that_overlaps(size: int) -> bytes:
    """The same bytes, many times."""
    return copies(max(2, size // 60), _HEAD + b"X:" + b"0" * 5_000_000 + b"\n" + _TAIL, overlap=True)
