"""Lives as a sceptic would write them, each of a kind that was mended, or of one that the mending must not lose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lives.life import (
    ALL,
    ANA,
    ASKS,
    FINE,
    Entry,
    Life,
    Who,
    alone,
    away,
    colleagues,
    every,
    groups,
    ones,
    rounds,
    standing,
)


def in_turn(people: Sequence[Who], third: Sequence[Who], **fields: object) -> Iterator[Entry]:
    """Two one-to-ones a week with `people` in turn, each with the next of `third` on the list."""
    for turn in range(54):
        other, beside = people[turn % len(people)], third[turn % len(third)]
        yield ones(1, (other,), weeks=(turn // 2,), day=1 + turn % 2, extra=(beside,), **fields)


def threes(people: Sequence[Who], third: Sequence[Who], **fields: object) -> Iterator[Entry]:
    """One meeting of three a week."""
    for turn in ALL:
        pair = (people[turn % len(people)], third[turn % len(third)])
        yield Entry("Table {n}", pair, size=2, weeks=(turn,), day=3, **fields)  # type: ignore[arg-type]


def by_turns() -> Iterator[Life]:
    family = "lines that take turns"
    nine = colleagues(9)
    fresh = [Who("", f"m-{turn:02x}@in.recordly.example", "NEEDS-ACTION") for turn in range(54)]
    numbers = [Who("", f"{82_000_000 + 7919 * turn}@zoomcrc.com", "NEEDS-ACTION") for turn in range(54)]
    birds = [Who(name, f"{name.lower()}@firm.example") for name in ("Amsel", "Drossel", "Fink", "Star", "Meise")]
    halls = [Who(f"Zaal {one}", f"zaal{one.lower()}@firm.example") for one in "ABCD"]
    apart = [replace(bird, address=bird.address.replace("@", "@raeume.")) for bird in birds]
    for why, third in (
        ("a service with a new address for each meeting", fresh),
        ("a connector of conference rooms, one number each", numbers),
        ("rooms named as people, with no location", birds),
        ("rooms at a domain of their own", apart),
        ("rooms with one word and a letter, which accept", halls),
    ):
        yield Life(family, why, ASKS, [rounds(4), *in_turn(nine, third)], None)
    takers = [Who(name, f"{at}.example", "NEEDS-ACTION") for name, at in
              (("Scribo", "hello@scribo"), ("Minutely", "in@minutely"), ("Recapio", "r@recapio"))]  # fmt: skip
    one_after_the_other = [ones(2, 9, extra=(one,), weeks=ALL[9 * n : 9 * n + 9]) for n, one in enumerate(takers)]
    yield Life(family, "three note takers, nine weeks each", ASKS, [rounds(5), *one_after_the_other], None)
    yield Life(family, "two note takers on each", ASKS, [rounds(5), ones(2, 9, extra=tuple(takers[:2]))], None)
    own = [Who(f"Sek {who.name}", f"sek.{who.name.split()[1]}@firm.example".lower(), "NEEDS-ACTION") for who in nine]
    yield Life(family, "each with an assistant of their own", ASKS, [rounds(4), *in_turn(nine, own)], None)
    office = Who("Office", "office@firm.example")
    yield Life(family, "the office's mailbox on each", ASKS, [rounds(4), ones(2, 7, extra=(office,))], None)
    family = "lines that take turns are no way out"
    yield Life(family, "a department, and whoever calls it together", "at_risk", [
        rounds(3), *threes(nine, (Who("", "design@firm.example"),), lead="other")], 0)  # fmt: skip
    few = ones(1, 4, weeks=(5, 18))
    annas = [replace(who, name=f"Anna {who.name.split()[1]}") for who in nine[4:8]]
    yield Life(family, "four of one first name, each a third now and then", "at_risk", [
        rounds(4), *threes(nine[:4], annas, lead="other"), few])  # fmt: skip
    clients = [replace(who, answer="NEEDS-ACTION") for who in colleagues(35, "client.example")[12:]]
    yield Life(family, "with a colleague at silent clients of one firm", "at_risk", [
        rounds(4), *threes(colleagues(6), clients), few])  # fmt: skip
    with_room = [replace(rounds(1, extra=(bird,)), title="R {n}") for bird in birds]
    yield Life(family, "rooms named as people on every group", "at_risk", [*with_room, few])
    team = Who("Team", "team@firm.example")
    yield Life(family, "team@ and whoever calls the meeting", "at_risk", [
        rounds(3), *threes(nine, (team,), lead="other")], 0)  # fmt: skip
    single = [replace(who, name=who.name.split()[0]) for who in colleagues(20)]
    yield Life(family, "where names of one word are usual", "at_risk", [
        groups(4, people=single), *threes(single[:9], single[9:18], lead="other")])  # fmt: skip


def second_addresses() -> Iterator[Life]:
    family = "the other's second address"
    four = colleagues(4)
    for why, other in (
        ("as Entra's guest", lambda w: Who("", w.address.replace("@", "_") + "#EXT#@firm.onmicrosoft.com")),
        ("without a name, at another domain", lambda w: Who("", w.address.replace("firm", "firm-group"))),
        ("by an initial, at home", lambda w: Who("", f"{w.name[0].lower()}{w.name.split()[1].lower()}@gmail.com")),
        ("with a Dr.", lambda w: Who(f"Dr. {w.name}", w.address.replace("firm", "uni"))),
    ):
        each = [ones(2, (who,), weeks=ALL[n::4], extra=(other(who),)) for n, who in enumerate(four)]
        yield Life(family, why, ASKS, [groups(3, people=9), *each])
    accents = [Who("Jürgen Müller", "juergen.mueller@firm.example"), Who("Zoë Köhler", "zoe.koehler@firm.example")]
    each = [ones(2, (who,), weeks=ALL[n::2], extra=(Who("", who.address.replace("firm", "old")),))
            for n, who in enumerate(accents)]  # fmt: skip
    yield Life(family, "without a name, accents spelt out", ASKS, [groups(3, people=9), *each])
    old = Who("", "ana.lind@old-firm.example")
    yield Life(family, "the owner's old one without a name", ASKS, [groups(3, people=9), ones(2, 7, extra=(old,))])
    married = [replace(entry, weeks=weeks, me=me)
               for weeks, me in ((ALL[:14], ANA), (ALL[14:], Who("Ana Berger", "ana.berger@firm.example")))
               for entry in (groups(3, people=9), ones(2, 7))]  # fmt: skip
    yield Life(family, "another name since the wedding", ASKS, married, None, me="ana.berger@firm.example")


def names_in_titles() -> Iterator[Life]:
    family = "names in titles of other scripts"
    asian = [Who(name, f"p{n}@firm.example") for n, name in enumerate(("田中 太郎", "佐藤 花子", "鈴木 一郎"))]
    korean = [Who(name, f"k{n}@firm.example") for n, name in enumerate(("김철수", "이영희", "박민수"))]
    russian = [Who(name, f"r{n}@firm.example") for n, name in enumerate(("Иван Петров", "Олег Волков"))]
    for title, people, cut in (
        ("{}さんと打ち合わせ", asian, 2),
        ("{}님과 미팅", korean, 3),
        ("Встреча с {}ом", russian, 4),
    ):
        each = [ones(2, (who,), weeks=ALL[n :: len(people)], title=title.format(who.name[:cut]), listed="nobody", lead="")
                for n, who in enumerate(people)]  # fmt: skip
        yield Life(family, title, ASKS, [groups(4, len(people), people), *each], None)
    about = [Entry(title, colleagues(5), listed="nobody", lead="", day=day)
             for day, title in ((1, "Prep 1:1 {first}"), (3, "Notes from 1:1 Bo / Cem"))]  # fmt: skip
    yield Life(family, "notes on others' one-to-ones", "at_risk", [rounds(6), *about])
    yield Life(family, "Japanese blocks of focus", "at_risk", [
        replace(rounds(6), title="定例会議 {n}"), alone("集中作業", 3)], zone="Asia/Tokyo")  # fmt: skip


def leave_without_a_list() -> Iterator[Life]:
    family = "leave in languages that no list knows"
    before = [rounds(3, weeks=ALL[:13]), ones(1, 5, weeks=ALL[:13]), standing(), standing("Jour fixe", day=3)]
    titles = {
        "Polish": "Urlop macierzyński",
        "Swedish": "Föräldraledig",
        "Japanese": "休暇",
        "Russian": "Отпуск",
        "Arabic": "إجازة",
    }
    for language, title in titles.items():
        yield Life(family, f"fourteen weeks, in {language}", ASKS, [*before, away(title, 13, 98)])
    others = [away(title, 2 * n, 12) for n, title in enumerate(("Bo urlop", "Cem - semester", "Dora: loma"))]
    yield Life(family, "of colleagues, in the calendar of somebody at risk", "at_risk", [
        rounds(6), ones(1, 5, weeks=(4, 17)), *others])  # fmt: skip
    part = Entry("Elternzeit", per_week=3, day=2, days=1, lead="")
    yield Life(family, "three days of it in every week", FINE, [rounds(3), ones(1, 6, weeks=every(2)), part])


def outsiders() -> list[Life]:
    return [*by_turns(), *second_addresses(), *names_in_titles(), *leave_without_a_list()]
