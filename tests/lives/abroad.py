"""Lives in other countries and trades, with other programs: written before it was looked at what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from lives.life import ALL, Entry, Kept, Life, Who, alone, away, every, groups, ones, rounds, standing

ASKS = "ok|watch|insufficient_data"


def people(names: str, domain: str) -> tuple[Who, ...]:
    """People of those names: "Bo Two" is bo.two@domain."""
    return tuple(Who(name, f"{name.lower().replace(' ', '.')}@{domain}") for name in re.split(r",\s+", names.strip()))


POLES = people(
    """Zofia Mazur, Piotr Lis, Ewa Gil, Tomasz Baran, Marta Kos, Olek Sroka, Iga Dudek, Jacek Wrona, Kasia Pawlak,
    Adam Rak, Hanna Wilk, Magda Sikora""",
    "fabryka.example",
)
DUTCH = people(
    "Sanne Bakker, Joost Mulder, Femke Smit, Bram Visser, Lotte Meijer, Daan Kok, Iris Jansen, Teun Vos, Wim Hoek",
    "waterschap.example",
)
SWEDES = people(
    "Astrid Holm, Erik Ek, Maja Dahl, Oskar Sand, Nils Berg, Freja Lind, Axel Ros, Ebba Falk, Karin Norberg",
    "kommun.example",
)
TURKS = people(
    "Elif Kaya, Emre Demir, Zeynep Aksoy, Burak Aslan, Can Polat, Deniz Tekin, Ece Acar, Kaan Uzun, Selin Orhan",
    "banka.example",
)
FRENCH = people(
    "Camille Petit, Julien Moreau, Hugo Renard, Manon Barbier, Luc Meunier, Aude Colin, Paul Perrin, Odile Marchand",
    "mairie.example",
)
CLIENTS = tuple(Who(f"Client {chr(65 + n)}rsen", f"c{n}@client{n}.example") for n in range(20))
NOTES = Who("", "memo@notulen.example", "NEEDS-ACTION")


def round_of(who: tuple[Who, ...], per_week: int = 4, **fields: object) -> Entry:
    """Meetings of six of them, without the last, who owns the calendar."""
    return replace(groups(per_week, 5, who[:-1]), title="Round {n}", lead="in turn", **fields)  # type: ignore[arg-type]


def booked(by: Who, who: tuple[Who, ...], **fields: object) -> list[Entry]:
    """Two one-to-ones a week that somebody else organises, and is listed on."""
    each = Entry("Talk {n}", size=2, per_week=1, lead="other", held=True, **fields)  # type: ignore[arg-type]
    return [
        replace(each, people=(by, one), weeks=ALL[n :: len(who)], day=day)
        for n, one in enumerate(who)
        for day in (1, 3)
    ]


def at(domain: str, *entries: Entry, me: Who) -> list[Entry]:
    """The same entries with everybody's addresses, the owner's too, at another domain."""

    def moved(who: Who) -> Who:
        return replace(who, address=f"{who.address.partition('@')[0]}@{domain}")

    return [replace(entry, people=tuple(map(moved, entry.people)), me=moved(me)) for entry in entries]


def well() -> Iterator[Life]:
    family = "abroad, somebody or something on each"
    office = Who("Sekretariat", "sekretariat@fabryka.example")
    yield Life(family, "a secretary's office in Poland", ASKS, [
        round_of(POLES), ones(2, POLES[:5], extra=(office,))], None, owner=POLES[-1])  # fmt: skip
    crm = Who("", "4411223@bcc.hubspot.com", "NEEDS-ACTION")
    yield Life(family, "a CRM's copy", "ok", [round_of(DUTCH), ones(3, CLIENTS[:12], extra=(crm,))], owner=DUTCH[-1])
    zoom = Who("Zoom", "82012345678@zoomcrc.com", "NEEDS-ACTION")
    yield Life(family, "Zoom's connector", "ok", [round_of(DUTCH), ones(2, DUTCH[:6], extra=(zoom,))], owner=DUTCH[-1])
    nick = Who("Mimi", "mimi77@icloud.com")
    yield Life(family, "the owner under a nickname", ASKS, [
        round_of(FRENCH), ones(2, FRENCH[:6], extra=(nick,))], None, owner=FRENCH[-1])  # fmt: skip
    interpreter = Who("Mina Sato", "sato@tolk.example")
    yield Life(family, "an interpreter", ASKS, [
        round_of(SWEDES), ones(2, CLIENTS[:9], extra=(interpreter,))], None, owner=SWEDES[-1])  # fmt: skip
    yield Life(family, "a note taker, in bookings that leave the owner out", ASKS, [
        round_of(DUTCH), ones(2, CLIENTS[:9], listed="others", extra=(NOTES,))], None, owner=DUTCH[-1])  # fmt: skip
    cabinet = Who("Cabinet du maire", "cabinet@mairie.example")
    yield Life(family, "the mayor's cabinet, which organises", ASKS, [
        round_of(FRENCH), *booked(cabinet, CLIENTS[:6])], None, owner=FRENCH[-1])  # fmt: skip
    yield Life(family, "the colleague of a four-eyes interview", ASKS, [
        round_of(POLES, 3), *booked(Who("Ida Zych", "ida.zych@fabryka.example"), CLIENTS)], None, owner=POLES[-1])  # fmt: skip
    hall = Who("Mozart", "mozart@fabryka.example")
    yield Life(family, "a room, and a note taker that is everywhere", ASKS, [
        round_of(POLES, extra=(NOTES,)), ones(2, POLES[:6], extra=(NOTES, hall))], None, owner=POLES[-1])  # fmt: skip
    family = "abroad, names that changed"
    new = at("bank-yeni.example", round_of(TURKS, weeks=ALL[13:]), ones(2, TURKS[:6], weeks=ALL[13:]), me=TURKS[-1])
    renamed = [round_of(TURKS, weeks=ALL[:13]), *new]
    for me in (TURKS[-1].address, ""):
        yield Life(family, f"a domain half-way, given: {me or 'nothing'}", ASKS, renamed, None, owner=TURKS[-1], me=me)
    merged = [ones(2, (who,), weeks=ALL[n::6], extra=(Who(who.name, f"x{n}@region.example"),))
              for n, who in enumerate(SWEDES[:6])]  # fmt: skip
    yield Life(family, "a merger, everybody listed twice", ASKS, [round_of(SWEDES), *merged], None, owner=SWEDES[-1])
    jobs = [Kept([round_of(TURKS, weeks=ALL[:16]), ones(2, TURKS[:5], weeks=ALL[:16])], name="Old"),
            Kept(at("yeni.example", round_of(TURKS, weeks=ALL[20:]), ones(2, TURKS[:5], weeks=ALL[20:]), me=TURKS[-1]),
                 name="selin.orhan@yeni.example")]  # fmt: skip
    yield Life(family, "another job after four weeks", ASKS, jobs, None, owner=TURKS[-1])
    family = "abroad, trades"
    initials = [ones(1, (), title=title, day=n % 5, at=time(9 + n // 5), lead="")
                for n, title in enumerate(("A.B.", "L. C.", "M.D.", "K.E.", "J.F.", "P. G."))]  # fmt: skip
    yield Life(family, "a therapist, initials only", ASKS, [groups(1, 4, FRENCH), *initials], None, owner=FRENCH[-1])
    lessons = [
        ones(1, (), title=f"Rijles {name}", day=n % 5, lead="") for n, name in enumerate(("Sem", "Noor", "Finn"))
    ]
    yield Life(family, "a driving instructor", ASKS, [groups(1, 4, DUTCH), *lessons], None, owner=DUTCH[-1])
    on_call = [week for week in ALL if week % 3]
    yield Life(family, "on call one week in three", ASKS, [
        round_of(SWEDES, weeks=on_call), ones(2, SWEDES[:5], weeks=on_call), away("Jour", 2, 7, weeks=every(3))],
        owner=SWEDES[-1])  # fmt: skip
    yield Life(family, "rounds of ten each quarter, the second nine weeks ago", "ok|watch", [
        round_of(TURKS), ones(10, 35, weeks=(5, 17), day=0)], owner=TURKS[-1])  # fmt: skip
    family = "abroad, away"
    here = [round_of(POLES, 3, weeks=ALL[:20]), ones(2, POLES[:5], weeks=ALL[:20]), standing(people=POLES[:6])]
    unanswered = round_of(POLES, 3, weeks=ALL[20:])
    yield Life(family, "ill, invitations unanswered", ASKS, [
        *here, replace(unanswered, lead="other", answer="NEEDS-ACTION")], owner=POLES[-1])  # fmt: skip
    yield Life(family, "ill, invitations declined", ASKS, [
        *here, replace(unanswered, lead="other", answer="DECLINED")], owner=POLES[-1])  # fmt: skip


def at_risk() -> Iterator[Life]:
    family = "abroad, at risk"
    rare = ones(1, POLES[:2], weeks=(6, 17))
    yield Life(family, "a note taker on each group", "at_risk", [
        round_of(POLES, 6, extra=(NOTES,)), rare], owner=POLES[-1])  # fmt: skip
    pair = Entry("Board {n}", (*DUTCH[:2], DUTCH[2]), size=3, lead="in turn", day=2)
    yield Life(family, "two who always come together, and not alone", "at_risk", [
        round_of(DUTCH, 4), pair, ones(1, DUTCH[3:5], weeks=(4, 15))], owner=DUTCH[-1])  # fmt: skip
    dienst = Who("Dienstauto 3", "dienstauto3@waterschap.example")
    yield Life(family, "a car on each group", "at_risk", [round_of(DUTCH, 6, extra=(dienst,))], owner=DUTCH[-1])
    silent = tuple(replace(who, answer="NEEDS-ACTION") for who in SWEDES)
    yield Life(family, "an export without answers", "at_risk", [
        round_of(silent, 5, answer="NEEDS-ACTION"), ones(1, silent[:2], weeks=(5, 13))], owner=SWEDES[-1])  # fmt: skip
    society = Who("Société de cardiologie", "webinaires@societe.example")
    yield Life(family, "a society's webinars, in a list of two", "at_risk", [
        round_of(FRENCH, 5), Entry("Webinaire {n}", (society,), lead="other", day=3)], 0, owner=FRENCH[-1])  # fmt: skip
    dentist = Who("Tandartspraktijk Zuid", "afspraken@tandartszuid.example")
    yield Life(family, "a dentist's system invites", "at_risk", [
        round_of(DUTCH, 5), Entry("Afspraak", (dentist,), lead="other", weeks=every(4))], None, owner=DUTCH[-1])  # fmt: skip
    panels = [Entry("Interview {n}", (POLES[n % 5], POLES[5 + n % 5], who), size=3, weeks=(n,), day=2)
              for n, who in enumerate(CLIENTS)]  # fmt: skip
    yield Life(family, "panels of three interview", "at_risk", [round_of(POLES), *panels], 0, owner=POLES[-1])
    feed = [
        Entry(f"{who.name} - Ledig", weeks=ALL[n::4], days=3, day=n % 3, lead="") for n, who in enumerate(SWEDES[:8])
    ]
    yield Life(family, "a feed of everybody's leave beside", "at_risk", [
        Kept([round_of(SWEDES, 5)]), Kept(feed, name="Ledighet")], 0, owner=SWEDES[-1])  # fmt: skip
    jobs = [Kept([round_of(TURKS, weeks=ALL[:15]), ones(3, TURKS[:6], weeks=ALL[:15])], name="Old"),
            Kept(at("yeni.example", round_of(TURKS, 5, weeks=ALL[16:]), me=TURKS[-1]),
                 name="selin.orhan@yeni.example")]  # fmt: skip
    yield Life(family, "nobody since another job began", "at_risk", jobs, 45, owner=TURKS[-1])
    rest = [week for week in ALL if week not in (20, 21)]
    yield Life(family, "four a week, none for eleven weeks, two of them on leave", "at_risk", [
        round_of(POLES, 5, weeks=rest), ones(4, POLES[:8], weeks=ALL[:16]), away("Urlop", 20, 14)],
        owner=POLES[-1])  # fmt: skip
    tasks = [alone("Raport", 2), alone("Siłownia", 2, at=time(7)), alone("Księgowość", day=3)]
    yield Life(family, "tasks of one's own", "at_risk", [round_of(POLES, 5), *tasks], owner=POLES[-1])
    declined = Entry("Demo {n}", CLIENTS, lead="other", answer="DECLINED")
    yield Life(family, "demonstrations declined", "at_risk", [round_of(TURKS, 5), declined], owner=TURKS[-1])
    everybody = Entry("Réunion", FRENCH[:1], per_week=3, lead="other", listed="nobody",
                      lines=("ATTENDEE;CUTYPE=GROUP:mailto:tous@mairie.example",))  # fmt: skip
    yield Life(family, "invitations to everybody", "at_risk", [rounds(3), everybody], 0, owner=FRENCH[-1])


def abroad() -> list[Life]:
    return [*well(), *at_risk()]
