"""What titles say, in seven languages: a one-to-one where no list can tell, leave, interviews, broadcasts.

Words are data (`data/titles.toml`) and settings. Everything is remembered per distinct title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from calsight.core.data import load
from calsight.core.model.meetings import Owner
from calsight.core.model.options import TitleOptions
from calsight.core.people.addresses import canonical_name

_T = TypeVar("_T")
_LONGEST = 300  # characters of a title that are read
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")


@dataclass(frozen=True, slots=True)
class Named:
    """A title that says one-to-one. `name` is the other person's as written, "" where the title leaves it out."""

    name: str = ""


class Titles:
    """Reads titles for one owner, whose name tells which side of "Ana / Bo" is the other."""

    def __init__(self, options: TitleOptions, owner: Owner) -> None:
        self._words = _words()
        self._also_one_to_one = _either(options.one_to_one)
        self._never = _either(options.never_one_to_one)
        self._also_leave = _either(options.leave)
        self._also_interview = _either(options.interview)
        self._also_broadcast = _either(options.automated)
        self._me = _own_tokens(owner)
        self._read: dict[tuple[str, str], Any] = {}

    def one_to_one(self, title: str) -> Named | None:
        """Whether the title alone says that two people meet, and with whom."""
        return self._once("one_to_one", title, self._one_to_one)

    def leave(self, title: str) -> bool:
        """Whether the title says that the owner is away, and names nobody else and no other matter."""
        return self._once("leave", title, self._leave)

    def broadcast(self, title: str) -> bool:
        """Whether the title says webinar, all-hands, town hall, office hours, training …"""
        return self._once("broadcast", title, self._broadcast)

    def interview(self, title: str) -> bool:
        """Whether the title says interview."""
        return self._once(
            "interview",
            title,
            lambda text: bool(self._words.interview.search(text) or _found(self._also_interview, text)),
        )

    def busy(self, title: str) -> bool:
        """Whether the title is only the word that free/busy views put in place of details."""
        return self._once("busy", title, lambda text: bool(self._words.busy.fullmatch(text.strip(" .!-[]()"))))

    def _once(self, question: str, title: str, answer: Callable[[str], _T]) -> _T:
        key = (question, title)
        if key not in self._read:
            self._read[key] = answer(title[:_LONGEST].strip())
        known: _T = self._read[key]
        return known

    def _broadcast(self, title: str) -> bool:
        return bool(self._words.broadcast.search(title) or _found(self._also_broadcast, title))

    def _one_to_one(self, title: str) -> Named | None:
        if _found(self._never, title):
            return None
        if self._also_one_to_one is not None and self._also_one_to_one.search(title):
            return Named(next(iter(self._names(self._also_one_to_one.sub(" | ", title))), ""))
        if not title or self._words.never.search(title) or self._broadcast(title):
            return None
        return self._by_phrase(title) or self._by_pair(title) or self._by_company(title)

    def _by_phrase(self, title: str) -> Named | None:
        """ "1:1", "one-on-one"; and "1-1" with a name beside it."""
        words = self._words
        rest, said = words.one_to_one.subn(" | ", title, count=1)
        if said:
            names = self._names(rest)
            if (len(names) > 1 and words.joins.search(rest)) or (not names and words.several.search(rest)):
                return None
            return Named(names[0] if names else "")
        rest, said = words.dash.subn(" | ", title, count=1)
        if said and not words.several.search(rest) and not any(map(str.isdigit, rest)):
            pieces = self._pieces(rest)
            others = [piece for piece in pieces if self._is_name(piece) and not self._is_me(piece)]
            if len(others) == 1 or (not others and any(map(self._is_me, pieces))):
                return Named(others[0] if others else "")
        return None

    def _by_pair(self, title: str) -> Named | None:
        """ "Ana <> Bo", "Ana / Bo": two names, one of them the owner's."""
        words = self._words
        for part in words.parts.split(title):
            sides = [words.filler.sub(" ", side).strip(_EDGES) for side in words.pair.split(part)]
            if len(sides) != 2:
                if len(sides) > 2:
                    return None
                continue
            for mine, other in (sides, reversed(sides)):
                if self._is_me(mine) and self._is_name(other) and not self._is_me(other):
                    return Named(other)
        return None

    def _by_company(self, title: str) -> Named | None:
        """ "Coffee with Ana": one personal name and nothing like "and", "team", "all"."""
        words = self._words
        match = words.company.search(title)
        if match is None or words.several.search(title):
            return None
        rest = title[match.end() :]
        if words.joins.search(rest) or "/" in rest:
            return None
        name = words.ends.split(rest, maxsplit=1)[0].strip(_EDGES)
        if not self._is_name(name):
            return None
        return Named("" if self._is_me(name) else name)

    def _leave(self, title: str) -> bool:
        if _found(self._also_leave, title):
            return True
        words = self._words
        rest, said = words.leave.subn(" ", title)
        if not said:
            return False
        rest = words.place.sub(" ", rest)
        rest = words.leave_filler.sub(" ", rest)
        rest = re.sub(r"[\w'’]+", lambda match: " " if self._mine(match[0]) else match[0], rest)
        return not any(map(str.isalpha, rest))

    def _names(self, text: str) -> list[str]:
        """The personal names in a title, the owner's left out."""
        return [piece for piece in self._pieces(text) if self._is_name(piece) and not self._is_me(piece)]

    def _pieces(self, text: str) -> list[str]:
        words = self._words
        return [words.filler.sub(" ", piece).strip(_EDGES) for piece in words.seams.split(text) if piece]

    def _is_me(self, text: str) -> bool:
        tokens = canonical_name(text).replace(".", " ").split()
        known = [token for token in tokens if token in self._me]
        return bool(known) and all(token in self._me or (len(token) == 1 and self._initial(token)) for token in tokens)

    def _initial(self, letter: str) -> bool:
        return any(token.startswith(letter) for token in self._me)

    def _mine(self, word: str) -> bool:
        word = word.casefold()
        return word in self._me or re.sub(r"['’]?s$", "", word) in self._me

    def _is_name(self, text: str) -> bool:
        """Whether a piece of a title reads as one personal name: capitalised words that are no common nouns, four at most."""
        tokens = re.sub(r"['’]s$", "", text).split()
        while tokens and tokens[0].rstrip(".").casefold() in self._words.honorifics:
            tokens = tokens[1:]
        if not 1 <= len(tokens) <= 5:
            return False
        names = 0
        for token in tokens:
            if token.casefold() in self._words.particles and token.islower():
                continue
            plain = re.sub(r"^[dlo]['’](?=\w)", "", token.rstrip(".,"))
            if not _NAME.fullmatch(plain) or not plain[0].isupper() or plain.casefold() in self._words.not_names:
                return False
            if plain.isupper() and 1 < len(plain) <= 3:  # an acronym
                return False
            names += len(plain) > 1
        return 0 < names <= 4


_NAME = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_EDGES = " \t\n.,;:!?-–—_*#'\"“”„«»()[]"


def _found(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None


def _own_tokens(owner: Owner) -> frozenset[str]:
    """The words of the owner's name and of the names in their addresses ("ana.example@…")."""
    words = set(canonical_name(owner.name).replace(".", " ").split())
    for address in owner.addresses:
        local = address.partition("@")[0].removeprefix("name:")
        words |= {word for word in re.split(r"[._\-\d\s]+", local) if len(word) > 1}
    return frozenset(words)


def _either(patterns: Sequence[str]) -> re.Pattern[str] | None:
    """Patterns of the settings: searched anywhere, without case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE) if patterns else None


@cache
def _words() -> _Words:
    return _Words(load("titles"))


class _Words:
    """The patterns of `data/titles.toml`, all languages at once.

    Each is compiled when the first title asks for it: together they take longer than all titles of a small calendar.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._names: Mapping[str, Any] = data["names"]

    def _of(self, key: str) -> list[str]:
        return [pattern for language in _LANGUAGES for pattern in self._data[language][key]]

    def _any(self, key: str) -> str:
        return "|".join(self._of(key))

    def _whole(self, key: str, *also: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{'|'.join([*self._of(key), *also])})(?!\w)", re.IGNORECASE)

    @cached_property
    def one_to_one(self) -> re.Pattern[str]:
        return self._whole("one_to_one")

    @cached_property
    def company(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?<!\w)(?:{self._any('social')})(?:\s+[\w-]+)?\s+(?:w/|(?:{self._any('with')})(?!\w))\s*", re.IGNORECASE
        )

    @cached_property
    def never(self) -> re.Pattern[str]:
        return self._whole("never")

    @cached_property
    def joins(self) -> re.Pattern[str]:
        return re.compile(rf"[,&+;]|(?<!\w)(?:{self._any('and')})(?!\w)", re.IGNORECASE)

    @cached_property
    def several(self) -> re.Pattern[str]:
        return self._whole("several")

    @cached_property
    def leave(self) -> re.Pattern[str]:
        return self._whole("leave")

    @cached_property
    def leave_filler(self) -> re.Pattern[str]:
        return self._whole("leave_filler")

    @cached_property
    def place(self) -> re.Pattern[str]:
        return re.compile(
            r"(?<!\w)(?i:in|to|nach|à|en|au|aux|naar|ai|alle|em|im|na)\s+(?:[A-ZÄÖÜÉÈÅØ]\w+)(?:[\s-][A-ZÄÖÜÉÈÅØ]\w+)?"
        )

    @cached_property
    def broadcast(self) -> re.Pattern[str]:
        return self._whole("broadcast")

    @cached_property
    def interview(self) -> re.Pattern[str]:
        return self._whole("interview")

    @cached_property
    def busy(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self._of("busy")), re.IGNORECASE)

    @cached_property
    def filler(self) -> re.Pattern[str]:
        return self._whole("filler", r"\d+\S*")

    @cached_property
    def pair(self) -> re.Pattern[str]:
        return re.compile("|".join(self._names["pair"]))

    @cached_property
    def dash(self) -> re.Pattern[str]:
        return re.compile(self._names["dash"])

    @cached_property
    def parts(self) -> re.Pattern[str]:
        return re.compile(r"[:|–—()\[\],;]|\s-\s")

    @cached_property
    def seams(self) -> re.Pattern[str]:
        return re.compile(
            rf"[/<>|:()\[\],;&+–—]|\s-\s|(?<!\w)(?:(?:{self._any('with')}|{self._any('and')})(?!\w)|w/)"
            rf"|{'|'.join(self._names['pair'])}",
            re.IGNORECASE,
        )

    @cached_property
    def ends(self) -> re.Pattern[str]:
        return re.compile(rf"[:|–—()\[\]@]|\s-\s|\d|(?<=\s)(?:{'|'.join(self._names['ends'])})(?!\w)", re.IGNORECASE)

    @cached_property
    def not_names(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in self._of("not_names"))

    @cached_property
    def particles(self) -> frozenset[str]:
        return frozenset(self._names["particles"])

    @cached_property
    def honorifics(self) -> frozenset[str]:
        return frozenset(self._names["titles"])
