"""Rules, sets of dates, and zones."""

from __future__ import annotations

from itertools import count, islice

from hostile.attacks.making import ENTRY, START, attack, calendar, each, one


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
    lines = b"BEGIN:VEVENT\nUID:1\n" + START + b"RRULE:FREQ=WEEKLY\nSUMMARY:%d\nEND:VEVENT\n"
    return calendar((lines % number for number in count()), size)


@attack
def many_overrides_of_one_series(size: int) -> bytes:
    """A series of which each occurrence is moved, many times."""
    master = ENTRY % (0, b"RRULE:FREQ=DAILY")
    lines = b"BEGIN:VEVENT\nUID:0\n" + START + b"RECURRENCE-ID:202611%02dT090000Z\nSUMMARY:%d\nEND:VEVENT\n"
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
