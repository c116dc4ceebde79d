"""Marks of components: begun, ended or repeated where they should not be."""

from __future__ import annotations

from itertools import count, islice

from hostile.attacks.making import ENTRY, HEAD, TAIL, attack, calendar, each, one


@attack
def junk_after_begin(size: int) -> bytes:
    """An entry that never ends."""
    return HEAD + b"BEGIN:VEVENT\n" + b"X:0123456789012345678901234567890123456789\n" * (size // 43)


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
    return calendar(iter([b" " * size, b"\n", ENTRY % (1, b"SUMMARY:x")]), 1)


@attack
def stamps_without_end(size: int) -> bytes:
    """Signs of life, each new, beside one entry."""
    lines = b"".join(b"DTSTAMP:%08dT%06dZ\n" % (n // 1_000_000 + 10_000_000, n % 1_000_000) for n in range(size // 25))
    return calendar(iter([lines, ENTRY % (1, b"SUMMARY:x")]), size)


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
    return (HEAD + ENTRY % (1, b"SUMMARY:x") + TAIL) * (size // 200 + 1)


@attack
def many_calendars_that_disagree(size: int) -> bytes:
    """Each with a zone of its own under one name, and its own method."""
    zone = (
        b"BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+%04d\n"
        b"END:STANDARD\nEND:VTIMEZONE\n"
    )
    parts = (
        HEAD + b"METHOD:REQUEST\n" + zone % (number % 1000) + ENTRY % (number % 7, b"SUMMARY:x") + TAIL
        for number in count()
    )
    return b"".join(islice(parts, size // 330 + 1))


@attack
def many_calendars_that_all_differ(size: int) -> bytes:
    """Each says something of itself that no other says, and has its own method."""
    parts = (
        b"BEGIN:VCALENDAR\nPRODID:%d\nMETHOD:%s\n" % (number, (b"REQUEST", b"REPLY")[number % 2])
        + ENTRY % (number % 7, b"SUMMARY:x")
        + TAIL
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
        HEAD + b"METHOD:REPLY\n" + ENTRY % (1, b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:p%d@example.com" % n) + TAIL
        for n in range(size // 230 + 1)
    )
    return HEAD + b"METHOD:REQUEST\n" + ENTRY % (1, b"SUMMARY:x") + TAIL + b"".join(parts)
