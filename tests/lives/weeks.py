"""Lives by family: weeks in which nobody meets anybody, and why: rhythms of work, joining, leave, silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from lives.life import (
    ALL,
    ASKS,
    FINE,
    UNKNOWN,
    WORKDAYS,
    Kept,
    Life,
    alone,
    away,
    colleagues,
    every,
    groups,
    hours,
    ones,
    rounds,
    standing,
)


def rhythms() -> Iterator[Life]:
    family = "rhythms of work"
    part = [groups(2, title="Team"), ones(1, weeks=[week for week in ALL if week % 3 != 2])]
    yield Life(family, "two days a week, two one-to-ones in three weeks", FINE, part)
    ten = hours("08:00-18:00", *WORKDAYS[:4])
    yield Life(family, "four days of ten hours, with two people", "ok", [groups(4), ones(2, 2)], settings=ten)
    night = [groups(5, 6, at=time(22), minutes=30), ones(1, 3, at=time(2), day=2, minutes=90)]
    yield Life(family, "night shift without hours set", "ok", night)
    off = [standing("Stand-up", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"), ones(2, 5, weeks=every(2))]
    yield Life(family, "every other week, a stand-up runs through the others", FINE, off)
    out = [groups(3), away("Ana out", 0, 1, weeks=ALL, day=1), ones(1, day=2)]
    yield Life(family, "'Ana out' each Tuesday", FINE, out)
    yield Life("school rhythm", "term, then a break of eleven weeks in which the staff series runs on", ASKS,
               [standing("Staff meeting"), ones(2, 2, weeks=range(16))])  # fmt: skip


def joined() -> Iterator[Life]:
    yield Life("joined lately", "five weeks ago, none", UNKNOWN, [groups(5, weeks=range(22, 27))])
    yield Life(
        "short calendars", "seven weeks ago, five groups a week, none", "at_risk", [rounds(5, weeks=range(20, 27))]
    )
    one = [rounds(10, weeks=range(15, 27)), ones(1, weeks=(17,))]
    yield Life("short calendars", "twelve weeks ago, ten groups a week, one", "at_risk", one)
    yield Life("in between", "five weeks ago, five groups a week, none", "watch", [rounds(5, weeks=range(22, 27))])
    new = [rounds(5, weeks=range(18, 27)), ones(2, 10, weeks=range(18, 27))]
    yield Life("healthy", "joined nine weeks ago, two a week with ten people", "ok", new)
    wednesday = [groups(4, weeks=range(26)), ones(1, 1, weeks=range(26))]
    yield Life("export moment", "exported on a Wednesday, one a week", FINE, wednesday, as_of=date(2026, 6, 24))


LEAVE = (
    "Parental leave", "Ana OOO", "Ana on vacation 🏝", "Baby!", "Elternzeit (bis Sept)", "Medical leave",
    "Annual Leave - Ana Lind", "FMLA", "Family leave", "Caregiver leave", "Zwangerschapsverlof Ana",
)  # fmt: skip
HOLIDAY = (
    "Sommerferien (Ana weg)",
    "Annual leave (Bo covering)",
    "✈️ Vacation ✈️",
    "OOO (back 29 June, contact Bo Karl)",
)
NO_LEAVE = (
    "Away day",
    "Off to the fair",
    "Leave early",
    "Ana away in Munich",
    "Offsite Leadership",
    "Team holiday planning",
)


def leave() -> Iterator[Life]:
    until = range(15)
    before = [groups(3, weeks=until), ones(2, 2, weeks=until), standing()]
    for title in LEAVE:
        yield Life("leave titles", f"twelve weeks of {title!r} now", ASKS, [*before, away(title, 15, 84)])
    much = [groups(3, weeks=range(25)), ones(5, 5, weeks=range(25)), standing()]
    for title in HOLIDAY:
        yield Life("leave titles", f"two weeks of {title!r} after five a week", FINE, [*much, away(title, 25, 12)])
    for_all = {"people": colleagues(6), "size": 6, "lead": "me"}
    family = "leave entry invites others"
    yield Life(
        family, "twelve weeks, the team invited", ASKS, [*before, away("Ana OOO - parental leave", 15, 84, **for_all)]
    )
    less = [groups(3, weeks=range(24)), ones(1, weeks=range(24)), standing(), away("Ana OOO", 24, 19, **for_all)]
    yield Life(family, "three weeks now, the team invited, one a week before", FINE, less)
    yield Life(
        family, "two weeks now, the team invited, five a week before", FINE, [*much, away("Ana OOO", 25, 12, **for_all)]
    )
    oof = away("Urlaub", 25, 12, people=colleagues(1), lead="me", lines=("X-MICROSOFT-CDO-BUSYSTATUS:OOF",))
    yield Life(family, "Outlook, marked out of office, the boss invited", FINE, [*much, oof], program="outlook")
    ends = [week for week in ALL if not 3 <= week < 21]
    back = [groups(4, weeks=ends), ones(2, 2, weeks=ends), away("Parental leave", 3, 126)]
    yield Life("back from leave", "parental leave of eighteen weeks, six weeks back", "ok", back)
    ill = [week for week in ALL if not 14 <= week < 26]
    yield Life(
        "back from leave",
        "ill for twelve weeks without an entry, back a week",
        FINE,
        [groups(3, weeks=ill), ones(2, 2, weeks=ill)],
    )
    crunch = [
        groups(4),
        away("Project crunch", 20, 21),
        ones(1, 3, weeks=[week for week in ALL if not 20 <= week < 25]),
    ]
    yield Life("back from leave", "a crunch of five weeks, two weeks back", FINE, crunch)
    for title in NO_LEAVE:
        each = [groups(4), away(title, 0, 3, weeks=ALL), ones(1)]
        yield Life("all-day entries that are no leave", f"{title!r} from Monday to Wednesday", ASKS, each, None)


def silent() -> Iterator[Life]:
    family = "away without a leave entry"
    for weeks, first in ((13, 14), (9, 18)):
        kept = [groups(3, weeks=range(first)), ones(2, 2, weeks=range(first)), standing()]
        yield Life(family, f"ill for {weeks} weeks, an old series runs on", ASKS, kept)
    holidays = [groups(3, weeks=range(2, 27)), ones(2, 2, weeks=range(2, 27)), standing()]
    yield Life(family, "two weeks at the beginning in which only a series stands", "ok", holidays)
    gone = groups(3, weeks=range(15, 27), title="Canceled: Team", status="CANCELLED")
    yield Life(
        family,
        "every invitation of twelve weeks cancelled",
        ASKS,
        [groups(3, weeks=range(15)), ones(2, 2, weeks=range(15)), gone],
    )
    winter = [groups(3, weeks=range(25)), ones(5, 5, weeks=range(25)), standing()]
    yield Life(family, "Christmas, judged on 4 January", FINE, winter, as_of=date(2026, 1, 4))
    birthdays = Kept(
        [alone("Birthday of Bo {n}", weeks=range(18, 27, 2), days=1, lines=("TRANSP:TRANSPARENT",))],
        "apple",
        "Birthdays",
    )
    own = Kept([groups(3, weeks=range(18)), ones(2, 2, weeks=range(18))])
    yield Life("subscribed calendars beside", "ill for nine weeks, birthdays go on", ASKS, [own, birthdays])
