"""Reasons: a stable code, the numbers, and one plain sentence from the catalogue (`calsight.core.wording.catalogue`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from calsight.core.model.report import Reason
from calsight.core.wording.words import Words

_ENGLISH = Words()


def reason(code: str, **values: Any) -> Reason:
    """The reason `code`, said with `values` in English; a renderer says it again in its reader's language (`Words.said`).

    Dates become ISO text in the reason's own values. Raises KeyError for a code that the catalogue lacks, or a value that its
    sentence needs and was not given.
    """
    return Reason(code=code, text=sentence(code, values), values={key: _plain(value) for key, value in values.items()})


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """The sentence alone, in English. `values` may be those of a reason."""
    return _ENGLISH.fill(code, values)


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
