"""The patterns of `data/titles.toml`, all languages at once.

Each is compiled when the first title asks for it: together they take longer than all titles of a small calendar.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from calsight.core.data import load

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
_EDGES = " \t\n.,;:!?-–—*#'\"“”„«»()[]{}|"


@cache
def title_words() -> TitleWords:
    """The patterns; read once."""
    return TitleWords(load("titles"))


def plain(title: str) -> str:
    """A title as the patterns expect it: "_" as a blank, no pictures and full-width forms, CJK apart from Latin letters."""
    title = title.replace("_", " ")
    if title.isascii():
        return title.strip()
    title = "".join(one if unicodedata.category(one) != "So" or one in _JOINING else " " for one in title)
    title = unicodedata.normalize("NFKC", title.replace("\u200d", "").replace("\ufe0f", ""))
    return " ".join(_cjk().sub(" ", title).split())


_JOINING = "⇄🤝"
_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"


@cache
def _cjk() -> re.Pattern[str]:
    return re.compile(rf"(?<=[{_WIDE}])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[{_WIDE}])")


class TitleWords:
    """What words say in a title. All but `pair` and `dash` match as whole words, and without case.

    `to_many`, `broadcast`, `interview`, `cancelled` and `busy`, whose places in a title nobody asks for, want it `lowered`.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._names: Mapping[str, Any] = data["names"]

    def _of(self, *keys: str) -> list[str]:
        return [pattern for key in keys for language in _LANGUAGES for pattern in self._data[language][key]]

    def _any(self, *keys: str) -> str:
        return "|".join(self._of(*keys))

    def _whole(self, *keys: str, also: tuple[str, ...] = (), case: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{'|'.join([*self._of(*keys), *also])})(?!\w)", case)

    @cached_property
    def one_to_one(self) -> re.Pattern[str]:
        """That two people meet; group `formal` where firms say it too."""
        return re.compile(
            rf"(?<!\w)(?:(?P<formal>{self._any('formal')})|{self._any('one_to_one')})(?!\w)(?!(?<=[^\W\d_])-[^\W\d_])",
            re.IGNORECASE,
        )

    @cached_property
    def company(self) -> re.Pattern[str]:
        """As in "coffee with", "call with": the word, one more, and the word for "with"."""
        return re.compile(
            rf"(?<!\w)(?:(?P<social>{self._any('social')})|{self._any('talk')})(?:\s+[\w-]+)?\s+"
            rf"(?:w/|(?:{self._any('with')})(?!\w))\s*",
            re.IGNORECASE,
        )

    @cached_property
    def together(self) -> re.Pattern[str]:
        """The word for "with"."""
        return re.compile(rf"(?<!\w)(?:w/|(?:{self._any('with')})(?!\w))\s*", re.IGNORECASE)

    @cached_property
    def meeting(self) -> re.Pattern[str]:
        """A word for meeting."""
        return self._whole("social", "talk")

    @cached_property
    def never(self) -> re.Pattern[str]:
        """Never a one-to-one."""
        return self._whole("never")

    @cached_property
    def joins(self) -> re.Pattern[str]:
        """What joins two names."""
        return re.compile(rf"[,&+;]|(?<!\w)(?:{self._any('and')}|{self._against})(?!\w)", re.IGNORECASE)

    @property
    def _against(self) -> str:
        return "|".join(self._names["against"])

    @cached_property
    def weak_pair(self) -> re.Pattern[str]:
        """What may stand between two names, and between much else."""
        return re.compile(rf"[&+,:|·]|(?<=\s)[-–—](?=\s)|(?<!\w)(?:{self._any('and')})(?!\w)", re.IGNORECASE)

    @cached_property
    def several(self) -> re.Pattern[str]:
        """More than one other."""
        return self._whole("several")

    @cached_property
    def leave(self) -> re.Pattern[str]:
        """The owner is on leave."""
        return self._whole("leave")

    @cached_property
    def away(self) -> re.Pattern[str]:
        """The owner is away, perhaps at work."""
        return self._whole("away")

    @cached_property
    def leave_filler(self) -> re.Pattern[str]:
        """What says nothing beside a word for leave."""
        return self._whole("leave_filler", also=(r"\d+\S*",))

    @cached_property
    def contact(self) -> re.Pattern[str]:
        """Whom to turn to, up to the end of the clause, whether the name stands behind the word or before it."""
        rest = r"[^;()\[\]|,–—]{0,255}"  # no title is longer, and none is looked through again from each blank
        return re.compile(
            rf"(?<!\w)(?:{self._any('contact')})(?!\w)\s*:?{rest}|(?<=[;()\[\]|,–—\s]){rest}(?<!\w)(?:{self._any('covers')})(?!\w){rest}",
            re.IGNORECASE,
        )

    @cached_property
    def stands_in(self) -> re.Pattern[str]:
        """The owner stands in for somebody."""
        return self._whole("stands_in")

    @cached_property
    def place(self) -> re.Pattern[str]:
        """As in "in Italy", "nach Bad Aibling"."""
        return re.compile(
            r"(?<!\w)(?i:in|to|nach|à|en|au|aux|naar|ai|alle|em|im|na|auf|an der|sur|a|op)\s+"
            r"(?P<name>[A-ZÄÖÜÉÈÅØÍÓÚÇ]\w+(?:[\s-][A-ZÄÖÜÉÈÅØÍÓÚÇ]\w+)?)"
        )

    @cached_property
    def places(self) -> re.Pattern[str]:
        """Where people go on leave."""
        return re.compile(rf"(?<!\w)(?:{self._any('places')})(?!\w)")

    @cached_property
    def to_many(self) -> re.Pattern[str]:
        """One speaks to many."""
        return self._whole("to_many", case=re.NOFLAG)

    @cached_property
    def broadcast(self) -> re.Pattern[str]:
        """Mostly for many."""
        return self._whole("to_many", "broadcast", case=re.NOFLAG)

    @cached_property
    def interview(self) -> re.Pattern[str]:
        """An interview."""
        return self._whole("interview", case=re.NOFLAG)

    @cached_property
    def cancelled(self) -> re.Pattern[str]:
        """The word first, then a colon or in brackets; marks of mail may stand before it."""
        words = "|".join(self._data["cancelled"]["words"])
        mail = "|".join(self._data["cancelled"]["mail"])
        return re.compile(rf"\s*(?:(?:{mail})\s?:\s*)*(?:(?:{words})\s?:|[\[(](?:{words})[\])])")

    @cached_property
    def busy(self) -> re.Pattern[str]:
        """An entry without details."""
        return re.compile("|".join(self._of("busy")))

    @cached_property
    def filler(self) -> re.Pattern[str]:
        """What says nothing beside names."""
        return self._whole("filler", also=(r"\d+\S*",))

    @cached_property
    def pair(self) -> re.Pattern[str]:
        """Between two names of which one is the owner's."""
        return re.compile("|".join(self._names["pair"]))

    @cached_property
    def dash(self) -> re.Pattern[str]:
        """A number that says one-to-one with a name beside it."""
        return re.compile(self._names["dash"])

    @cached_property
    def parts(self) -> re.Pattern[str]:
        """Where a title falls into parts."""
        return re.compile(r"[:|–—()\[\],;]|\s-\s")

    @cached_property
    def seams(self) -> re.Pattern[str]:
        """Where a title falls into pieces that may be names."""
        return re.compile(
            rf"[/<>|:()\[\],;&+@–—]|\s-\s|(?<!\w)(?:(?:{self._any('with')}|{self._any('and')}|{self._against})(?!\w)|w/)"
            rf"|{'|'.join(self._names['pair'])}",
            re.IGNORECASE,
        )

    @cached_property
    def ends(self) -> re.Pattern[str]:
        """Where the name after "with" ends."""
        return re.compile(rf"[:|–—()\[\]@]|\s-\s|\d|(?<=\s)(?:{'|'.join(self._names['ends'])})(?!\w)", re.IGNORECASE)

    @cached_property
    def not_names(self) -> frozenset[str]:
        """Words that are no personal names, without case."""
        return frozenset(word.casefold() for word in self._of("not_names", "organisations"))

    @cached_property
    def compounds(self) -> re.Pattern[str]:
        """Compounds that are no personal names, without case."""
        return re.compile(self._names["compounds"])

    @cached_property
    def particles(self) -> frozenset[str]:
        """What stands inside names in small letters."""
        return frozenset(self._names["particles"])

    @cached_property
    def suffixes(self) -> re.Pattern[str]:
        """What stands behind names: 田中さん."""
        return re.compile(rf"(?<=\w)(?:{'|'.join(self._names['suffixes'])})$")

    @cached_property
    def honorifics(self) -> frozenset[str]:
        """What stands before names, without case and full stop."""
        return frozenset(self._names["titles"])


def edged(text: str) -> str:
    """A piece of a title without blanks and punctuation around it."""
    return text.strip(_EDGES)
