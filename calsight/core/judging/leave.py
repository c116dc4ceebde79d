"""Does a title say that the owner is on leave?

Beside the word for it only what leave entries hold may stand: dates, "approved", a place, the owner's own name, whom to turn to
meanwhile. Whatever else stands there, a name above all, makes it somebody else's leave or another matter: eager words would
hide meetings.
"""

from __future__ import annotations

import re

from calsight.core.judging.names import Names
from calsight.core.judging.title_words import TitleWords


def says_leave(title: str, words: TitleWords, names: Names) -> bool:
    """Whether the title says that the owner is away, and names nobody else and no other matter."""
    found = [first for pattern in (words.leave, words.away) if (first := pattern.search(title)) is not None]
    if not found or words.stands_in.search(title):
        return False
    told = min(first.end() for first in found)
    rest = title[:told] + words.contact.sub(" ", title[told:])  # who stands in is named behind the word
    rest, leave = words.leave.subn(" ", rest)
    rest = words.away.sub(" ", rest)
    rest, stays = _without_places(rest, words, names)
    if stays and not leave:  # "Off to Munich", "Ana away in Munich": a journey
        return False
    rest = words.leave_filler.sub(" ", rest)
    rest = _INITIALS.sub(lambda initials: " " if names.is_me(initials[0]) else initials[0], rest)
    return not any(map(str.isalpha, names.without_me(rest)))


def _without_places(text: str, words: TitleWords, names: Names) -> tuple[str, bool]:
    """The text without places, and whether there were any. "to Friday" and "to Bo" are none."""
    stays = False

    def place(found: re.Match[str]) -> str:
        nonlocal stays
        name = found["name"]
        if words.leave_filler.fullmatch(name.split()[0]) or names.is_known(name) or names.is_me(name):
            return found.group()
        stays = True
        return " "

    text = words.place.sub(place, text)
    text, named = words.places.subn(" ", text)
    return text, stays or bool(named)


_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.?\s){1,8}[^\W\d_]{2,}(?!\w)")
