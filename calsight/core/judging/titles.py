"""What titles say, in seven languages: a one-to-one where no list can tell, leave, interviews, broadcasts, cancellations.

Words are data (`data/titles.toml`) and settings. Everything is remembered per distinct title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from calsight.core.data import lowered
from calsight.core.judging.leave import says_leave
from calsight.core.judging.names import Names
from calsight.core.judging.title_words import edged, plain, title_words
from calsight.core.model.meetings import Owner
from calsight.core.model.options import TitleOptions
from calsight.core.people.addresses import KnownNames, canonical_name
from calsight.core.people.identities import BY_NAME

_T = TypeVar("_T")
_LONGEST = 300  # characters of a title that are read
_NOBODY = KnownNames()


class Named(NamedTuple):
    """A title that says one-to-one. `name` is the other person's as written, "" where the title leaves it out."""

    name: str = ""


class Titles:
    """Reads titles for one owner, whose name tells which side of "Ana / Bo" is the other.

    `known` are the names that the calendars' own lists hold.
    """

    def __init__(self, options: TitleOptions, owner: Owner, known: KnownNames = _NOBODY) -> None:
        self._words = title_words()
        self._also_one_to_one = _either(options.one_to_one)
        self._never = _either(options.never_one_to_one)
        self._also_leave = _either(options.leave)
        self._also_interview = _either(options.interview)
        self._also_broadcast = _either(options.automated)
        mine = known.mine | _own_tokens(owner)
        self.names = Names(self._words, KnownNames(known.full, known.words - mine, mine))
        self._read: dict[tuple[str, str], Any] = {}

    def one_to_one(self, title: str) -> Named | None:
        """Whether the title alone says that two people meet, and with whom."""
        return self._once("one_to_one", title, self._one_to_one)

    def leave(self, title: str) -> bool:
        """Whether the title says that the owner is away, and names nobody else and no other matter."""
        return self._once("leave", title, self._leave)

    def speaks_of_leave(self, title: str) -> bool:
        """Whether a word for leave stands in the title, whoever it is about."""
        return self._once("speaks_of_leave", title, lambda text: _found(self._words.leave, text))

    def broadcast(self, title: str) -> bool:
        """Whether the title says webinar, all-hands, town hall, office hours, training …"""
        return self._once("broadcast", title, self._broadcast)

    def to_many(self, title: str) -> bool:
        """Whether the title says webinar, all-hands, town hall, livestream: one speaks to many."""
        return self._once(
            "to_many",
            title,
            lambda text: _found(self._words.to_many, lowered(text)) or _found(self._also_broadcast, text),
        )

    def cancelled(self, title: str) -> bool:
        """Whether a calendar program put the word for cancelled before the title."""
        return self._once("cancelled", title, lambda text: self._words.cancelled.match(lowered(text)) is not None)

    def interview(self, title: str) -> bool:
        """Whether the title says interview."""
        return self._once(
            "interview",
            title,
            lambda text: _found(self._words.interview, lowered(text)) or _found(self._also_interview, text),
        )

    def busy(self, title: str) -> bool:
        """Whether the title is only the word that free/busy views put in place of details."""
        return self._once("busy", title, lambda text: bool(self._words.busy.fullmatch(lowered(text).strip(" .!-[]()"))))

    def score(self, title: str) -> bool:
        """Whether "1:1" is how two others played: with two names beside it that nobody knows, neither the owner's."""
        return self._once("score", title, self._score)

    def _once(self, question: str, title: str, answer: Callable[[str], _T]) -> _T:
        key = (question, title)
        if key not in self._read:
            self._read[key] = answer(plain(title[:_LONGEST]))
        known: _T = self._read[key]
        return known

    def _broadcast(self, title: str) -> bool:
        return _found(self._words.broadcast, lowered(title)) or _found(self._also_broadcast, title)

    def _leave(self, title: str) -> bool:
        return _found(self._also_leave, title) or says_leave(title, self._words, self.names)

    def _one_to_one(self, title: str) -> Named | None:
        if _found(self._never, title):
            return None
        if self._also_one_to_one is not None and self._also_one_to_one.search(title):
            return Named(next(iter(self._others(self._also_one_to_one.sub(" | ", title))), ""))
        if not title or self._words.never.search(title) or self._broadcast(title):
            return None
        return self._by_phrase(title) or self._by_pair(title) or self._by_company(title)

    def _by_phrase(self, title: str) -> Named | None:
        """As in "1:1", "one-on-one"; and "1-1" with a name beside it."""
        words = self._words
        said = words.one_to_one.search(title)
        if said is not None:
            rest = f"{title[: said.start()]} | {title[said.end() :]}"
            others = self._others(rest)
            joined = words.joins.search(rest) is not None or words.pair.search(rest) is not None
            if words.several.search(rest) and (joined or not others):
                return None
            if len(list(filter(self.names.is_known, others))) > 1:
                return None  # "Bo 1:1 Cy"
            if len(others) > 1 and (joined or not (said.start() == 0 or any(map(self.names.is_known, others)))):
                return None  # "1:1 Bo / Cy"; "Bayern - Dortmund 1:1"
            if said["formal"] and self._has_letters(rest) and not (others and self._only_names(rest, stranger=False)):
                return None
            return Named(next(filter(self.names.is_known, others), next(iter(others), "")))
        said = words.dash.search(title)
        return self._by_dash(title, said) if said is not None else None

    def _score(self, title: str) -> bool:
        said = self._words.one_to_one.search(title)
        if said is None or not any(map(str.isdigit, said[0])):
            return False
        before, after = self._others(title[: said.start()]), self._others(title[said.end() :])
        return bool(before) and len(before + after) > 1 and not any(map(self.names.is_known, before + after))

    def _by_dash(self, title: str, said: re.Match[str]) -> Named | None:
        """As in "1-1", which may be a score, "121" a number: one name must stand beside it, and a stranger's behind it."""
        rest = f"{title[: said.start()]} | {title[said.end() :]}"
        if self._words.several.search(rest) or any(map(str.isdigit, rest)):
            return None
        pieces = self._pieces(rest)
        others = [piece for piece in pieces if self.names.is_name(piece) and not self.names.is_me(piece)]
        if said[0] == "121" and not self._only_names(rest, stranger=not self.names.anybody):
            return None
        if len(others) == 1:
            sure = said.start() == 0 or not self.names.anybody or self.names.is_known(others[0])
            return Named(others[0]) if sure else None
        return Named() if not others and any(map(self.names.is_me, pieces)) else None

    def _by_pair(self, title: str) -> Named | None:
        """As in "Ana <> Bo", "Ana / Bo", "AL / BK": two names, one of them the owner's.

        Around "&", "and" or ":" the other must be known.
        """
        words, names = self._words, self.names
        for part in words.parts.split(title):
            sides = [self._stripped(side) for side in words.pair.split(part)]
            if len(sides) > 2:
                return None
            if len(sides) == 2:
                for mine, other in (sides, reversed(sides)):
                    stranger = " " in other or not names.anybody
                    if names.are_mine(mine) and (name := names.initials(other, stranger=not names.anybody)):
                        return Named(name)
                    if names.is_me(mine) and not names.is_me(other) and names.is_name(other, stranger=stranger):
                        return Named(other)
        sides = [side for each in words.weak_pair.split(title) if (side := self._stripped(each))]
        if len(sides) == 2:
            for mine, other in (sides, reversed(sides)):
                if names.is_me(mine) and names.is_known(other) and not names.is_me(other):
                    return Named(other)
                if names.are_mine(mine) and (name := names.initials(other)):
                    return Named(name)
        return None

    def _by_company(self, title: str) -> Named | None:
        """As in "Coffee with Ana": one personal name and nothing like "and", "team", "all".

        Firms and offices are called and met too: with whom must be known, unless nobody is, or be a person's name beyond doubt.
        """
        words, names = self._words, self.names
        match = words.company.search(title) or words.together.search(title)
        if match is None or words.several.search(title):
            return None
        rest = title[match.end() :]
        if words.joins.search(rest) or "/" in rest:
            return None
        end = words.ends.search(rest)
        name = edged(rest[: end.start()] if end else rest)
        if match.re is words.together:
            before = words.filler.sub(" ", words.meeting.sub(" ", title[: match.start()]))
            if self._has_letters(before) or not names.is_known(name):
                return None
        elif not names.is_name(name, stranger=match["social"] is not None or not names.anybody):
            return None
        return Named() if names.is_me(name) else Named(name)

    def _others(self, text: str) -> list[str]:
        """The personal names in a title, each once, the owner's left out."""
        names = self.names
        return [piece for piece in dict.fromkeys(self._pieces(text)) if names.is_name(piece) and not names.is_me(piece)]

    def _only_names(self, text: str, *, stranger: bool) -> bool:
        names = self.names
        return all(names.is_name(piece, stranger=stranger) or names.is_me(piece) for piece in self._pieces(text))

    def _has_letters(self, text: str) -> bool:
        return any(map(str.isalpha, "".join(self._pieces(text))))

    def _pieces(self, text: str) -> list[str]:
        if "," in text and self.names.is_full(whole := self._stripped(text)):
            return [whole]  # "Karl, Bo"
        return [piece for each in self._words.seams.split(text) if each and (piece := self._stripped(each))]

    def _stripped(self, text: str) -> str:
        return edged(self._words.filler.sub(" ", text))


def _found(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None


def _own_tokens(owner: Owner) -> frozenset[str]:
    """The words of the owner's name and of the names in their addresses ("ana.example@…")."""
    words = set(canonical_name(owner.name).replace(".", " ").split())
    for address in owner.addresses:
        local = address.partition("@")[0].removeprefix(BY_NAME)
        words |= {word for word in re.split(r"[._\-\d\s]+", local) if len(word) > 1}
    return frozenset(words)


def _either(patterns: Sequence[str]) -> re.Pattern[str] | None:
    """Patterns of the settings: searched anywhere, without case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE) if patterns else None
