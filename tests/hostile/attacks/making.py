"""What attacks are made of: entries, and the calendar that holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count

Attack = Callable[[int], bytes]
#: By name; each takes about how many bytes are wanted.
ATTACKS: dict[str, Attack] = {}

HEAD = b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n"
TAIL = b"END:VCALENDAR\n"
START = b"DTSTART:20261102T090000Z\nDTEND:20261102T093000Z\n"
ENTRY = b"BEGIN:VEVENT\nUID:%d\n" + START + b"%s\nEND:VEVENT\n"


def attack(made: Attack) -> Attack:
    """Note an attack under its name."""
    ATTACKS[made.__name__] = made
    return made


def calendar(entries: Iterator[bytes], size: int, header: bytes = b"") -> bytes:
    """A calendar of as many of the entries as make about so many bytes."""
    parts, left = [HEAD, header], size - len(header)
    for entry in entries:
        parts.append(entry)
        left -= len(entry)
        if left <= 0:
            break
    return b"".join([*parts, TAIL])


def each(lines: bytes) -> Iterator[bytes]:
    """Entries that differ in their UID only."""
    return (ENTRY % (number, lines) for number in count())


def numbered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """An entry for each of these lines."""
    return (ENTRY % (number, each) for number, each in enumerate(lines))


def person(number: int) -> bytes:
    """A line about somebody."""
    return b"ATTENDEE;CN=P %d:mailto:p%d@example.com" % (number, number)


def one(lines: bytes) -> bytes:
    """A calendar of one entry."""
    return calendar(each(lines), 0)
