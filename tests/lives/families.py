"""Lives by family: each family is one way in which a calendar misleads, or one that must not be lost.

Levels are those that may be said; where the calendar leaves it open, asking is right too (`insufficient_data`). Who met people
must not hear `at_risk`; who truly did not must.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from lives.guests import names, public_mail, third_lines
from lives.life import (
    ALL,
    ANA,
    ASKS,
    FINE,
    FULL,
    OPEN,
    UNKNOWN,
    WORKDAYS,
    Entry,
    Kept,
    Life,
    Who,
    alone,
    colleague,
    colleagues,
    every,
    groups,
    hours,
    ones,
    rounds,
    standing,
)
from lives.low import guards, healthy, truly_low
from lives.weeks import joined, leave, rhythms, silent

WORDS = (
    "Walk w/ {first}", "{first}:Ana", "{first} x Ana", "Ana + {first}", "Ana/{first} weekly", "Sync: {first}",
    "Catch up ({first})", "Jour fixe {first}", "Point {first}", "Point avec {first}", "Reunión con {first}",
    "☕ with {first}", "{first} 1:1", "1on1 w {first}", "Kaffee {first}", "Call {first}", "Ana and {first}",
    "Chat {first} / Ana", "{first} (1-1)", "Ana | {first}", "Walk & talk with {first}", "Meeting with {first}",
    "Rdv {first}", "Bila {first}", "one on one: {first}", "121 {first}",
)  # fmt: skip


def titles() -> Iterator[Life]:
    for title in WORDS:
        kept = [groups(4), ones(2, colleagues(4), title=title, listed="nobody", lead="")]
        yield Life("titles without attendees", title, ASKS, kept, None)
    family = "titles of office hours and training"
    students = tuple(Who(f"Student{n} Kim", f"s{n:04}@uni.example") for n in range(60))
    university = {"owner": replace(ANA, address="ana.lind@uni.example")}
    for title in ("Office hours: {name}", "Office Hour - {name}", "Spreekuur {name}"):
        kept = [groups(4, title="Faculty {n}", people=colleagues(5, "uni.example")), ones(3, students, title=title)]
        yield Life(family, title, FINE, kept, **university)
    for title in ("Ana/Bo: offboarding training", "Keynote feedback", "Office hours follow-up"):
        yield Life(family, title, "ok", [groups(4), ones(2, 6, title=title)])


def work() -> Iterator[Life]:
    family = "kinds of work"
    blocks = alone("Client site", 3, at=time(9), minutes=480)
    yield Life(family, "a consultant whose meetings are in the client's calendar", OPEN, [groups(1, 8), blocks])
    candidates = tuple(Who(f"Cand{n} Xu", f"cand{n}@mail{n}.example") for n in range(540))
    many = ones(20, candidates, title="Interview: {name}", minutes=45, day=0, at=time(9))
    yield Life(family, "a recruiter with twenty interviews a week", "ok", [groups(2), many])
    agency = colleagues(5, "agency.example")
    yield Life(family, "a contractor among a client's people", "ok", [groups(3, people=agency), ones(2, agency[:2])])
    family = "series"
    series = [
        ones(
            1, (who,), title="{name} 1:1", weeks=(n % 2,), day=n % 5, rule="FREQ=WEEKLY;INTERVAL=2", skipped=(n % 4, 9)
        )
        for n, who in enumerate(colleagues(12))
    ]
    yield Life(family, "twelve fortnightly ones, some occurrences deleted", "ok", [groups(4), *series])
    yield Life(
        family,
        "three hours with one person every day",
        FINE,
        [groups(2), ones(5, 1, title="Pairing", minutes=180, day=0, at=time(9))],
    )
    yield Life(family, "one a fortnight with one person", FINE, [groups(4), ones(1, 1, weeks=every(2))])
    family = "zones and edges"
    sundays = hours("09:00-17:00", "sunday", *WORKDAYS[:4])
    week = [groups(4, title="Team"), ones(1, day=6)]
    yield Life(family, "from Sunday to Thursday", FINE, week, zone="Asia/Jerusalem", settings=sundays)
    yield Life(
        family,
        "at 02:30 on Sundays, when the clock changes too",
        FINE,
        [groups(4), ones(1, 3, title="Night sync", day=6, at=time(2, 30))],
    )
    yield Life(
        family,
        "from Sunday over midnight",
        FINE,
        [groups(4), ones(1, title="Late", day=6, at=time(23, 30), minutes=60, weeks=range(26))],
    )
    for step, each in ((4, 4), (4, 8), (3, 6), (2, 10)):
        weeks = [week for week in ALL if (27 - step - week) % step == 0]
        yield Life(
            "monthly bursts", f"{each} in one week of {step}", FINE, [groups(4), ones(each, each, weeks=weeks, day=0)]
        )
    yield Life(
        "monthly bursts",
        "five in one week of four, at the end of the gap",
        FINE,
        [groups(4), ones(5, 5, weeks=range(1, 26, 4), day=0)],
    )
    for each, quiet in ((3, 2), (3, 3), (2, 3)):
        until, fair = range(27 - quiet), range(27 - quiet, 27)
        buyers = tuple(Who(f"Buyer {n}", f"buyer{n}@client{n}.example") for n in range(5))
        kept = [
            groups(3, weeks=until),
            ones(each, each, weeks=until),
            groups(3, weeks=fair, people=buyers, title="Trade fair {n}"),
            standing(),
        ]
        yield Life("two or three quiet weeks", f"{quiet} weeks at a fair after {each} a week", FINE, kept)


def calendars() -> Iterator[Life]:
    busy = Entry("Busy", per_week=5, day=0, lead="", minutes=60)
    yield Life("hidden participants", "a feed of busy times", "insufficient_data", [busy])
    yield Life(
        "hidden participants", "two of five are 'Busy'", UNKNOWN, [groups(3, 4), replace(busy, per_week=2, day=1)], None
    )
    same = [groups(1, title="Team"), ones(2, 5)]
    copied = [replace(entry, held=False) for entry in same]
    yield Life("several calendars", "copies with other UIDs", "ok", [Kept(same), Kept(copied, name="Copy")], FULL)
    old, new = (replace(ANA, address=f"ana.lind@{domain}") for domain in ("old.example", "new.example"))
    jobs = [
        Kept(
            [replace(entry, weeks=weeks, people=colleagues(5, domain), me=me) for entry in (groups(3), ones(2))],
            name=me.address,
        )
        for weeks, domain, me in ((range(10), "old.example", old), (range(14, 27), "new.example", new))
    ]
    yield Life("several calendars", "left, and joined another company", "ok", jobs, owner=old)
    beside = Kept([alone("Gym", 2), alone("Dentist", weeks=every(9))], "apple", "Private")
    yield Life("two calendars", "seven groups a week, and a private calendar", "at_risk", [Kept([rounds(7)]), beside])
    side = Kept([ones(1, colleagues(3, "side.example"), day=2, at=time(18))], name="Side project")
    yield Life(
        "healthy", "one a week at work, one in a side project's calendar", "ok", [Kept([groups(4), ones(1)]), side]
    )
    team = Entry(
        "Team {n}",
        (colleague("Bo Karl"),),
        per_week=4,
        lead="other",
        listed="nobody",
        lines=("ATTENDEE:mailto:team@firm.example",),
    )
    own = [Kept([team, ones(1, 1), ones(1, (colleague("Emil Roth"),), weeks=every(4), day=3)], "apple", "Calendar")]
    yield Life("whose calendar it is", "the boss organises all for team@", ASKS, own, None)
    booked = ones(2, colleagues(6, "client.example"), title="30 min with Ana", listed="others")
    yield Life("bookings that list the guest only", "made through an interface", "ok", [groups(4), booked])
    corp = replace(ANA, address="ana@corp.example")
    for why, row in (("mailto:Nextcloud", "mailto:Nextcloud"), ("the owner's login name", "mailto:ana")):
        talk = ones(2, colleagues(4, "corp.example"), lead="", lines=(f"ORGANIZER:{row}",))
        yield Life(
            "organizer forms",
            why,
            ASKS,
            [groups(3, people=colleagues(5, "corp.example")), talk],
            None,
            owner=corp,
            me=corp.address,
            program="apple",
        )
    people = enumerate(colleagues(4, "corp.example"))
    token = 'ATTENDEE;CN="{who.name}";EMAIL={who.address};PARTSTAT=ACCEPTED:mailto:2_{n}YDKMRQ@imip.me.com'
    tokens = [ones(2, (replace(who, row=token.format(who=who, n=n)),), weeks=ALL[n::4]) for n, who in people]
    groups_there = groups(3, people=colleagues(5, "corp.example"))
    yield Life(
        "organizer forms",
        "EMAIL beside a service's token",
        "ok",
        [groups_there, *tokens],
        owner=corp,
        me=corp.address,
        program="apple",
    )


def lives() -> list[Life]:
    """All of them."""
    makers = (
        rhythms,
        joined,
        leave,
        silent,
        third_lines,
        names,
        public_mail,
        titles,
        work,
        calendars,
        truly_low,
        healthy,
        guards,
    )
    return [life for make in makers for life in make()]
