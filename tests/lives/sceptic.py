"""Lives of kinds that nobody had tried: shifts, schools, assistants, initials, labels on weeks; fine ones and some at risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time

from lives.life import (
    ALL,
    ASKS,
    FINE,
    Entry,
    Life,
    Who,
    away,
    colleague,
    colleagues,
    every,
    groups,
    ones,
    rounds,
    standing,
)

PAT = colleague("Pat Quinn")


def booked(answers: Sequence[str]) -> Iterator[Entry]:
    """Two a week that an assistant books and stands on; the owner is on no list, and guests answer in turn."""
    nine = colleagues(9)
    for turn in range(54):
        guest = replace(nine[turn % 9], answer=answers[turn % len(answers)])
        yield Entry("Termin {n}", (PAT, guest), 2, (turn // 2,), day=1 + turn % 2, lead="other", listed="others")


def assistants() -> Iterator[Life]:
    family = "an assistant books, the owner is not listed"
    yield Life(family, "half of the guests decline", ASKS, [groups(4), *booked(("ACCEPTED", "DECLINED"))], None)
    yield Life(family, "all guests decline", "watch|at_risk", [groups(4), *booked(("DECLINED",))], 0)
    settings: dict[str, object] = {"people": {"assistants": [PAT.address]}}
    half = [groups(4), *booked(("ACCEPTED", "DECLINED"))]
    yield Life(family, "half decline, named in the settings", FINE, half, 27, settings=settings)
    support = [Who("", f"support@client{n}.example") for n in range(8)]
    yield Life("offices as the only guest", "two a week at clients", ASKS, [groups(3), ones(2, support)], None)


def unlisted(*titles: str, day: int = 1, at: time = time(10)) -> list[Entry]:
    """One a week without a list, under these titles in turn."""
    return [
        Entry(title, weeks=ALL[turn :: len(titles)], day=day, at=at, lead="", listed="nobody", held=True)
        for turn, title in enumerate(titles)
    ]


def titles() -> Iterator[Life]:
    family = "initials as titles"
    mine = [*unlisted("AL / BK", "AL / CA", "AL/DM", "ER:AL"), *unlisted("AL - FN", "GH / AL", day=3)]
    yield Life(family, "with the owner's", FINE, [groups(3, 9), *mine])
    theirs = [*unlisted("BK", "CA", "DM", "ER", "FN"), *unlisted("GH", "HI", "IB", day=3)]
    yield Life(family, "of the others alone", ASKS, [groups(3, 9), *theirs], None)
    few = ones(1, 4, weeks=(3, 15))
    desks = unlisted("QA", "HR", "PR", "IT", at=time(9))
    yield Life(family, "of departments, in the calendar of somebody at risk", "at_risk", [rounds(4), few, *desks], 2)
    games = unlisted("Inter - Milan 1:1", "Roma vs Lazio 1:1", at=time(20))
    yield Life("scores as titles", "of football, at risk", "at_risk", [rounds(4), few, *games], 2)


def weeks_with_a_label() -> Iterator[Life]:
    family = "all-day entries that are no leave, at risk"
    few = ones(1, 4, weeks=(3, 15))
    for why, label in (
        ("the numbers of weeks", Entry("Week {n}", weeks=ALL, days=5, day=0, lead="")),
        ("sprints", Entry("Sprint {n}", weeks=every(2), days=12, day=0, lead="")),
        ("on call", Entry("On call", weeks=every(4), days=7, day=0, lead="")),
        ("children's holidays", away("Sommerferien Kinder", 18, 40)),
        ("a visitor", away("Besuch Tante", 12, 12)),
    ):
        yield Life(family, why, "at_risk", [rounds(4), few, label])
    family = "away under a word that no list knows"
    for title, long in (("Kyoto", 6), ("OOO Lisbon", 5), ("Sommerferien Ruth", 8)):
        until = range(27 - long)
        kept = [standing(), groups(1, weeks=until[::2]), ones(1, 6, weeks=[week for week in until if week % 3])]
        yield Life(family, f"{title}, {long} weeks", ASKS, [*kept, away(title, 27 - long, 7 * long - 2)])


def sceptics() -> list[Life]:
    return [*assistants(), *titles(), *weeks_with_a_label()]
