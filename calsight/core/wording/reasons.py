"""Reasons: a stable code, the numbers, and one plain sentence from the catalogue in `calsight.core.wording.sentences`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from string import Formatter
from typing import Any

from calsight.core.model.report import Reason
from calsight.core.wording.sentences import ENGLISH


def reason(code: str, **values: Any) -> Reason:
    """The reason `code`, said with `values`.

    Dates become ISO text in the reason's own values. Raises KeyError for a code that the catalogue lacks, or a value that its
    sentence needs and was not given.
    """
    return Reason(code=code, text=sentence(code, values), values={key: _plain(value) for key, value in values.items()})


def sentence(code: str, values: Mapping[str, Any], catalogue: Mapping[str, str] = ENGLISH) -> str:
    """The sentence alone, from another catalogue if need be (a translation)."""
    return _Sentences(catalogue).vformat(catalogue[code], (), values)


class _Sentences(Formatter):
    """Python's format strings with the further field formats that `calsight.core.wording.sentences` explains."""

    def __init__(self, catalogue: Mapping[str, str]) -> None:
        self.catalogue = catalogue

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            *none, one, many = format_spec.split("|")
            word = none[0] if none and value == 0 else one if value == 1 else many
            return word.replace("#", f"{value:,}")
        match format_spec:
            case "percent":
                return percent(value)
            case "pace":
                return pace(value)
            case "day":
                return self._day(value)
            case "days":
                return self._conjunction(self._shortened([self._day(when) for when in value]))
            case "and":
                return self._conjunction(value)
            case "label":
                return self._label(value)
            case "labelled":
                return self._conjunction([self._label(key) for key in value])
            case "labels":
                return ", ".join(f"{count:,} {self._label(key)}" for key, count in value.items())
            case _:
                return str(super().format_field(value, format_spec))

    def _label(self, key: str) -> str:
        """The word for a key; a rule plugin's own key is its own word."""
        return self.catalogue.get(f"label_{key}", key.replace("_", " "))

    def _day(self, when: date) -> str:
        return f"{when.day} {self.catalogue['months'].split()[when.month - 1]} {when.year}"

    def _shortened(self, items: list[str], most: int = 4) -> list[str]:
        if len(items) <= most:
            return items
        return [*items[: most - 1], self.catalogue["more"].format(count=len(items) - most + 1)]

    def _conjunction(self, items: Sequence[str]) -> str:
        return f"{', '.join(items[:-1])}{self.catalogue['and']}{items[-1]}" if len(items) > 1 else "".join(items)


def percent(probability: float) -> str:
    """A probability in whole per cent; what is not certain is never called 0 or 100."""
    if 0 < probability < 0.01:
        return "under 1 %"
    if 0.99 < probability < 1:
        return "over 99 %"
    return f"{probability * 100:.0f} %"


def pace(rate: float) -> str:
    """A rate (one-to-ones a week) in words where there are some."""
    known = {0.25: "one every four weeks", 0.5: "one a fortnight", 1.0: "one a week", 2.0: "two a week"}
    return known.get(rate, f"{rate:.2g} a week")


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
