"""Entries that list nobody, and may still be meetings with one other (docs/meaning.md, the doubt `untitled`).

Most of them are the owner's own: gym, dentist, focus, lunch. Three things speak for somebody else:

- the title names a person whom the owner's lists know ("Bo", "lunch bo");
- it has a word for meeting, and something that reads as a name ("Tel. Frau Weber");
- words end where languages begin, and so two signs need none: an owner whose days are made of entries of their own, on which
  they hardly ever list guests (a journalist, a priest, a field engineer), and titles in a language or script of which hardly
  any word is known. There every single entry in working hours that nothing marks as solo may be one. Who is invited to more
  meetings than they enter themselves is no such owner: their own entries are the tasks between the meetings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from calsight.core.data import load
from calsight.core.judging.titles import Titles
from calsight.core.model.events import CalendarEvent
from calsight.core.people.presence import Presence

_FEW_GUESTS = 0.1  # share of the owner's own entries that list somebody
_ENOUGH = 10  # own entries, from which on that share tells anything
_NAMES = 3  # names beside one and the same word, from which on they are people
_REPEATS = 3  # times a title is used, from which on it is a habit and no appointment
_FOREIGN = 0.1  # share of titles with a letter that none of our languages writes
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INITIALS = re.compile(r"(?<!\w)[^\W\d_]\.\s?[^\W\d_]\.(?!\w)")
_POSSESSIVE = re.compile(r"['’]s?$|['’]s\b")
#: Letters of English, German, French, Spanish, Italian, Dutch and Portuguese.
_OUR_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzäöüßàâæçéèêëîïôœùûüÿñáíóúìòãõ'’-")


class Untitled(NamedTuple):
    """Whether an entry that lists nobody may be a meeting with one other, by what the owner's calendars tell.

    habits     titles that come again and again, and do not tell people apart
    guestless  the owner's days are made of entries of their own, on which they hardly ever list guests
    foreign    the titles are in a language or script of which we know hardly any word
    """

    titles: Titles
    habits: frozenset[str]
    guestless: bool
    foreign: bool

    def undecided(self, event: CalendarEvent) -> bool:
        """Whether nothing says that an entry is solo, where titles tell nothing. Asked of entries in working hours."""
        title = event.title.strip()
        if not title or event.series is not None or not (self.guestless or self.foreign):
            return False
        return not _is_own(title, self.habits)

    def named(self, title: str) -> bool:
        """Whether a title holds a known person's name, or a word for meeting with a name-like word beside it."""
        words = _words()
        if not title or self.titles.speaks_of_leave(title) or words.about.search(title):
            return False
        names = self.titles.names
        if names.glued_in(title) or self._of_initials(title):
            return True
        if self.titles.score(title):
            return False
        tokens = list(_WORD.finditer(title))
        strange = _has_strange_letters(title)
        meets = None if words.solo.search(title) else words.meets.search(title)
        for token in tokens:
            word = token[0]
            if names.is_me(word) or _POSSESSIVE.search(word) or title[token.end() :].startswith(("'s", "’s")):
                continue
            if words.before.search(title[: token.start()].rstrip()):
                continue
            if names.knows(word) and (word[0].isupper() or len(tokens) <= 3):
                return True
            if strange and word[0].isupper() and names.inflects(word):
                return True
            beside = meets is not None and not meets.start() <= token.start() < meets.end()
            if beside and word[0].isupper() and names.is_name(word) and not words.common(word):
                return True
        return False

    def _of_initials(self, title: str) -> bool:
        """Whether a title is initials and nothing else ("BK", "AL / BK", "JM:KL"), one of them a known person's."""
        names = self.titles.names
        pieces = [piece for piece in re.split(r"[^\w.]+", title) if piece]
        known = [piece for piece in pieces if names.initials(piece)]
        return (
            bool(known)
            and len(pieces) <= 2
            and all(p in known or names.initials(p, stranger=True) or names.are_mine(p) for p in pieces)
        )


def untitled(
    entries: Iterable[tuple[CalendarEvent, Presence, int]],
    *,
    titles: Titles,
) -> Untitled:
    """What the owner's calendars tell of entries without a list: `entries`, each with who is on it and how many are like it."""
    own = with_guests = meetings = 0
    used: Counter[str] = Counter()
    said: set[str] = set()
    written: dict[str, str] = {}
    for event, presence, times in entries:
        title = event.title.strip().casefold()
        if title:
            said.add(title)
        if presence.company:
            meetings += times
        if event.series is not None or presence.organised_by_me is False:
            continue
        own += times
        if presence.lists_others:
            with_guests += times
        else:
            used[title] += times
            written[title] = min(event.title, written.get(title, event.title))
    often = [title for title, times in used.items() if times >= _REPEATS]
    habits = frozenset(often) - _of_people([written[title] for title in often], titles)
    unlisted = sum(times for title, times in used.items() if title and not _is_own(title, habits))
    return Untitled(
        titles,
        habits,
        guestless=unlisted >= max(_ENOUGH, meetings) and with_guests < _FEW_GUESTS * own,
        foreign=_is_foreign(said),
    )


def _of_people(often: Iterable[str], titles: Titles) -> set[str]:
    """Titles, without case, that differ in a name only: "Piano Emma", "Piano Paul", "Piano Lena" are lessons, and no habit."""
    beside: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for title in often:
        words = _WORD.findall(title)
        for name, rest in ((words[-1], words[:-1]), (words[0], words[1:])) if len(words) > 1 else ():
            if titles.names.is_name(name) and not titles.names.is_me(name) and not _words().common(name):
                beside.setdefault(tuple(map(str.casefold, rest)), []).append((name, title.strip().casefold()))
    people = [pairs for pairs in beside.values() if len({name for name, _ in pairs}) >= _NAMES]
    return {title for pairs in people for _, title in pairs}


def _is_own(title: str, habits: frozenset[str]) -> bool:
    """Whether an entry is the owner's own: a word says so, or its title comes again and again and has neither a word for
    meeting nor initials ("A. B.": who keeps patients or clients so, meets them again and again).
    """
    words = _words()
    if words.solo.search(title):
        return True
    return title.casefold() in habits and not words.meets.search(title) and not _INITIALS.search(title)


def _is_foreign(titles: Iterable[str]) -> bool:
    """Whether too many titles are written with letters that none of our languages has (Ł, ş, å; Cyrillic, Greek, Han …)."""
    said = list(titles)
    strange = sum(map(_has_strange_letters, said))
    return bool(said) and strange >= max(2, _FOREIGN * len(said))


def _has_strange_letters(title: str) -> bool:
    return any(letter.isalpha() and letter not in _OUR_LETTERS for letter in title.casefold())


class _Words:
    def __init__(self, data: Mapping[str, Mapping[str, list[str]]]) -> None:
        def words(key: str) -> str:
            return "|".join(word for language in data.values() for word in language[key])

        self.meets = re.compile(rf"(?<!\w)(?:{words('meets')})(?!\w)|[☕📞🍽]", re.IGNORECASE)
        self.about = re.compile(rf"(?<!\w)(?:{words('about')})(?!\w)", re.IGNORECASE)
        self.before = re.compile(rf"(?<!\w)(?:{words('before')})$", re.IGNORECASE)
        self.solo = re.compile(rf"(?<!\w)(?:{words('solo')})(?!\w)", re.IGNORECASE)

    def common(self, word: str) -> bool:
        """Whether a word is one of ours, and so no name."""
        return self.meets.fullmatch(word) is not None or self.solo.fullmatch(word) is not None


@cache
def _words() -> _Words:
    return _Words(load("untitled"))
