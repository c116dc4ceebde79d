"""People without end."""

from __future__ import annotations

from itertools import count

from hostile.attacks.making import attack, calendar, each, numbered, one, person


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
