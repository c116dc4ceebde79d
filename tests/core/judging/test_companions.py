"""Companions: whose presence makes meetings of two into meetings of three, found by one statistical rule."""

from __future__ import annotations

from collections.abc import Iterable

from calsight.core.judging.companions import Companions, companions
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


def test_the_order_of_meetings_does_not_matter() -> None:
    lists = [met(name, "archive") for name in COLLEAGUES] + [met("bo"), met("cy", "di", "eva")]
    assert found(lists) == found(reversed(lists))
