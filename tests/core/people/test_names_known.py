"""What the lists together tell: who is called how, and who is like a place."""

from __future__ import annotations

import pytest

from calsight.core.model.events import Attendee, Organizer, PartStat
from calsight.core.model.meetings import Owner, Person
from calsight.core.model.options import PeopleOptions
from calsight.core.people.directory import Directory, Known, Role
from calsight.core.people.heard import heard
from calsight.core.people.names import called
from calsight.core.people.places import called_like_the_place
from calsight.core.people.roles import is_name
from calsight.testing import attendee, event
from classify_support import ANA


def directory(*lines: Attendee, owner: Owner = ANA, **people: object) -> Directory:
    """Of one entry of Ana's with these lines."""
    made = event(attendees=(attendee("ana", name="Ana Example"), *lines), organizer="ana")
    return Directory(owner, PeopleOptions(**people), [made])


class TestKnownNames:
    def test_full_names_their_words_and_the_owners(self):
        known = directory(attendee("bo", name="Berg, Bo"), attendee("cy", name="Cy D. Example")).known_names()
        assert known.full == {"bo berg", "cy d. example"}
        assert known.words == {"bo", "berg", "cy", "example"}  # a letter is no word
        assert known.mine == {"ana", "example"}

    def test_who_has_no_name_is_known_by_the_words_of_the_address(self):
        known = directory(attendee("bo.berg2", name=""), attendee("cy", name="cy@example.com")).known_names()
        assert known.full == {"bo berg", "cy"}

    def test_an_address_beside_a_name_says_nothing_more(self):
        known = directory(attendee("bo.berg", name="Bo Two")).known_names()
        assert known.full == {"bo two"}

    def test_a_name_without_case_is_written_without_a_space_too(self):
        known = directory(attendee("wei", name="李 伟"), attendee("bo", name="Bo Berg")).known_names()
        assert known.full == {"李 伟", "李伟", "bo berg"}


class TestNamed:
    PEOPLE = directory(
        attendee("bo", name="Bo Ivar Berg"), attendee("bo2", name="Bo Dahl"), attendee("cy", name="Cy Falk")
    )

    @pytest.mark.parametrize(
        ("name", "who"),
        [
            ("Bo Ivar Berg", "bo"),
            ("Bo B.", "bo"),
            ("bo d", "bo2"),
            ("Cy", "cy"),
            ("cyfalk", "cy"),
            ("Ivar", "bo"),
            ("Berg Bo", "bo"),
        ],
    )
    def test_one_who_is_called_so(self, name: str, who: str):
        assert self.PEOPLE.named(name).id == f"{who}@example.com"

    @pytest.mark.parametrize("name", ["Bo", "Bo I.", "Dahl Berg", "Gus", "Ana"])
    def test_nobody_or_more_than_one(self, name: str):
        assert self.PEOPLE.named(name) == Person(f"name:{name.lower()}", name)

    def test_a_first_name_is_nobodys_last(self):
        people = directory(attendee("bo", name="Bo Berg"), attendee("cy", name="Cy Bo"))
        assert people.named("Bo").id == "bo@example.com"


class TestByNameOnly:
    def test_whoever_is_called_like_the_owner_is_the_owner(self):
        found = directory(Attendee(address="", name="Ana Example"), owner=Owner(("ana@example.com", "a@example.org")))
        seen = found.see(Attendee(address="", name="ANA example"), event("ana").calendar)
        assert (seen.role, seen.id) == (Role.ME, "ana@example.com")

    @pytest.mark.parametrize("name", ["Ana Example", "Ana Known"])
    def test_by_the_name_of_the_settings_or_of_the_lists(self, name: str):
        found = directory(owner=Owner(("ana@example.com",), name="Ana Known"))
        line = Attendee(address="", name=name)
        assert found.see(line, event("ana").calendar).role is Role.ME
        colleague = directory(owner=Owner(("ana@example.com",), name="Ana Known"), colleagues=(f"name:{name}", name))
        assert colleague.see(line, event("ana").calendar).role is Role.PERSON

    def test_an_account_is_the_owners_by_what_stands_before_the_at(self):
        calendar = event("ana").calendar
        assert directory().see(Attendee(address="mailto:ana"), calendar).role is Role.ME
        assert directory().see(Attendee(address="mailto:ana", name="Ana"), calendar).role is Role.ME
        assert directory().see(Attendee(address="mailto:ana", name="Bo Berg"), calendar).role is Role.PERSON
        assert directory().see(Attendee(address="mailto:example.com"), calendar).role is Role.NAMELESS

    @pytest.mark.parametrize(
        ("address", "name", "identity"),
        [
            ("room-4@example.com", "Oslo", "room-4@example.com"),
            ("urn:4", "Meeting Room Oslo", "urn:4"),
            ("", "Meeting Room Oslo", "Meeting Room Oslo"),
        ],
    )
    def test_what_is_no_person_goes_by_address_or_else_by_name(self, address: str, name: str, identity: str):
        seen = directory().see(Attendee(address=address, name=name), event("ana").calendar)
        assert (seen.role, seen.id) == (Role.ROOM, identity)


def test_a_person_is_called_by_name_else_by_address_else_by_what_stands_there():
    assert called(Person("bo@example.com", "Berg, Bo", "bo@example.com")) == "Bo Berg"
    assert called(Person("bo@example.com", "", "bo@example.com")) == "bo@example.com"
    assert called(Person("name:bo berg", "")) == "bo berg"


class TestHeard:
    def test_a_domain_has_a_way_from_three_people_on(self):
        lines = [attendee(f"{first}.berg", name=f"{first.title()} Berg") for first in ("bo", "cy", "di")]
        two, three = (heard([event(attendees=tuple(lines[:n]), organizer="")], Known()) for n in (2, 3))
        assert (two.forms, three.forms) == ({}, {"example.com": "."})
        assert three.alike("eve.dahl@example.com")
        assert not three.alike("eve_dahl@example.com")
        assert not three.alike("eve.dahl@example.org")

    def test_most_people_of_a_domain_make_its_way(self):
        lines = [attendee(f"{first}.berg", name=f"{first.title()} Berg") for first in ("bo", "cy", "di")]
        others = [attendee(name, name="") for name in ("eve", "flo", "gus")]
        assert heard([event(attendees=(*lines, *others), organizer="")], Known()).forms == {"example.com": "."}
        assert heard([event(attendees=(*lines, *others, attendee("hal", name="")), organizer="")], Known()).forms == {}

    def test_who_organises_or_answers(self):
        silent = attendee("bo", partstat=PartStat.NEEDS_ACTION)
        found = heard([event(attendees=(silent, attendee("cy", partstat=PartStat.DECLINED)), organizer="di")], Known())
        assert found.answered == {"cy@example.com", "di@example.com"}
        assert heard([event(attendees=(silent,), organizer="")], Known()).answered == frozenset()


class TestPlaces:
    @pytest.mark.parametrize(
        ("name", "where", "like"),
        [
            ("Eva", "Room Eva, 2nd floor", True),
            ("Eva", "EVA", True),
            ("Eva", "Evacuation point", False),
            ("Eva", "Neva", False),
            ("Bo", "Room Bo", False),  # two letters may stand in a place by chance
            ("Oslo Room", "room oslo", False),
            ("Eva", "", False),
        ],
    )
    def test_a_name_of_three_letters_that_stands_in_the_location(self, name: str, where: str, like: bool):
        made = event("ana", "eva", location=where)
        people = directory(attendee("x17", name=name))
        seen = [people.see(Attendee(address="x17@example.com", name=name), made.calendar)]
        assert bool(called_like_the_place(made, seen)) is like

    def test_who_takes_part_elsewhere_is_no_room(self):
        eva = attendee("eva", name="Eva")
        there = event(attendees=(attendee("ana"), eva), organizer="ana", location="Room Eva")
        elsewhere = event(attendees=(attendee("ana"), eva), organizer="ana", location="Oslo", at="2026-03-09 10:00")
        for events, read in (([there], {"eva@example.com"}), ([there, elsewhere], set())):
            found = Directory(ANA, PeopleOptions(), events)
            assert found.places(there, found.named_on(there)) == read


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Bo Berg", True),
        ("BO BERG", True),
        ("Bo B", True),  # one letter is no acronym
        ("IT Berg", False),
        ("Bo SAP", False),
        ("Bo UKHQ", False),
        ("Bo BERGE", True),  # five letters are a name in capitals
        ("Bo Berg 2", False),
    ],
)
def test_what_is_a_persons_name(name: str, person: bool):
    assert is_name(name) is person


def test_the_organizer_is_named_last():
    found = directory(attendee("bo"))
    made = event(attendees=(attendee("bo"),), organizer="cy")
    assert [seen.id for seen in found.named_on(made)] == ["bo@example.com", "cy@example.com"]
    assert found.see(Organizer("cy@example.com"), made.calendar).role is Role.PERSON
