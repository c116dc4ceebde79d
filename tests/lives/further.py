"""Further lives, written before it was looked at what is said of them: at risk, at risk with noise, and well with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from lives.life import (
    ALL,
    ASKS,
    FINE,
    Entry,
    Kept,
    Life,
    Who,
    alone,
    away,
    colleague,
    colleagues,
    every,
    groups,
    hours,
    ones,
    rounds,
    standing,
)

#: Leave of twelve weeks, as people and HR systems write it in seven languages.
LEAVE = (
    "Ana - Elternzeit", "Krank (AU bis 3.7.)", "Congé maternité - Ana", "Arrêt maladie", "Baja médica", "Permiso de maternidad",
    "Congedo parentale", "Malattia", "Ouderschapsverlof", "Ziekteverlof Ana", "Licença maternidade", "Férias da Ana",
    "Sabbatical", "PTO - Ana Lind (approved)", "Ana: on maternity leave, back in August",
)  # fmt: skip


def low_with_noise() -> Iterator[Life]:
    family = "at risk, with noise"
    bot = Who("Recorder", "recorder@minutes-of.example", "NEEDS-ACTION")
    yield Life(family, "an unheard-of recorder in every group of many", "at_risk", [rounds(6, extra=(bot,))])
    room = Who("Aalto", "aalto@firm.example")
    with_room = rounds(6, extra=(room,), lines=("LOCATION:Aalto",))
    yield Life(family, "a room listed as a person in every group", "at_risk", [with_room])
    yield Life(family, "dentists, gym, school run, focus", "at_risk", [
        rounds(6), alone("Zahnarzt", weeks=every(9)), alone("School run", 5, at=time(8)), alone("Deep work", 3)])  # fmt: skip
    holiday = [week for week in ALL if week not in (8, 9, 21)]
    yield Life(family, "three weeks of leave, two one-to-ones in half a year", "at_risk", [
        rounds(5, weeks=holiday), away("Vacances d'été", 8, 12), away("Ferie", 21, 5), ones(1, weeks=(4, 15))])  # fmt: skip
    yield Life(family, "a colleague's parental leave in the calendar", "at_risk", [
        rounds(6), away("Bo Karl: Elternzeit", 4, 80, people=(colleague("Bo Karl"),), lead="other")])  # fmt: skip
    birthdays = Kept(
        [alone("Geburtstag {n}", weeks=every(3), days=1, lines=("TRANSP:TRANSPARENT",))], "apple", "Geburtstage"
    )
    yield Life(family, "a subscribed calendar of birthdays beside", "at_risk", [Kept([rounds(6)]), birthdays])
    declined = tuple(replace(who, answer="DECLINED") for who in colleagues(5))
    yield Life(family, "two invitations a week that the other declines", "at_risk", [
        rounds(5), Entry("Catch-up", declined, per_week=2)])  # fmt: skip
    yield Life(family, "two invitations a week that she declines", "at_risk", [
        rounds(5), Entry("Catch-up", colleagues(4), per_week=2, lead="other", answer="DECLINED")])  # fmt: skip
    yield Life(family, "a private lunch with a spouse each week", "watch|at_risk", [
        rounds(6), Entry("Lunch", (Who("Tom Lind", "tom.lind@gmail.com"),), at=time(12), day=3)], None)  # fmt: skip
    yield Life(family, "one a month for half a year, all with the boss", "at_risk|watch", [
        rounds(6), ones(1, 1, weeks=every(4, 2))])  # fmt: skip
    yield Life(family, "a webinar and an all-hands each week", "at_risk", [
        rounds(4), groups(1, 30, title="All-hands", people=35, day=2),
        groups(1, 25, title="Webinar", people=35, day=4)])  # fmt: skip
    yield Life(family, "two private entries a month, evenings", "at_risk", [
        rounds(6), Entry("", (), weeks=every(2), at=time(19), lead="", lines=("CLASS:PRIVATE",))])  # fmt: skip
    yield Life(family, "one private entry in half a year", "at_risk", [
        rounds(6), ones(1, weeks=(5, 14)), Entry("", (), weeks=(11,), lead="", lines=("CLASS:PRIVATE",))])  # fmt: skip
    yield Life(family, "four private entries in half a year", "at_risk|watch", [
        rounds(6), Entry("", (), weeks=(3, 9, 15, 20), lead="", lines=("CLASS:PRIVATE",))])  # fmt: skip


def private_entries() -> Iterator[Life]:
    """A private entry may have been a one-to-one. It is a doubt only where as many as there are would have been enough."""
    for step, level in ((1, "watch"), (2, "watch"), (4, "at_risk"), (6, "at_risk"), (13, "at_risk")):
        entries = Entry("", (), weeks=every(step, 2), lead="", lines=("CLASS:PRIVATE",))
        yield Life("private entries beside hardly a one-to-one", f"one in {step} weeks", level, [
            rounds(6), ones(1, weeks=(4, 15)), entries])  # fmt: skip


def low_by_rhythm() -> Iterator[Life]:
    family = "at risk, by rhythm"
    for each, quiet in ((3, 7), (4, 6), (2, 8)):
        yield Life(family, f"{each} a week, none for {quiet} weeks", "at_risk", [
            rounds(6), ones(each, 8, weeks=range(27 - quiet))])  # fmt: skip
    yield Life(family, "a new team four months ago, one since", "at_risk", [
        rounds(6), ones(3, 8, weeks=range(10)), ones(1, 8, weeks=(18,))])  # fmt: skip
    part = hours("09:00-13:00", "monday", "tuesday", "wednesday", "thursday", "friday")
    yield Life(family, "half days, one in two months", "at_risk", [
        groups(4, at=time(10)), ones(1, 5, weeks=every(9, 3))], settings=part)  # fmt: skip
    yield Life(family, "fortnightly until April, none since", "at_risk", [
        rounds(5), ones(1, 5, weeks=range(0, 13, 2))])  # fmt: skip


def well_with_noise() -> Iterator[Life]:
    family = "well, with noise"
    note = Who("Scribe", "scribe@unheard-of.example", "NEEDS-ACTION")
    yield Life(family, "an unheard-of scribe in three of four", ASKS, [
        groups(4), ones(2, 6, extra=(note,), weeks=[w for w in ALL if w % 4]), ones(2, 6, weeks=every(4))], None)  # fmt: skip
    office = Who("Vorzimmer", "vorzimmer@firm.example")
    yield Life(family, "the office on each one-to-one", ASKS, [groups(5), ones(3, 9, extra=(office,))], None)
    home = Who("Ana L.", "analind1980@web.de", "ACCEPTED")
    yield Life(
        family, "a private address with another name on each", ASKS, [groups(4), ones(2, 7, extra=(home,))], None
    )
    for title in LEAVE:
        before = [groups(3, weeks=range(15)), ones(2, 5, weeks=range(15)), standing()]
        yield Life("leave in seven languages", f"twelve weeks of {title!r} now", ASKS, [*before, away(title, 15, 84)])
    terms = [week for week in ALL if not 11 <= week < 16]
    yield Life(family, "a teacher in the second term", FINE, [groups(3, weeks=terms), ones(2, 9, weeks=terms)])
    fair = [week for week in ALL if week not in (23, 24)]
    yield Life(family, "a trade fair of two weeks, a month ago", FINE, [
        groups(4, weeks=fair), ones(3, 9, weeks=fair),
        Entry("Hannover Messe", (), weeks=(23, 24), days=5, day=0, lead="")])  # fmt: skip
    yield Life(family, "a trade fair right now", FINE, [
        groups(4, weeks=range(25)), ones(3, 9, weeks=range(25)),
        Entry("CES", (), weeks=(25, 26), days=5, day=0, lead="")])  # fmt: skip
    yield Life(family, "all of a month in one week", FINE, [groups(4), ones(6, 8, weeks=every(4, 2))])
    yield Life(family, "reviews twice a half-year, twelve at a time", FINE, [
        groups(4), ones(12, 12, weeks=(0, 1, 13, 14, 26), day=0, at=time(8)), ones(1, 6, weeks=every(3, 1))])  # fmt: skip
    yield Life(family, "every second entry private", ASKS, [
        groups(3), ones(1, 6, weeks=every(2)), Entry("", (), per_week=2, lead="", lines=("CLASS:PRIVATE",))], None)  # fmt: skip
    yield Life(family, "names in titles only", ASKS, [
        groups(4), Entry("{first} / Ana", colleagues(6), per_week=2, listed="nobody", lead="", held=True)], None)  # fmt: skip
    both = [Entry("Kaffee", (who,), lead="other", held=True, weeks=every(4, n)) for n, who in enumerate(colleagues(4))]
    yield Life(family, "one a week in which the others invite", "ok", [groups(4), *both])
    yield Life(family, "Fridays off, one and a half a week", "ok", [
        groups(4), ones(1, 6), ones(1, 6, weeks=every(2), day=2)],
        settings=hours("09:00-17:00", "monday", "tuesday", "wednesday", "thursday"))  # fmt: skip
    yield Life(family, "ill since May without an entry, series run on", ASKS, [
        groups(3, weeks=range(18)), ones(2, 6, weeks=range(18)), standing(), standing("Jour fixe", day=3)])  # fmt: skip


def further() -> list[Life]:
    return [*low_with_noise(), *private_entries(), *low_by_rhythm(), *well_with_noise()]
