"""Long lines and odd text."""

from __future__ import annotations

from itertools import count

from hostile.attacks.making import ENTRY, HEAD, TAIL, attack, calendar, each, one


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
    return calendar((ENTRY % (number, b"SUMMARY:%d " % number + words) for number in count()), size)


@attack
def many_titles(size: int) -> bytes:
    """Each new, and each the title of a one-to-one."""
    return calendar((ENTRY % (n, b"SUMMARY:%d Ana B / 1:1 with Bo, Cy & Di - call (x)" % n) for n in count()), size)


@attack
def long_descriptions(size: int) -> bytes:
    """Many numbers that could be of a telephone conference."""
    return calendar(
        (ENTRY % (n, b"DESCRIPTION:%d" % n + b" +49 (30) 1 2-3 http:// tel:+1" * 60) for n in count()), size
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
    return HEAD + b"\n" * size + ENTRY % (1, b"SUMMARY:x") + TAIL


@attack
def lone_returns(size: int) -> bytes:
    """Old Macintosh, between others."""
    return HEAD + b"\r" * size + b"\n" + ENTRY % (1, b"SUMMARY:x") + TAIL


@attack
def quoted_printable(size: int) -> bytes:
    """vCalendar 1.0, each line open to the next."""
    return one(b"SUMMARY;ENCODING=QUOTED-PRINTABLE:" + b"=3D=\n" * (size // 5))


@attack
def unknown_charset(size: int) -> bytes:
    """Bytes that are no UTF-8, in every line."""
    return calendar((ENTRY % (number, b"SUMMARY:\xe9t\xe9 %d" % number) for number in count()), size)


@attack
def utf_16(size: int) -> bytes:
    """Twice the bytes."""
    return calendar(each(b"SUMMARY:x"), size // 2).decode().encode("utf-16")
