"""Is a piece of a title a personal name, and whose?

The calendars' own lists settle it. A stranger's name is taken for one where it can hardly be anything else, or where whoever
asks has reason enough to believe it. Words for firms, offices, authorities and places never are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from calsight.core.judging.title_words import TitleWords
from calsight.core.people.addresses import KnownNames, canonical_name, unaccented


class Names:
    """Judges pieces of titles for one owner."""

    def __init__(self, words: TitleWords, known: KnownNames) -> None:
        self._words = words
        self._known = known
        self.anybody = bool(known.words)

    def is_me(self, text: str) -> bool:
        """Whether a piece is the owner's name, or part of it ("Ana", "Ana E.")."""
        mine = self._known.mine
        tokens = canonical_name(text).replace(".", " ").split()
        return any(token in mine for token in tokens) and all(
            token in mine or (len(token) == 1 and self._is_initial(token)) for token in tokens
        )

    def without_me(self, text: str) -> str:
        """A text without the words of the owner's name."""
        return re.sub(r"[\w'’]+", lambda found: " " if self._is_mine(found[0]) else found[0], text)

    def knows(self, word: str) -> bool:
        """Whether a word is one of a known person's name."""
        return word.casefold() in self._known.words

    def is_full(self, text: str) -> bool:
        """Whether a text is the whole name of a known person, as "Karl, Bo" is."""
        return canonical_name(text) in self._known.full

    def inflects(self, word: str) -> bool:
        """Whether a word is one of a known person's name with another ending ("Иваном" of Иван, "Анной" of Анна)."""
        word = word.casefold()
        return any(
            len(known) >= _ENDS and known.isalpha() and len(word) <= len(known) + 3 and word.startswith(known[:-1])
            for known in self._known.words
        )

    def initials(self, text: str, *, stranger: bool = False) -> str:
        """Whose initials a piece is ("BK" of Bo Karl): the name of the one known person, else the letters; "" where it is none.

        `stranger`: of nobody known, too.
        """
        if _CAPITALS.fullmatch(text) is None or text.casefold() in self._words.not_names or self.are_mine(text):
            return ""
        named = sorted(name for name in self._known.full if _abbreviates(text, name.split()))
        if not named and not stranger:
            return ""
        return named[0] if len(named) == 1 else text

    def are_mine(self, text: str) -> bool:
        """Whether a piece is the owner's initials, in whatever order."""
        return _CAPITALS.fullmatch(text) is not None and _abbreviates(text, self._known.mine)

    def glued_in(self, text: str) -> bool:
        """Whether a known name stands in a text whose script puts no blanks between words ("田中さんと打ち合わせ")."""
        if text.isascii():
            return False
        names = self._known.words | self._known.full
        return any(len(name) > 1 and name in text and all(map(_is_unparted, name)) for name in names)

    def is_known(self, text: str) -> bool:
        """Whether a piece is the name of somebody on the lists, written with capitals and accents or without."""
        name = canonical_name(self.without_honorifics(re.sub(r"['’]s$", "", text)))
        return self._is_listed(name) or (not name.isascii() and self._is_listed(unaccented(name)))

    def _is_listed(self, name: str) -> bool:
        if name in self._known.full and not (" " not in name and name in self._words.not_names):
            return True
        tokens = [token for token in name.replace(".", " ").split() if token not in self._words.particles]
        whole = [token for token in tokens if len(token) > 1]
        return bool(whole) and all(token in self._known.words and token not in self._words.not_names for token in whole)

    def is_name(self, text: str, *, stranger: bool = True) -> bool:
        """Whether a piece is a personal name. `stranger`: a name that nobody knows is believed where nothing speaks against it.

        Without, it takes a title ("Dr.", "Frau"), a "van" or "de", or a part that is the name of somebody known.
        """
        if self.is_known(text):
            return True
        text = re.sub(r"['’]s$", "", text)
        rest = self.without_honorifics(text)
        tokens = rest.split()
        if len(tokens) > 5 or not self._reads_as_name(tokens):
            return False
        if stranger or rest != text:
            return True
        known = self._known.words | self._known.mine
        return len(tokens) > 1 and any(token in self._words.particles or token.casefold() in known for token in tokens)

    def without_honorifics(self, text: str) -> str:
        """A name without "Dr.", "Frau" and the like before it, and "さん" behind it."""
        tokens = text.split()
        while tokens and tokens[0].rstrip(".").casefold() in self._words.honorifics:
            tokens = tokens[1:]
        return self._words.suffixes.sub("", " ".join(tokens)).strip()

    def _reads_as_name(self, tokens: list[str]) -> bool:
        """Capitalised words that are no common nouns, four at most, with "van" and the like between them."""
        words = self._words
        names = 0
        for token in tokens:
            if token in words.particles:
                continue
            plain = re.sub(r"^[dlo]['’](?=\w)", "", token.rstrip(".,"))
            if not _NAME.fullmatch(plain) or not plain[0].isupper() or plain.casefold() in words.not_names:
                return False
            if _BRANDED.search(plain) or words.compounds.fullmatch(plain.casefold()):
                return False
            if plain.isupper() and len(plain) > 1 and (len(tokens) == 1 or len(plain) <= 3):  # an acronym
                return False
            names += len(plain) > 1
        return 0 < names <= 4

    def _is_initial(self, letter: str) -> bool:
        return any(token.startswith(letter) for token in self._known.mine)

    def _is_mine(self, word: str) -> bool:
        word = word.casefold()
        return word in self._known.mine or re.sub(r"['’]?s$", "", word) in self._known.mine


def _abbreviates(letters: str, words: Collection[str]) -> bool:
    """Whether each letter begins a word of its own."""
    return not Counter(letters.casefold()) - Counter(word[0] for word in words if word)


_CAPITALS = re.compile(r"[A-ZÄÖÜÉÈÅØÍÓÚÇ]{2,3}")
_ENDS = 4  # letters from which on a name is known by all but its last
_NAME = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
#: "PayPal", "eBay" and "Booking.com", but "McDonald", "DeShawn" and "LaToya".
_BRANDED = re.compile(
    r"(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLa)(?<!\bLe)(?<!\bVan)(?<!\bFitz)(?<=[a-z])[A-Z]|\.[a-z]{2,3}$"
)


def _is_unparted(letter: str) -> bool:
    """Whether a letter is Han, kana or Hangul. A pattern of them would take a millisecond to compile, in every run."""
    return "ぁ" <= letter <= "ヿ" or "㐀" <= letter <= "鿿" or "가" <= letter <= "힣"
