"""Companions: whose presence makes meetings of two into meetings of three, found by one statistical rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from calsight.core.judging.companions import Companions, companions, everyone
from calsight.core.model.events import Status
from calsight.core.model.meetings import Person
from calsight.core.people.presence import Presence

COLLEAGUES = ["bo", "cy", "di", "eva", "finn", "gil", "hana", "ivo"]


def met(*names: str, times: int = 1, declined: bool = False) -> tuple[Presence, Status, int]:
    others = tuple(Person(name, name.title(), f"{name}@example.com") for name in sorted(names))
    return Presence(others=others, owner_listed=True, owner_declined=declined), Status.CONFIRMED, times


def found(
    meetings: Iterable[tuple[Presence, Status, int]], *, colleagues: Iterable[str] = (), silent: Iterable[str] = ()
) -> Companions:
    never = frozenset(silent)
    return companions(meetings, colleagues=frozenset(colleagues), answers=lambda one: one not in never)


def test_who_is_beside_ever_other_people_and_never_alone_is_a_companion() -> None:
    assert found(met(name, "archive") for name in COLLEAGUES).ids == {"archive"}


def test_what_is_left_without_the_companion_is_one() -> None:
    team = found(met(name, "archive") for name in COLLEAGUES)
    (presence, _, _) = met("bo", "archive")
    assert [person.id for person in team.left(presence.others)] == ["bo"]
    assert team.beside(presence.others) == ("archive",)


def test_a_team_of_three_has_no_companion() -> None:
    assert found([met("bo", "cy", times=20)]).ids == frozenset()


def test_threes_of_ever_other_people_have_none() -> None:
    """Everybody stands on as many as the next."""
    pairs = [met(a, b) for place, a in enumerate(COLLEAGUES) for b in COLLEAGUES[place + 1 :]]
    assert found(pairs).ids == frozenset()


def test_who_is_ahead_by_chance_is_none() -> None:
    """On four of twelve meetings of three, with whoever comes next on two: that happens in every second calendar."""
    rest = [met(a, b) for a, b in zip(COLLEAGUES, reversed(COLLEAGUES), strict=True)]
    assert found([*(met(name, "gus") for name in COLLEAGUES[:4]), *rest]).ids == frozenset()


def test_someone_whom_the_owner_meets_alone_takes_part() -> None:
    assert found([*(met(name, "boss") for name in COLLEAGUES), met("boss", times=4)]).ids == frozenset()


def test_someone_who_never_answers_needs_less_evidence() -> None:
    """A note taker on two of five threes, where people answer: it stands on 1.25 times as many as anybody else."""
    threes = [met("bo", "notes", times=3), met("cy", "notes", times=2), met("bo", "cy"), met("di", "eva", times=2)]
    assert found(threes).ids == frozenset()
    assert found(threes, silent=["notes"]).ids == {"notes"}


def test_lines_that_always_come_together_are_one() -> None:
    """An assistant and the mailbox of the office: meetings for two with four lines."""
    pair = found(met(name, "assistant", "office") for name in COLLEAGUES)
    assert pair.ids == {"assistant"}
    assert pair.joined == {"office": "assistant"}
    (presence, _, _) = met("bo", "assistant", "office")
    assert [person.id for person in pair.left(presence.others)] == ["bo"]


@pytest.mark.parametrize(("more", "joined"), [(("bo", "cy", "di"), True), (("bo", "cy"), False)])
def test_only_small_meetings_tell_whether_they_come_together(more: tuple[str, ...], joined: bool) -> None:
    meetings = [met(name, "archive", "notes") for name in COLLEAGUES]
    assert bool(found([*meetings, met(*more, "notes")]).joined) is joined


def test_two_companions_share_the_threes_between_them() -> None:
    threes = [met(name, "assistant", times=4) for name in COLLEAGUES[:5]]
    threes += [met(name, "notes", times=4) for name in COLLEAGUES[2:7]]
    assert found(threes).ids == {"assistant", "notes"}


def test_a_second_one_shows_with_the_first_out_of_the_way() -> None:
    lists = [met(name, "assistant", "notes") for name in COLLEAGUES[:6]] + [
        met(name, "assistant") for name in COLLEAGUES
    ]
    assert found(lists).ids == {"assistant", "notes"}


def test_colleagues_of_the_settings_take_part() -> None:
    assert found((met(name, "deputy") for name in COLLEAGUES), colleagues=["deputy"]).ids == frozenset()


def test_declined_and_incomplete_lists_say_nothing() -> None:
    declined = [met(name, "archive", declined=True) for name in COLLEAGUES]
    with_group = [(Presence(others=one.others, groups=("team@example.com",)), status, n) for one, status, n in declined]
    assert found([*declined, *with_group]).ids == frozenset()


def test_who_is_left_alone_because_all_others_declined_met_nobody_alone() -> None:
    booked = [met(name, "pat") for name in COLLEAGUES]
    alone, status, _ = met("pat")
    left = (replace(alone, declined=(Person("bo", "Bo", "bo@example.com"),)), status, 8)
    assert found([*booked, left]).ids == {"pat"}
    assert found([*booked, met("pat", times=8)]).ids == frozenset()


def test_the_order_of_meetings_does_not_matter() -> None:
    lists = [met(name, "archive") for name in COLLEAGUES] + [met("bo"), met("cy", "di", "eva")]
    assert found(lists) == found(reversed(lists))


class TestHowMuchIsEnough:
    """Each number of the rule, just on it and just beside."""

    @staticmethod
    def threes(**counts: int) -> list[tuple[Presence, Status, int]]:
        """Meetings of three, by "who_whom" and how often."""
        return [met(*pair.split("_"), times=times) for pair, times in counts.items() if times]

    @pytest.mark.parametrize(("cy", "who"), [(1, {"x"}), (0, set())])
    def test_three_meetings_with_two_others_for_one_who_never_answers(self, cy: int, who: set[str]):
        assert found(self.threes(bo_x=2, cy_x=cy), silent=["x"]).ids == who
        assert found(self.threes(bo_x=3 - cy, cy_x=cy), silent=["x"]).ids == who

    def test_as_many_as_the_next_is_not_ahead(self):
        lists = self.threes(bo_aa=3, cy_aa=2, bo_cy=1, cy_di=2, bo_eva=1)  # 5, as Bo and Cy
        assert found(lists, silent=["aa"]).ids == set()

    def test_beside_one_other_only_is_no_companion(self):
        assert found([*self.threes(bo_aa=4), met("bo")], silent=["aa"]).ids == set()

    def test_two_meetings_are_too_few(self):
        assert found(self.threes(bo_x=1, cy_x=1), silent=["x"]).ids == set()

    @pytest.mark.parametrize(("others", "who"), [(2, set()), (3, {"x"})])
    def test_three_different_others_for_one_who_answers(self, others: int, who: set[str]):
        names = COLLEAGUES[:others]
        assert found(met(name, "x", times=30 // others) for name in names).ids == who

    @pytest.mark.parametrize(("alone", "who"), [(8, {"x"}), (9, set())])
    def test_alone_with_the_owner_once_for_four_meetings_of_three(self, alone: int, who: set[str]):
        assert found([*self.threes(bo_x=11, cy_x=11, di_x=10), met("x", times=alone)]).ids == who

    @pytest.mark.parametrize(("more", "who"), [(0, {"x"}), (1, set())])
    def test_a_quarter_of_all_meetings_of_three(self, more: int, who: set[str]):
        people = [f"p{number}" for number in range(18)]
        ring = [met(one, other, times=5) for one, other in zip(people, [*people[1:], people[0]], strict=True)]
        beside = [met(one, "x", times=2 if place < 12 else 1) for place, one in enumerate(people)]
        assert found([*ring, *beside, *self.threes(p0_p9=more)]).ids == who  # 30 of 120, 30 of 121

    @pytest.mark.parametrize(("more", "who"), [(0, {"x"}), (1, set())])
    def test_twice_as_many_as_whoever_comes_next(self, more: int, who: set[str]):
        beside = self.threes(bo_x=8, cy_x=8, di_x=7, eva_x=7)  # 30; Bo is on 15
        assert found([*beside, *self.threes(bo_cy=4, bo_di=3 + more)]).ids == who

    @pytest.mark.parametrize(("more", "who"), [(0, {"x", "y"}), (1, set())])
    def test_two_together_half_as_many_again_as_whoever_comes_next(self, more: int, who: set[str]):
        beside = [met(one, other, times=50) for one in ("bo", "cy", "di") for other in ("x", "y")]
        assert found([*beside, *self.threes(bo_cy=more)]).ids == who  # 150 of 300; Bo is on 100

    @pytest.mark.parametrize(("more", "who"), [(0, {"x"}), (1, set())])
    def test_a_quarter_more_for_one_who_never_answers(self, more: int, who: set[str]):
        lists = self.threes(bo_x=3, cy_x=2, bo_cy=1, cy_di=1 + more, bo_eva=more)  # 5; Bo and Cy are on 4
        assert found(lists, silent=["x"]).ids == who

    @pytest.mark.parametrize(("times", "who"), [(6, set()), (7, {"x"})])
    def test_on_all_of_them_by_chance_in_one_calendar_of_twenty(self, times: int, who: set[str]):
        """Of four people two at a time: 4 · (2/4)^6 is 0.06, 4 · (2/4)^7 is 0.03."""
        assert found(self.threes(bo_x=times - 4, cy_x=2, di_x=2)).ids == who

    @pytest.mark.parametrize(("times", "who"), [(16, set()), (17, {"x"})])
    def test_on_most_of_them_by_chance_in_one_calendar_of_twenty(self, times: int, who: set[str]):
        """Chernoff's bound for 16 of 26 and 17 of 27, of six people two at a time."""
        five = COLLEAGUES[:5]
        others = [met(one, other) for place, one in enumerate(five) for other in five[place + 1 :]]
        beside = self.threes(bo_x=4, cy_x=times - 13, di_x=3, eva_x=3, finn_x=3)
        assert found([*others, *beside]).ids == who

    def test_of_three_two_are_found(self):
        lists = [met(name, *who) for name in COLLEAGUES for who in (("a",), ("a", "b"), ("a", "b", "c"))]
        assert found(lists).ids == {"a", "b"}

    def test_beside_the_first_there_is_room_for_one_more(self):
        """Two who share what is left between them are one too many."""
        lists = [met(name, "a", times=9) for name in COLLEAGUES]
        lists += [met(name, "a", "b", times=4) for name in COLLEAGUES[:5]]
        lists += [met(name, "a", "c", times=4) for name in COLLEAGUES[2:7]]
        assert found(lists).ids == {"a"}

    @pytest.mark.parametrize(("times", "who"), [(2, set()), (3, {"x"})])
    def test_lines_that_came_together_three_times_are_one(self, times: int, who: set[str]):
        assert found([met("bo", "x"), met("cy", "di", "x", times=times)], silent=["x"]).ids == who

    def test_never_to_answer_says_nothing_where_two_of_five_do(self):
        lists = self.threes(bo_x=3, cy_x=2, bo_cy=1, cy_di=1, di_eva=1)
        assert found(lists, silent=["x", "di", "eva"]).ids == set()
        assert found(lists, silent=["x", "eva"]).ids == {"x"}

    @pytest.mark.parametrize(("silent", "who"), [("di", {"x"}), ("di cy", set())])
    def test_never_to_answer_says_something_where_half_of_the_others_do(self, silent: str, who: set[str]):
        lists = self.threes(bo_x=3, cy_x=2, bo_cy=1, cy_di=1)
        assert found(lists, silent=["x", *silent.split()]).ids == who


class TestLinesThatTakeTurns:
    """Lines of one kind, never two of them at once and never one alone with the owner, count as one."""

    @staticmethod
    def turns(*third: Person, quiet: int = 0, also: tuple[Person, ...] = (), **more: object) -> Companions:
        """Eight people, of whom `quiet` never answer, with the `third` in turn; `also` are at one more meeting."""
        people = [Person(f"{n}@firm.example", f"Bo {n}", f"{n}@firm.example") for n in COLLEAGUES]
        meetings = [
            (Presence(others=(people[n % 8], third[n % len(third)]), owner_listed=True), Status.CONFIRMED, 1)
            for n in range(16)
        ]
        if also:
            meetings.append((Presence(others=also, owner_listed=True), Status.CONFIRMED, 1))
        silent = {one.id for one in third} if more.pop("silent", True) else set()
        silent |= {one.id for one in people[:quiet]}
        settings = {"colleagues": frozenset(), "own_domains": ("firm.example",), **more}
        return companions(meetings, answers=lambda one: one not in silent, **settings)  # type: ignore[arg-type]

    @staticmethod
    def lines(address: str, name: str = "") -> list[Person]:
        return [Person(address.format(n), name.format(n), address.format(n)) for n in range(4)]

    def test_a_service_with_ever_new_addresses_is_its_domain(self):
        assert self.turns(*self.lines("m{}@notes.example")).ids == {"@notes.example"}

    def test_three_addresses_are_a_service_already(self):
        assert self.turns(*self.lines("m{}@notes.example")[:3]).ids == {"@notes.example"}

    @pytest.mark.parametrize(("quiet", "who"), [(4, {"@notes.example"}), (5, set())])
    def test_that_none_answers_says_something_where_half_of_the_others_do(self, quiet: int, who: set[str]):
        assert self.turns(*self.lines("m{}@notes.example"), quiet=quiet).ids == who

    def test_who_is_alone_with_the_owner_once_is_of_no_kind(self):
        service = self.lines("m{}@notes.example")
        assert "@notes.example" not in self.turns(*service, also=(service[0],)).ids

    def test_two_that_come_at_once_are_of_no_kind(self):
        service = self.lines("m{}@notes.example")
        assert "@notes.example" not in self.turns(*service, also=tuple(service[:2])).ids

    def test_clients_of_one_firm_are_people(self):
        assert not self.turns(*self.lines("m{}@client.example", "Cy {}")).ids

    def test_at_a_domain_where_somebody_answers_they_are_people(self):
        assert not self.turns(*self.lines("m{}@notes.example"), silent=False).ids

    def test_rooms_at_a_subdomain_of_ours_may_accept(self):
        assert self.turns(*self.lines("r{}@raum.firm.example", "Fink {}"), silent=False).ids == {"@raum.firm.example"}

    def test_rooms_beside_people_have_names_of_one_word(self):
        rooms = self.turns(*self.lines("r{}@firm.example", "Fink{}"), silent=False)
        assert rooms.ids == {"r0@firm.example"}
        assert rooms.beside(self.lines("r{}@firm.example")[2:3]) == ("r2@firm.example",)

    @pytest.mark.parametrize(("named", "who"), [(1, {"r0@firm.example"}), (0, set())])
    def test_where_six_of_ten_have_full_names_people_have_one(self, named: int, who: set[str]):
        """Eight people and one more, of fifteen lines."""
        more = [Person("zoe@firm.example", "Zoe Berg", "zoe@firm.example")][:named]
        rooms = [Person(f"r{n}@firm.example", f"Fink{n}", f"r{n}@firm.example") for n in range(6)]
        assert self.turns(*rooms, *more, silent=False).ids == who

    @pytest.mark.parametrize("called", ["Saal {}", "{} Saal"])
    def test_three_rooms_that_share_their_first_word_or_their_last_take_turns(self, called: str):
        birds = ("Amsel", "Drossel", "Fink")
        rooms = [
            Person(f"r{n}@firm.example", called.format(bird), f"r{n}@firm.example") for n, bird in enumerate(birds)
        ]
        assert self.turns(*rooms, silent=False).ids == {"r0@firm.example"}

    def test_who_is_said_to_take_part_is_of_no_kind(self):
        third = self.lines("r{}@firm.example", "Fink{}")
        said = self.turns(*third, silent=False, colleagues=frozenset({"r0@firm.example"}))
        assert said.ids == {"r1@firm.example"}
        assert not self.turns(*self.lines("m{}@notes.example"), colleagues=frozenset({"@notes.example"})).ids


def test_of_lines_that_come_together_a_colleague_stands_apart() -> None:
    meetings = [met(name, "archive", "mailbox") for name in COLLEAGUES]
    assert found(meetings).ids == {"archive"}
    assert not found(meetings, colleagues={"mailbox"}).ids


def test_lines_that_never_answer_and_always_come_with_the_same_other_are_assistants() -> None:
    own = {name: f"office of {name}" for name in COLLEAGUES[:3]}
    pairs = [met(name, office, times=3) for name, office in own.items()]
    team = met(*COLLEAGUES, times=9)
    assert found([*pairs, team], silent=own.values()).ids == set(own.values())
    assert not found([*pairs[:2], team], silent=own.values()).ids  # two may be a team
    one_with_three = found([met("bo", office, times=3) for office in own.values()], silent=own.values())
    assert one_with_three.ids == {"bo"}  # a deputy
    assert not found([*pairs, team]).ids


@pytest.mark.parametrize(("silent", "offices"), [("", 3), ("dan", 0)])
def test_assistants_are_told_where_half_of_all_lines_answer(silent: str, offices: int) -> None:
    own = {name: f"office of {name}" for name in COLLEAGUES[:3]}
    meetings = [met(name, office, times=3) for name, office in own.items()]
    meetings += [met(*COLLEAGUES[:3], silent)] if silent else []
    assert len(found(meetings, silent=[*own.values(), silent]).ids) == offices


@pytest.mark.parametrize(("group", "mine", "line"), [("hr", True, True), ("hr", False, False), ("team", True, False)])
def test_an_office_that_the_owner_invites_is_a_line(group: str, mine: bool, line: bool) -> None:
    address = f"{group}@example.com"
    others = met("bo")[0].others
    presence = Presence(others=others, groups=(address,), organised_by_me=mine, owner_listed=True)
    assert len(everyone(presence, ("example.com",))) == (2 if line else 0)
    assert len(everyone(presence, ("firm.example",))) == 0  # bo is there of that domain
