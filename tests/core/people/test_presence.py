"""Who was there, where it is close: answers, guests, accounts, and two lines of one name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from calsight.core.model.events import Attendee, CuType, Organizer, PartStat
from calsight.core.model.meetings import Owner
from calsight.core.people.presence import Presence
from calsight.testing import attendee, event
from classify_support import presence_of

ME = attendee("ana", name="Ana Example")


def ids(found: Presence) -> list[str]:
    return [person.id for person in found.others]


@pytest.mark.parametrize(
    ("said", "answered", "accepted", "declined"),
    [
        (PartStat.NEEDS_ACTION, False, False, False),
        (PartStat.DECLINED, False, False, True),
        (PartStat.DELEGATED, False, False, True),
        (PartStat.TENTATIVE, True, False, False),
        (PartStat.ACCEPTED, True, True, False),
    ],
)
def test_what_the_owner_answered(said: PartStat, answered: bool, accepted: bool, declined: bool):
    found = presence_of(event("bo", attendees=(attendee("bo"), attendee("ana", partstat=said))))
    assert (found.owner_listed, found.answered) == (True, answered)
    assert (found.owner_accepted, found.owner_declined) == (accepted, declined)


def test_who_organises_or_is_on_no_list_answers_nothing():
    assert presence_of(event("ana", attendees=(ME, attendee("bo")))).answered is None
    unlisted = presence_of(event("bo", attendees=(attendee("bo"), attendee("cy"))))
    assert (unlisted.owner_listed, unlisted.answered, unlisted.owner_accepted) == (False, None, False)
    nobody = presence_of(event(attendees=(ME, attendee("bo")), organizer=""))
    assert (nobody.organised_by_me, nobody.answered) == (None, True)


@pytest.mark.parametrize(
    ("mine", "theirs", "guests", "headcount"), [(0, 0, 0, 3), (1, 0, 1, 4), (0, 2, 2, 5), (1, 2, 3, 6)]
)
def test_guests_are_those_of_whoever_comes(mine: int, theirs: int, guests: int, headcount: int):
    lines = (attendee("ana", guests=mine), attendee("bo", guests=theirs), attendee("cy"))
    found = presence_of(event("ana", attendees=lines))
    assert (found.guests, found.headcount, found.company) == (guests, headcount, headcount - 1)


def test_guests_alone_are_somebody():
    assert presence_of(event("ana", attendees=(attendee("ana", guests=1),))).lists_others
    assert not presence_of(event("ana", attendees=(attendee("ana"),))).lists_others


def test_a_group_is_two_and_a_nameless_line_one():
    found = presence_of(event("ana", attendees=(ME, attendee("team"), attendee("bo"), Attendee(address=""))))
    assert (len(found.others), len(found.groups), found.nameless) == (1, 1, 1)
    assert (found.company, found.headcount) == (4, None)


def test_a_group_or_nameless_line_that_declined_is_not_there():
    lines = (ME, attendee("team", partstat=PartStat.DECLINED), Attendee(address="", partstat=PartStat.DECLINED))
    found = presence_of(event("ana", attendees=lines))
    assert (found.groups, found.nameless, found.company) == ((), 0, 0)


def test_of_one_listed_twice_the_more_willing_answer_counts():
    no, yes = attendee("bo", partstat=PartStat.DECLINED), attendee("bo", partstat=PartStat.ACCEPTED)
    for lines in ((no, yes), (yes, no)):
        found = presence_of(event("ana", attendees=(ME, *lines)))
        assert (ids(found), found.declined) == (["bo@example.com"], ())


def test_who_organises_and_accepted():
    found = presence_of(event("bo", attendees=(ME, attendee("bo", partstat=PartStat.NEEDS_ACTION), attendee("cy"))))
    assert found.accepted == {"bo@example.com", "cy@example.com"}
    assert found.organizer is not None
    assert (found.organizer.id, found.only_organises) == ("bo@example.com", False)
    assert presence_of(event("di", attendees=(ME, attendee("bo")))).only_organises


def by_account(lines: tuple[Attendee, ...]) -> Presence:
    """An entry that an account of a program organises."""
    return presence_of(replace(event(attendees=lines), organizer=Organizer("mailto:nextcloud")))


class TestAccounts:
    """A program writes its account's name for whoever uses it."""

    def test_an_account_organises_for_the_owner(self):
        found = by_account((attendee("bo"),))
        assert (found.organised_by_me, ids(found)) == (True, ["bo@example.com"])

    def test_its_line_on_the_list_is_the_owners(self):
        lines = (Attendee(address="mailto:nextcloud"), attendee("bo"))
        found = by_account(lines)
        assert (found.organised_by_me, found.owner_listed, found.nameless) == (True, True, 0)

    def test_another_account_is_somebody(self):
        lines = (Attendee(address="mailto:other"), attendee("bo"))
        found = by_account(lines)
        assert (found.organised_by_me, found.owner_listed, found.nameless) == (True, False, 1)

    def test_where_the_owner_is_listed_nobody_knows_whose_account_it_is(self):
        found = by_account((ME, attendee("bo")))
        assert found.organised_by_me is None


class TestOneName:
    def test_a_name_is_the_address_of_that_name(self):
        found = presence_of(event("ana", attendees=(ME, attendee("bo", name="Bo"), Attendee(address="", name="Bo"))))
        assert ids(found) == ["bo@example.com"]

    def test_a_name_is_an_address_without_name_that_is_made_of_it(self):
        for bare, people in (("", 1), ("Robert B", 2)):
            lines = (ME, attendee("bo.berg", name=bare), Attendee(address="", name="Bo Berg"))
            assert len(presence_of(event("ana", attendees=lines)).others) == people

    def test_a_room_is_nobody_of_that_name(self):
        room = attendee("r4", name="Bo Berg", cutype=CuType.ROOM)
        found = presence_of(event("ana", attendees=(ME, room, Attendee(address="", name="Bo Berg"))))
        assert ids(found) == ["name:bo berg"]

    def test_two_addresses_of_one_name_are_one_but_for_colleagues(self):
        lines = (ME, attendee("bo", name="Bo Berg"), attendee("bob", name="Bo Berg"))
        found = presence_of(event("ana", attendees=lines))
        assert (ids(found), found.doubles) == (["bo@example.com"], (("bob@example.com", "bo@example.com"),))
        apart = presence_of(event("ana", attendees=lines), colleagues=("bo@example.com", "bob@example.com"))
        assert (len(apart.others), apart.doubles) == (2, ())

    def test_another_address_under_the_owners_name_is_the_owners(self):
        found = presence_of(event("ana", attendees=(ME, attendee("a2", name="Ana Example"), attendee("bo"))))
        assert (ids(found), found.doubles) == (["bo@example.com"], (("a2@example.com", ""),))

    @pytest.mark.parametrize(
        ("address", "more", "people"),
        [
            ("botwo@gmail.com", (), 1),
            ("botwo@gmail.com", ("cy",), 2),
            ("botwo@gmail.com", ("cy", "di"), 4),  # of many it is not asked
            ("botwo@example.com", (), 2),  # an organisation's addresses are made alike
            ("else@gmail.com", (), 2),
        ],
    )
    def test_an_address_elsewhere_that_is_made_of_a_name_on_the_list_is_theirs(self, address, more, people):
        lines = (ME, attendee("bo", name="Bo Two"), Attendee(address), *map(attendee, more))
        assert len(presence_of(event("ana", attendees=lines)).others) == people

    def test_people_of_different_names_are_themselves(self):
        found = presence_of(
            event("ana", attendees=(ME, attendee("bo", name="Bo Berg"), attendee("cy", name="Cy Dahl")))
        )
        assert (len(found.others), found.doubles) == (2, ())


def test_the_owner_under_two_addresses_counts_once():
    owner = Owner(("ana@example.com", "ana@example.org"), "Ana Example")
    lines = (ME, attendee("ana@example.org", partstat=PartStat.DECLINED), attendee("bo"))
    found = presence_of(event("ana", attendees=lines), owner)
    assert (found.owner_accepted, found.owner_declined, ids(found)) == (True, False, ["bo@example.com"])


def test_a_room_that_declined_is_none():
    for said, booked in ((PartStat.ACCEPTED, True), (PartStat.NEEDS_ACTION, True), (PartStat.DECLINED, False)):
        room = attendee("r4", cutype=CuType.ROOM, partstat=said)
        assert presence_of(event("ana", attendees=(ME, attendee("bo"), room))).room is booked
