"""What stands in a calendar beside the meetings turns neither who is at risk nor who is well (hypothesis, over whole lives)."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lives.life import ALL, ANA, Entry, Kept, Life, Who, alone, away, colleague, every, groups, ones, rounds, standing
from lives.test_lives import level_and_count

DECLINED = {"lead": "other", "answer": "DECLINED"}
#: Entries that say nothing of one-to-ones.
NOISE = {
    "declined": Entry("Demo {n}", ones(1, 9).people, weeks=every(2), **DECLINED),
    "cancelled": Entry("Canceled: Talk", ones(1, 5).people, status="CANCELLED", weeks=every(3)),
    "tentative groups": groups(1, answer="TENTATIVE", day=4),
    "stand-up": standing("Stand-up", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"),
    "focus": alone("Focus", 3),
    "gym": alone("Gym", 2, at=time(7)),
    "leave": away("Urlaub", 9, 5),
    "a colleague's leave": away("Bo Karl: vacation", 3, 5, weeks=every(7)),
    "markers": away("Release", 1, 2, weeks=every(3)),
    "evenings": Entry("", weeks=every(4), at=time(20), lead="", lines=("CLASS:PRIVATE",)),
    "webinar": groups(1, 25, 30, title="Webinar", day=3),
    "to oneself": Entry("Todo", (replace(ANA, address="ana.lind+todo@firm.example"),), weeks=every(6), day=4),
    "marked free": Entry(
        "Event", (Who("Eve", "eve@vendor.example"),), weeks=every(5), lines=("TRANSP:TRANSPARENT",), **DECLINED
    ),
}
#: Lines that stand on all groups of somebody who meets nobody alone.
ON_GROUPS = (
    (),
    (Who("", "memo@minutes-of.example", "NEEDS-ACTION"),),
    (Who("Sala Azul", "azul@firm.example"),),
    (Who("Ana Lind", "lind1980@gmail.com"),),
)
#: One fault each, on all one-to-ones of somebody who has two a week.
FAULTS = {
    "own second address": {"extra": (Who("Ana Lind", "lind1980@gmail.com"),)},
    "a note taker": {"extra": (Who("", "memo@minutes-of.example", "NEEDS-ACTION"),)},
    "a room": {"extra": (Who("Azul", "azul@firm.example"),)},
    "an alias": {"me": Who("Ana Lind", "al@firm.example"), "lead": "other"},
    "a third who declines": {"extra": (replace(colleague("Ivo Berg"), answer="DECLINED"),)},
    "nobody listed": {"listed": "nobody", "lead": "", "title": "1:1 {first}"},
    "the owner not listed": {"listed": "others"},
    "never answered": {"lead": "other", "answer": "NEEDS-ACTION"},
}
AWAY = (
    "Elternzeit",
    "Congé maternité",
    "Baja médica",
    "Malattia",
    "Ziek",
    "Licença",
    "Medical leave",
    "Semester",
    "Urlop",
)


def said(entries: list[Entry], program: str) -> str:
    """The level of a life with these entries, beside a calendar of holidays."""
    holidays = Kept([alone("Holiday {n}", weeks=every(5), days=1, day=6)], "apple", "Holidays")
    life = Life("noise", "drawn", "", [Kept(entries, program), holidays], me=ANA.address)
    with TemporaryDirectory() as folder:
        return level_and_count(life, Path(folder))[0]


@settings(max_examples=8)
@given(
    st.sets(st.sampled_from(sorted(NOISE)), max_size=6),
    st.sampled_from(ON_GROUPS),
    st.lists(st.integers(0, 22), max_size=2, unique=True),
    st.integers(4, 8),
    st.sampled_from(["google", "outlook", "apple"]),
)
def test_who_meets_nobody_is_at_risk_whatever_else_stands_there(
    noise: set[str], extra: tuple[Who, ...], met: list[int], each: int, program: str
) -> None:
    entries = [
        rounds(each, extra=extra),
        *(NOISE[name] for name in sorted(noise)),
        *([ones(1, weeks=met)] if met else []),
    ]
    assert said(entries, program) == "at_risk"


@pytest.mark.parametrize("fault", sorted(FAULTS))
@settings(max_examples=4)
@given(st.integers(1, 3), st.sampled_from(AWAY), st.integers(3, 12), st.booleans())
def test_no_single_fault_puts_at_risk_who_meets_people(
    fault: str, each: int, title: str, gone: int, leave: bool
) -> None:
    there = ALL[: 27 - gone] if leave else ALL
    entries = [groups(3, 6, 12, weeks=there), ones(each, 6, weeks=there, **FAULTS[fault]), standing()]
    assert said([*entries, *([away(title, 27 - gone, 7 * gone)] if leave else [])], "google") != "at_risk"
