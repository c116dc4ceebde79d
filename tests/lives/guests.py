"""Lives by family: who stands on an entry: note takers, rooms, assistants, second addresses, names like machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lives.life import (
    ALL,
    ANA,
    ASKS,
    FINE,
    FULL,
    OPEN,
    Entry,
    Kept,
    Life,
    Who,
    colleague,
    colleagues,
    every,
    groups,
    ones,
    rounds,
)

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
