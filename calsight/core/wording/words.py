"""A language, and its sentences filled in: plural forms, numbers, days and lists.

Pure: what a language needs is given to it. English, in which the catalogue is written, is here; `calsight.render.languages`
makes the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from string import Formatter
from typing import Any, Literal
from zoneinfo import ZoneInfo

from calsight.core.model.report import Reason
from calsight.core.wording.catalogue import CATALOGUE

#: long: 9 November 2026; medium: 9 Nov 2026; short: 9 Nov; weekday: Mon  9 Nov; number: 2026-11-09; full: Mon 2026-11-09.
Style = Literal["long", "medium", "short", "weekday", "number", "full"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # there is one of each
class Language:
    """How a language says things.

    code            its name: "en", "de" (BCP 47)
    templates       code of a sentence → template, in the format that `calsight.core.wording.catalogue` explains
    forms           how many plural forms there are
    plural          which of them, counted from 0, a number takes
    number          a number as one of Python's format specifications ("", ".1f", ",", "g") has it
    day             a day in one of the styles
    listed          "Ana, Bo and Cem"
    months, weekdays, months_short, weekdays_short: their names, from January and from Monday on
    marks           the decimal mark and what stands between thousands
    """

    code: str
    templates: Mapping[str, str]
    forms: int
    plural: Callable[[int], int]
    number: Callable[[float, str], str]
    day: Callable[[date, Style], str]
    listed: Callable[[Sequence[str]], str]
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    marks: tuple[str, str]


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _english_day(when: date, style: Style) -> str:
    month = _MONTHS[when.month - 1]
    match style:
        case "long":
            return f"{when.day} {month} {when.year}"
        case "medium":
            return f"{when.day} {month[:3]} {when.year}"
        case "short":
            return f"{when.day} {month[:3]}"
        case "weekday":
            return f"{_WEEKDAYS[when.weekday()][:3]} {when.day:2} {month[:3]}"
        case "number":
            return f"{when:%Y-%m-%d}"
        case "full":
            return f"{_WEEKDAYS[when.weekday()][:3]} {when:%Y-%m-%d}"


def _english_list(items: Sequence[str]) -> str:
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items)


ENGLISH = Language(
    code="en",
    templates=CATALOGUE,
    forms=2,
    plural=lambda count: int(count != 1),
    number=format,
    day=_english_day,
    listed=_english_list,
    months=_MONTHS,
    months_short=tuple(month[:3] for month in _MONTHS),
    weekdays=_WEEKDAYS,
    weekdays_short=tuple(day[:3] for day in _WEEKDAYS),
    marks=(".", ","),
)


class Words:
    """A language at work for one owner: `words("code", name=value)` is a sentence. `zone` is where moments are days."""

    def __init__(self, language: Language = ENGLISH, *, zone: str = "UTC") -> None:
        self.language = language
        self.zone = zone
        self._sentences = _Sentences(self)

    def __call__(self, code: str, **values: Any) -> str:
        """The sentence `code`. Raises KeyError for a code that the catalogue lacks, or a value that its sentence needs."""
        seen = {name: self.local(value) if isinstance(value, datetime) else value for name, value in values.items()}
        return self.fill(code, seen)

    def fill(self, code: str, values: Mapping[str, Any]) -> str:
        """The sentence `code` with values as a reason holds them: moments are days as they stand, and may be ISO text."""
        template = self.language.templates[code]
        return self._sentences.vformat(template, (), values) if "{" in template else template

    def said(self, reason: Reason) -> str:
        """A reason in this language: its own text in English; else its code and values, said again.

        A code that is not calsight's own (a plugin's), or one whose values are another version's, keeps its text.
        """
        if self.language is ENGLISH or reason.code not in self.language.templates:
            return reason.text
        try:
            return self.fill(reason.code, reason.values)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError):
            return reason.text

    def all_said(self, reasons: Iterable[Reason]) -> list[str]:
        """Several reasons, as `said` says one."""
        return [self.said(reason) for reason in reasons]

    def label(self, key: str | None, prefix: str = "label", *, count: float = 1) -> str:
        """The word for a key, in the form that `count` of them take; a key without one (a plugin's) is its own word."""
        if key is None:
            return self("unknown")
        code = f"{prefix}_{key}"
        return self(code, count=count) if code in self.language.templates else key.replace("_", " ")

    def number(self, value: float, spec: str = "") -> str:
        """A number, as one of Python's format specifications has it."""
        return self.language.number(value, spec)

    def percent(self, probability: float) -> str:
        """A probability in whole per cent; what is not certain is never called 0 or 100."""
        if 0 < probability < 0.01:
            return self("percent_under")
        if 0.99 < probability < 1:
            return self("percent_over")
        return self("percent_of", value=probability * 100)

    def pace(self, rate: float) -> str:
        """A rate (one-to-ones a week) in words where there are some."""
        known = {0.25: "pace_four_weeks", 0.5: "pace_fortnight", 1.0: "pace_week", 2.0: "pace_twice"}
        return self(known.get(rate, "pace"), rate=rate)

    def counted(self, count: float, forms: Sequence[str]) -> str:
        """The plural form that `count` takes, with the number for "#": the last where it is no whole number.

        A form more than the language has is for nought.
        """
        own = forms[-self.language.forms :]
        last = len(own) - 1
        place = self.language.plural(int(count)) if count == int(count) else last
        word = forms[0] if count == 0 and len(forms) > self.language.forms else own[min(place, last)]
        return word.replace("#", self.number(count, ","))

    def day(self, moment: date | datetime | None, style: Style = "medium") -> str:
        """A day, or the day of a moment in the owner's zone; "not known" for None."""
        if moment is None:
            return self("unknown")
        return self.language.day(self.local(moment) if isinstance(moment, datetime) else moment, style)

    def last_day(self, moment: datetime) -> date:
        """The day that ends at a moment, or in which it lies: what is judged at a day's end is that day's."""
        return self.local(moment - timedelta.resolution).date()

    def local(self, moment: datetime) -> datetime:
        """A moment as clocks show it in the owner's zone."""
        return moment.astimezone(ZoneInfo(self.zone))


class _Sentences(Formatter):
    """Python's format strings with the further field formats that `calsight.core.wording.catalogue` explains."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        words = self.words
        if "|" in format_spec:
            return words.counted(value, format_spec.split("|"))
        match format_spec:
            case "percent":
                return words.percent(value)
            case "pace":
                return words.pace(value)
            case "day":
                return words.language.day(_dated(value), "long")
            case "iso":
                return f"{_dated(value):%Y-%m-%d}"
            case "days":
                return words.language.listed(
                    self._shortened([words.language.day(_dated(when), "long") for when in value])
                )
            case "and":
                return words.language.listed([str(item) for item in value])
            case "list":
                return ", ".join(value) or words("none")
            case "named":
                return str(value) or words("nameless")
            case "label":
                return words.label(value)
            case "labelled":
                return words.language.listed([words.label(key) for key in value])
            case "labels":
                return ", ".join(
                    f"{words.number(count, ',')} {words.label(key, count=count)}" for key, count in value.items()
                )
        if isinstance(value, int | float):
            return words.number(value, format_spec)
        return str(super().format_field(value, format_spec))

    def _shortened(self, items: list[str], most: int = 4) -> list[str]:
        if len(items) <= most:
            return items
        return [*items[: most - 1], self.words("more", count=len(items) - most + 1)]


def _dated(value: date | str) -> date:
    """What a reason's values were before they became text."""
    return value if isinstance(value, date) else date.fromisoformat(value[:10])
