"""Lives of people who truly meet nobody alone, who do, and who are in between; and guards against too bold remedies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from lives.life import (
    ALL,
    ANA,
    WORKDAYS,
    Entry,
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


def truly_low() -> Iterator[Life]:
    for many, program, zone in (
        (5, "google", "America/New_York"),
        (25, "google", "Europe/London"),
        (6, "apple", "Europe/Berlin"),
        (8, "outlook", "Asia/Tokyo"),
    ):
        me = ANA.address
        yield Life(
            "only groups",
            f"{many} a week, {program}, {zone}",
            "at_risk",
            [rounds(many)],
            program=program,
            zone=zone,
            me=me,
        )
    yield Life(
        "truly low", "one half-day a month", "watch|at_risk", [groups(4), ones(1, 5, weeks=every(4, 2), minutes=240)]
    )
    declines = tuple(replace(who, answer="DECLINED") for who in colleagues(3))
    yield Life("truly low", "the other always declines", "at_risk", [groups(4), Entry("Sync", declines)])
    yield Life(
        "rare one-to-ones", "one a month, twelve groups a week", "at_risk", [rounds(12), ones(1, weeks=every(4, 1))]
    )
    teams = (
        "LOCATION:Microsoft Teams Meeting",
        "DESCRIPTION:https://teams.microsoft.com/l/meetup-join/19%3ameeting_{n}",
    )
    yield Life(
        "rare one-to-ones",
        "three in half a year, twenty calls a week",
        "at_risk",
        [rounds(20, lines=teams), ones(1, weeks=(3, 11, 20))],
    )
    bot = Who("Fireflies.ai Notetaker Fred", "fred@fireflies.ai", "NEEDS-ACTION")
    reader = Who("", "meet@read.ai", "NEEDS-ACTION")
    yield Life("note takers in groups", "in each of seven a week", "at_risk", [rounds(7, extra=(bot,))])
    notes = [rounds(7, extra=(reader,)), Entry("Voice notes", (reader,), day=4)]
    yield Life("note takers in groups", "and weekly notes with it alone", "at_risk", notes)
    room = Who("Churchill", "churchill@firm.example", cutype="ROOM")
    outlook = {"program": "outlook", "me": ANA.address}
    yield Life(
        "rooms with CUTYPE in groups",
        "eleven groups a week",
        "at_risk",
        [rounds(11, extra=(room,), lines=("LOCATION:Churchill",))],
        **outlook,
    )
    yield Life(
        "not held", "one invitation a week, each declined", "at_risk", [rounds(6), Entry("Coffee", declines)], **outlook
    )
    gone = Entry("Canceled: Sync", colleagues(3), status="CANCELLED")
    yield Life("not held", "cancelled and kept", "at_risk", [rounds(8), gone], **outlook)
    never = ones(1, 1, weeks=(0,), rule="FREQ=WEEKLY", skipped=range(27))
    yield Life("not held", "a series of which every occurrence was deleted", "at_risk", [rounds(6), never])
    by_title = Entry(
        "Canceled: Talk",
        colleagues(3),
        per_week=2,
        lead="other",
        lines=("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"),
    )
    yield Life("cancelled by title", "kept as free", "at_risk", [rounds(3), by_title], 0)
    holiday = [week for week in ALL if week not in (12, 13)]
    yield Life(
        "with leave", "two weeks of 'Urlaub' in March", "at_risk", [rounds(6, weeks=holiday), away("Urlaub", 12, 12)]
    )
    yield Life("with leave", "public holidays set", "at_risk", [rounds(6)], settings={"work": {"country": "DE"}})
    four = hours("09:00-17:00", *WORKDAYS[:4])
    yield Life("with leave", "Fridays off", "at_risk", [rounds(4)], settings=four)
    series = [
        standing("Stand-up", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"),
        standing("Planning", day=2),
        standing("Review", "FREQ=WEEKLY;INTERVAL=2", day=4),
    ]
    yield Life("series only", "stand-up, planning, review", "at_risk", series)
    single = [*(standing(f"Call {n}", day=n % 5) for n in range(6)), rounds(1, weeks=every(5)), ones(1, weeks=(4, 15))]
    yield Life("series only", "six weekly calls, two one-to-ones", "at_risk", single)
    yield Life(
        "large meetings",
        "four groups, and a webinar of 25",
        "at_risk",
        [rounds(4), groups(1, 25, title="Webinar", day=3)],
    )
    yield Life("large meetings", "five of nine to twenty", "at_risk", [groups(3, 14), groups(2, 19, day=3)])
    for title, zone in (
        ("Abstimmung {n}", "Europe/Berlin"),
        ("Reunión de equipo {n}", "Europe/Madrid"),
        ("Spotkanie zespołu {n}", "Europe/Warsaw"),
    ):
        yield Life("other languages", title, "at_risk", [replace(rounds(5), title=title)], zone=zone)
    solo = [
        rounds(6),
        alone("Focus", 3),
        alone("Gym", 2, at=time(18)),
        alone("Dentist", weeks=every(8)),
        alone("Lunch", 5, at=time(12)),
    ]
    yield Life("private and solo entries", "focus, gym, dentist, lunch", "at_risk", solo)
    yield Life(
        "private and solo entries",
        "preparation, travel, birthdays",
        "at_risk",
        [rounds(7), alone("Prep", 2), alone("Train to Köln", weeks=every(3))],
    )
    clients = (*colleagues(3), *colleagues(9, "client.example")[3:])
    yield Life("other domains in groups", "colleagues and clients", "at_risk", [groups(5, 5, clients)])
    for each, quiet in ((2, 10), (1, 12)):
        yield Life(
            "falls and fades",
            f"{each} a week, none for {quiet} weeks",
            "at_risk",
            [rounds(5), ones(each, 6, weeks=range(27 - quiet))],
        )
    fade = [rounds(5), ones(2, 5, weeks=range(5)), ones(1, 5, weeks=range(5, 10)), ones(1, 5, weeks=range(10, 15, 2))]
    yield Life("falls and fades", "two, one, one a fortnight, none for eleven weeks", "at_risk", fade)
    yield Life(
        "falls and fades",
        "two a week until March, then two in fourteen weeks",
        "at_risk",
        [rounds(5), ones(2, weeks=range(13)), ones(1, weeks=(17, 22))],
    )
    trio = groups(1, 2, 9, title="Three of us", lead="in turn", day=2, at=time(11))
    yield Life("truly three people", "one a week, the same people in other groups", "at_risk", [rounds(4), trio])
    boss = {"settings": {"people": {"assistants": ["pat.quinn@firm.example"]}}}
    yield Life(
        "executives", "one in five weeks, 25 groups a week", "at_risk", [rounds(25), ones(1, weeks=every(5, 2))], **boss
    )
    yield Life("executives", "all answered 'maybe'", "at_risk", [rounds(6, answer="TENTATIVE")])


def healthy() -> Iterator[Life]:
    yield Life(
        "healthy",
        "Outlook, three a week with six people",
        "ok",
        [rounds(5), ones(3, 6)],
        program="outlook",
        me=ANA.address,
    )
    series = [ones(1, (who,), weeks=(0,), day=n + 1, rule="FREQ=WEEKLY") for n, who in enumerate(colleagues(3))]
    yield Life("healthy", "three weekly series with three people", "ok", [rounds(5), *series])
    three = hours("09:00-17:00", *WORKDAYS[:3])
    yield Life(
        "healthy",
        "three days a week, three in two weeks",
        "ok",
        [rounds(3), ones(1, 5, day=0), ones(1, 5, weeks=every(2), day=2)],
        settings=three,
    )
    for many in (17, 14):
        evenly = [round(n * 27 / many) for n in range(many)]
        yield Life("in between", f"{many} in 27 weeks with five people", "watch", [rounds(6), ones(1, 5, weeks=evenly)])
    fall = [rounds(6), ones(4, 8, weeks=range(18)), ones(1, 8, weeks=range(18, 27))]
    yield Life("in between", "from four a week to one, nine weeks ago", "watch", fall)


def guards() -> Iterator[Life]:
    family = "guards against remedies that reach too far"
    theirs = away("Dora Maas: parental leave", 10, 91, people=(colleague("Dora Maas"),), lead="other")
    yield Life(family, "a colleague's leave, sent for information", "at_risk", [rounds(6), theirs])
    for title in ("Release freeze", "Berlin office", "Off-site planning due"):
        yield Life(
            family,
            f"all-day entries {title!r}",
            "at_risk",
            [rounds(6), away(title, 0, 2, weeks=every(2))],
            me=ANA.address,
        )
    for n, title in enumerate(("Coffee", "Catch up on mail", "Call the bank")):
        yield Life(family, f"{title!r} alone, weekly", "at_risk", [rounds(7), alone(title, day=n)])
    stopped = [rounds(5), ones(8, 8, weeks=range(0, 13, 4), day=0)]
    yield Life(family, "monthly rounds that stopped fourteen weeks ago", "at_risk", stopped)
    third = colleague("Kai Lund")
    pairs = [Entry("Pair review", (third, who), size=2, weeks=ALL[n::5], day=2) for n, who in enumerate(colleagues(5))]
    yield Life(
        family,
        "one colleague is always the third, and in groups too",
        "at_risk|watch|insufficient_data",
        [rounds(5), *pairs],
    )
