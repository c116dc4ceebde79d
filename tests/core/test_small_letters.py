"""Patterns that are compiled without IGNORECASE, for speed, and see texts in small letters only: they hold no capitals."""

from __future__ import annotations

import re

import pytest

from calsight.core.data import load, lowered
from calsight.core.judging import mode, title_words
from calsight.core.judging.titles import Titles
from calsight.core.model.meetings import Mode, Owner
from calsight.core.model.options import TitleOptions
from calsight.core.people import roles

SMALL = {
    "roles": vars(roles._Lists(load("people"))),
    "location": {name: getattr(mode._location_words(), name) for name in ("remote", "filler")},
    "titles": {
        name: getattr(title_words.title_words(), name)
        for name in ("to_many", "broadcast", "interview", "cancelled", "busy")
    },
}


@pytest.mark.parametrize("subject", SMALL)
def test_they_hold_no_capitals(subject):
    patterns = {name: one for name, one in SMALL[subject].items() if isinstance(one, re.Pattern)}
    assert len(patterns) > 1
    for name, one in patterns.items():
        letters = re.sub(r"\\.", "", one.pattern)
        assert not one.flags & re.IGNORECASE, name
        assert letters == lowered(letters), name


@pytest.mark.parametrize(
    "title", ["CANCELLED: Bo", "İPTAL EDİLDİ: Bo", "Iptal: Bo", "[Отменено] Bo", "Fwd: ZRUŠENÉ: Bo"]
)
def test_a_cancelled_title_in_any_case(title):
    assert Titles(TitleOptions(), Owner(("ana@example.com",), "Ana Example")).cancelled(title)


def test_a_location_in_any_case():
    assert mode.mode_of("MICROSOFT TEAMS-BESPRECHUNG", (), room=False) is Mode.REMOTE
