"""People in a terminal: by stage, with what speaks for each."""

from __future__ import annotations

import io

from calsight.core.model.report import PersonOut, Relationship
from calsight.core.wording.words import Words
from calsight.render.languages import words_in
from calsight.render.terminal.people import PeopleView
from calsight.render.terminal.screen import console


def tie(name: str, **known: object) -> Relationship:
    said = {
        "person": PersonOut(id=f"{name}@example.com", name=name, address=f"{name}@example.com"),
        "scope": "organisation",
        "stage": "interactions_only",
        "status": None,
        "alive": None,
        "interactions": 0,
        "first": None,
        "last": None,
        "typical_gap_days": None,
        "silence_days": None,
    }
    return Relationship(**said | known)  # type: ignore[arg-type]


KNOWN = [
    tie(
        "Bo",
        stage="relationship_signs",
        status="cooling",
        alive=0.5,
        interactions=7,
        expectation=["rhythm", "acme_lunch"],
    ),
    tie("Cem", role="manager"),
]


def screen(ties: list[Relationship], words: Words, width: int = 100) -> list[str]:
    made = io.StringIO()
    console(made, width=width).print(PeopleView(ties, words))
    return [" ".join(line.split()) for line in made.getvalue().splitlines() if line.strip()]


def test_relationships_come_first_and_every_sign_is_said():
    assert screen(KNOWN, Words()) == [
        "Signs of a relationship (1)",
        "who is alive met every last signs",
        "Bo cooling 50% 7 a regular rhythm; acme lunch",
        "Bo@example.com",
        "Interactions only (1)",
        "who is alive met every last signs",
        "Cem not met 0 my manager",
        "Cem@example.com",
        "Name someone by what stands below their name: calsight note Bo@example.com --on DATE, calsight",
        "correct person Bo@example.com manager, calsight keep Bo@example.com --every 3w.",
    ]


def test_the_same_in_german():
    assert "Bo kühlt ab 50% 7 ein fester Rhythmus; acme lunch" in screen(KNOWN, words_in("de"))


def test_a_narrow_terminal_leaves_the_signs_out():
    assert "Bo cooling 50% 7" in screen(KNOWN, Words(), width=60)


def test_nobody_is_said_to_be_nobody():
    assert screen([], Words()) == ["This calendar shows no one-to-one with anybody in these weeks."]


def test_an_address_is_broken_only_where_the_signs_have_no_room_beside_it():
    known = tie("berta.cole", stage="relationship_signs", expectation=["rhythm", "series_kept", "next_booked"])
    assert any("berta.cole@example.com" in line for line in screen([known], Words(), width=80))
    assert not any("berta.cole@example.com" in line for line in screen([known], Words(), width=70)[:5])
