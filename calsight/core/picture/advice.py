"""Advice for each of the four situations. Every piece of it carries something to ask and something to offer."""

from __future__ import annotations

from itertools import count, takewhile

from calsight.core.model.report import Reason
from calsight.core.wording.catalogue import CATALOGUE
from calsight.core.wording.reasons import reason


def advice(label: str) -> list[Reason]:
    """The advice for one of the four situations."""
    codes = (f"advice_{label}_{number}" for number in count(1))
    return [reason(code) for code in takewhile(CATALOGUE.__contains__, codes)]
