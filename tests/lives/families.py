"""Lives by family: each family is one way in which a calendar misleads, or one that must not be lost.

Levels are those that may be said; where the calendar leaves it open, asking is right too (`insufficient_data`). Who met people
must not hear `at_risk`; who truly did not must.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

from lives.life import (
    ALL,
    ANA,
    WORKDAYS,
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
from lives.low import guards, healthy, truly_low

ASKS = "ok|watch|insufficient_data"  # fine in truth: anything but a false alarm
FINE = "ok|watch"
UNKNOWN = "watch|insufficient_data"
OPEN = "watch|at_risk|insufficient_data"
FULL = range(1000)


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


NOTE_TAKERS = (
    Who("Fireflies.ai Notetaker Fred", "fred@fireflies.ai"), Who("", "notetaker@otter.ai"),
    Who("", "executive.assistant@e.read.ai"), Who("tl;dv", "bot@tldv.io"), Who("", "firm.meetings@gong.io"),
    Who("", "notetaker@avoma.com"), Who("Clari Copilot", "recorder@copilot.clari.com"),
    Who("Fellow", "notes@fellow.app"), Who("", "meet@circleback.ai"), Who("", "notetaker@attention.tech"),
    Who("Momentum", "assistant@momentum.io"), Who("", "bot@granola.ai"), Who("", "agent@sembly.ai"),
    Who("Microsoft Copilot", "copilot@firm.example"), Who("Claap Bot", "bot@claap.io"),
    Who("Calendly", "notifications@calendly.com"),
)  # fmt: skip
ROOMS = (
    Who("Fjord", "firm.example_188@resource.calendar.google.com", cutype="RESOURCE"),
    Who("Room 4.12", "r412@firm.example"), Who("Conf Churchill", "conf.churchill@firm.example"),
    Who("Büro 3.07", "buero307@firm.example"), Who("Huddle", "huddle2@firm.example"),
)  # fmt: skip


def third_lines() -> Iterator[Life]:
    for bot in NOTE_TAKERS:
        kept = [groups(4), ones(2, 6, extra=(replace(bot, answer="NEEDS-ACTION"),))]
        yield Life("bots", f"{bot.address} in every one-to-one", "ok", kept)
    memo = Who("Memo", "memo@unheard-of.example", "NEEDS-ACTION")
    unheard = [groups(4), ones(2, 6, extra=(memo,))]
    yield Life("bots", "one that no list knows in every one-to-one, which is a doubt", ASKS, unheard, None)
    for room in ROOMS:
        yield Life(
            "rooms without CUTYPE", f"{room.name} in every one-to-one", "ok", [groups(4), ones(2, 6, extra=(room,))]
        )
    pat = colleague("Pat Quinn")
    for each, many in ((4, 10), (5, 3)):
        booked = Entry("{name} / Ana", (), per_week=each, held=True, day=0)
        entries = [
            replace(booked, people=(pat, who), size=2, lead="other", weeks=ALL[n::9])
            for n, who in enumerate(colleagues(9))
        ]
        yield Life("assistant organises", f"{each} a week, {many} groups", ASKS, [groups(many), *entries], None)
    yield Life(
        "assistant organises",
        "named in the settings",
        "ok",
        [groups(10), *entries],
        settings={"people": {"assistants": [pat.address]}},
    )
    private = Who("Ana Lind", "ana.private@gmail.com")
    family = "own second address"
    yield Life(family, "the private one in each one-to-one", ASKS, [groups(4), ones(2, 6, extra=(private,))], None)
    yield Life(
        family,
        "a plus tag",
        "ok",
        [groups(4), ones(2, 6, extra=(replace(private, address="ana.lind+cal@firm.example"),))],
    )
    most = [
        groups(4),
        ones(1, 8, extra=(private,)),
        ones(1, 8, day=3, weeks=every(3)),
        ones(1, 8, day=3, weeks=[w for w in ALL if w % 3], extra=(private,)),
    ]
    yield Life(family, "the private one in most", ASKS, most, FULL)
    alias = replace(ANA, address="alind@firm.example")
    yield Life("own alias", "one-to-ones come to an alias", ASKS, [groups(5), ones(2, lead="other", me=alias)], None)
    yield Life(
        "meets herself",
        "weekly with her own private address",
        "watch|at_risk",
        [groups(3), Entry("Weekly review", (private,), day=4)],
    )
    tagged = replace(ANA, address="ana.lind+todo@firm.example")
    yield Life(
        "only with oneself",
        "weekly with her own +todo address",
        "at_risk",
        [rounds(5), Entry("Todo", (tagged,), day=4)],
    )
    third = replace(colleague("Ivo Berg"), answer="DECLINED")
    family = "other's answers and addresses"
    yield Life(family, "a third always declines", FINE, [groups(4), ones(1, 4, extra=(third,))])
    yield Life(family, "Outlook lists only the other", "ok", [groups(1), ones(2, 5)], program="outlook")
    private_too = [(who, Who(who.name, who.address.replace("firm.example", "gmail.com"))) for who in colleagues(3)]
    twice = [ones(2, (who,), weeks=ALL[n::3], extra=(other,)) for n, (who, other) in enumerate(private_too)]
    yield Life(family, "the other under two addresses with one name", FINE, [groups(4), *twice])
    x500 = [
        ones(2, (replace(who, name=""),), weeks=ALL[n::3], extra=(Who(who.name, "", row=_x500(who)),))
        for n, who in enumerate(colleagues(3))
    ]
    yield Life(
        "one person under two addresses", "Outlook, by SMTP and by X.500", FINE, [groups(4), *x500], program="outlook"
    )


def _x500(who: Who) -> str:
    path = f"/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=1f2e3d-{who.name.split()[0].lower()}"
    return f'ATTENDEE;PARTSTAT=NEEDS-ACTION;CN="{who.name}":{path}'


def names() -> Iterator[Life]:
    family = "colleagues whose names look like machines"
    for name, local in (
        ("Jan Bot", "jan_bot"),
        ("Team Lee", "team.lee"),
        ("Jo List", "j_list"),
        ("Sala Staff", "sala.staff"),
    ):
        who = Who(name, f"{local}@firm.example")
        yield Life(family, f"{name} weekly, another weekly", "ok", [groups(4), ones(1, (who,)), ones(1, 4, day=3)])
    at_x = {"owner": replace(ANA, address="ana.lind@x.ai")}
    yield Life(
        family,
        "at a company whose domain is a note taker's",
        "ok",
        [groups(4, people=colleagues(5, "x.ai")), ones(3, colleagues(3, "x.ai"))],
        **at_x,
    )
    yield Life(
        "lists and plus tags",
        "every one-to-one is with a list",
        OPEN,
        [groups(4), Entry("Sync", (Who("", "bo-team@firm.example"),), per_week=2)],
    )
    engineers = Entry(
        "Engineering sync",
        (colleague("Bo Karl"),),
        lead="other",
        listed="nobody",
        lines=("ATTENDEE:mailto:eng@firm.example",),
    )
    yield Life("a list as the only guest", "weekly to a department's list", OPEN, [groups(4), engineers], 0)
    old, new = range(16), range(16, 27)
    moved = [replace(entry, weeks=weeks, people=colleagues(5, domain), me=replace(ANA, address=f"ana.lind@{domain}"))
             for weeks, domain in ((old, "old.example"), (new, "new.example")) for entry in (groups(3), ones(2))]  # fmt: skip
    owner = {"owner": replace(ANA, address="ana.lind@old.example")}
    for me in ("ana.lind@old.example", ""):
        yield Life(
            "domain renamed",
            f"eleven weeks ago, given: {me or 'nothing'}",
            ASKS,
            [Kept(moved, name="Work")],
            None,
            me=me,
            **owner,
        )


def public_mail() -> Iterator[Life]:
    family = "work with people at public mail providers"
    clients = tuple(Who(f"Lead {n}", f"lead{n}@gmail.com") for n in range(40))
    coach = [groups(1), ones(5, clients, day=0)]
    yield Life(family, "a coach", FINE, coach, settings={"owner": {"profile": "self_employed"}})
    friends = colleagues(5, "gmail.com")
    bakery = [groups(2, people=friends), ones(3, friends[:3])]
    yield Life(
        family, "a bakery whose people all use one", ASKS, bakery, owner=replace(ANA, address="ana@bakery.example")
    )
    yield Life(
        family,
        "everybody, the owner too",
        "ok",
        [groups(3, people=friends), ones(2, friends[:2])],
        owner=replace(ANA, address="ana.lind@gmail.com"),
    )


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
