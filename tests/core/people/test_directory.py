"""Addresses to persons, and who was there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.events import Attendee, Calendar, CuType, Organizer, PartStat
from calsight.core.model.meetings import Owner, Person, Scope
from calsight.core.model.options import PeopleOptions
from calsight.core.people.directory import (
    Directory,
    Known,
    Role,
    canonical_address,
    canonical_name,
    is_public_provider,
)
from calsight.core.people.names import spoken_name
from calsight.testing import attendee, event
from classify_support import ANA, GOOGLE, NAMES, OUTLOOK, presence_of

X500 = "/O=EXCHANGELABS/OU=GROUP/CN=RECIPIENTS/CN=1234-BO"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("bo@example.com", "bo@example.com"),
        ("MAILTO:Bo@Example.COM", "bo@example.com"),
        (" <bo@example.com> ", "bo@example.com"),
        ("bo+calendar@example.com", "bo@example.com"),
        ("bo@googlemail.com", "bo@gmail.com"),
        ("bo.karl_client.example#EXT#@firm.onmicrosoft.com", "bo.karl@client.example"),
        ("bo#EXT#@firm.onmicrosoft.com", "bo#ext#@firm.onmicrosoft.com"),
        ("mailto:bo%40example.com", "bo@example.com"),
        (X500, ""),
        ("urn:uuid:4f2a", ""),
        ("invalid:nomail", ""),
        ("", ""),
        ("bo", ""),
    ],
)
def test_one_person_one_address(written, canonical):
    assert canonical_address(written) == canonical


@given(st.emails())
def test_a_canonical_address_stays_as_it_is(address):
    once = canonical_address(address)
    assert canonical_address(once) == once
    assert canonical_address(address.swapcase()) == once


@pytest.mark.parametrize("name", ["Bo Berg", "Berg, Bo", "  bo   BERG ", "'Bo Berg'", "Berg, Bo (Oslo)"])
def test_one_person_one_name(name):
    assert canonical_name(name) == "bo berg"


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (attendee("bo"), Role.PERSON),
        (attendee("r4", cutype=CuType.ROOM), Role.ROOM),
        (attendee("beamer", cutype=CuType.RESOURCE), Role.RESOURCE),
        (attendee("c_188abc@resource.calendar.google.com"), Role.RESOURCE),
        (attendee("abc123@group.calendar.google.com"), Role.CALENDAR),
        (attendee("unknownorganizer@calendar.google.com"), Role.CALENDAR),
        (attendee("room-a01@resource.example.com"), Role.ROOM),
        (attendee("x17", name="Conference Room Oslo"), Role.ROOM),
        (attendee("x18", name="Conf Rm 12/3"), Role.ROOM),
        (attendee("x19", name="Mtg. Room Oslo"), Role.ROOM),
        (attendee("x20", name="Confidence Roomer"), Role.PERSON),
        (attendee("fred@fireflies.ai"), Role.BOT),
        (attendee("notetaker@example.org"), Role.BOT),
        (attendee("x@example.org", name="Read.ai meeting notes"), Role.BOT),
        (attendee("bo.berg@fireflies.ai"), Role.PERSON),
        (attendee("guus.bot@example.nl"), Role.PERSON),
        (attendee("no-reply@example.org"), Role.NO_REPLY),
        (attendee("calendar-notification@google.com"), Role.NO_REPLY),
        (attendee("noreen@example.org"), Role.PERSON),
        (attendee("team"), Role.GROUP),
        (attendee("all-berlin"), Role.GROUP),
        (attendee("dl-product"), Role.GROUP),
        (attendee("sales-group"), Role.GROUP),
        (attendee("everyone"), Role.GROUP),
        (attendee("x", cutype=CuType.GROUP), Role.GROUP),
        (attendee("something@googlegroups.com"), Role.GROUP),
        (attendee("ally"), Role.PERSON),
        (attendee("stafford"), Role.PERSON),
        (attendee("tim.allman"), Role.PERSON),
        (attendee("events@example.org"), Role.AUTOMATED),
        (attendee("usr-abc@lu.ma"), Role.AUTOMATED),
        (attendee("invitation@calendly.com"), Role.AUTOMATED),
        (attendee("bo.berg@calendly.com"), Role.PERSON),
        (Attendee(address=X500, name="Bo Berg"), Role.PERSON),
        (Attendee(), Role.NAMELESS),
        (attendee("ana"), Role.ME),
        (Attendee(address=X500, name="Example, Ana"), Role.ME),
    ],
)
def test_what_a_line_stands_for(line, role):
    assert Directory(ANA, PeopleOptions()).see(line, NAMES).role is role


def test_settings_add_to_the_lists():
    people = PeopleOptions(
        bot_patterns=("*-helper@example.com", "Recorder *"),
        group_patterns=("crew-*@example.com",),
        automated_patterns=("news@*",),
        assistants=("Eve+x@Example.com",),
    )
    directory = Directory(ANA, people)

    def role(line: Attendee) -> Role:
        return directory.see(line, NAMES).role

    assert role(attendee("my-helper")) is Role.BOT
    assert role(attendee("x", name="Recorder 3")) is Role.BOT
    assert role(attendee("crew-north")) is Role.GROUP
    assert role(attendee("news@example.org")) is Role.AUTOMATED
    assert role(attendee("eve")) is Role.ASSISTANT


def test_colleagues_at_a_service_are_people():
    owner = Owner(addresses=("ana@calendly.com",))
    assert Directory(owner, PeopleOptions()).see(attendee("jdoe@calendly.com"), NAMES).role is Role.PERSON


def test_what_one_directory_finds_out_another_sees_as_it_would_alone():
    """Known is what words say; who the owner is, and what their settings say, is not."""
    known = Known()
    owners = [ANA, Owner(("bo@example.com",), "Bo Berg"), Owner(("jdoe@calendly.com",))]
    settings = [PeopleOptions(), PeopleOptions(bot_patterns=("cy@*",), assistants=("di@example.com",))]
    settings.append(PeopleOptions(aliases={"ana@example.com": ("bo@example.com",)}, colleagues=("bo@home.example",)))
    lines = [attendee(name) for name in ("ana", "bo", "cy", "di", "room-4", "usr-x@calendly.com")]
    lines += [attendee("bo@home.example", name="Bo Berg"), attendee("bo", name="Dr. Bo Berg"), Attendee("", "Bo Berg")]
    events = [event("ana", attendees=tuple(lines))]
    for owner in owners:
        for people in settings:
            shared, alone = Directory(owner, people, events, known), Directory(owner, people, events)
            assert shared.see_all(lines, NAMES) == alone.see_all(lines, NAMES)
            assert shared.known_names() == alone.known_names()


def test_aliases_join_addresses():
    lines = event("ana", "bo", "bo@home.example")
    assert len(presence_of(lines).others) == 2
    assert [one.id for one in presence_of(lines, aliases={"bo@example.com": ("bo@home.example",)}).others] == [
        "bo@example.com"
    ]


def test_all_the_owners_addresses_are_me():
    owner = Owner(addresses=("ana@example.com", "ana@home.example"))
    assert [one.id for one in presence_of(event("ana@home.example", "bo"), owner).others] == ["bo@example.com"]
    aliased = presence_of(event("ana@home.example", "bo"), aliases={"ana@example.com": ("ana@home.example",)})
    assert [one.id for one in aliased.others] == ["bo@example.com"]


def test_the_sources_own_word_for_me_holds_in_the_owners_calendars_only():
    me = attendee("alias@example.net", is_me=True)
    listed = event("bo", attendees=(me, attendee("bo")), calendar=Calendar(owner=("ana@example.com",)))
    assert [one.id for one in presence_of(listed).others] == ["bo@example.com"]
    colleagues = event(
        "bo", attendees=(attendee("bo", is_me=True), attendee("ana")), calendar=Calendar(owner=("bo@example.com",))
    )
    assert [one.id for one in presence_of(colleagues).others] == ["bo@example.com"]
    known = Directory(ANA, PeopleOptions())
    assert [known.is_mine(each.calendar) for each in (listed, colleagues) for _ in range(2)] == [True] * 2 + [False] * 2


def test_someone_without_an_address_is_known_by_name():
    by_name = event("ana", attendees=(attendee("ana"), Attendee(address=X500, name="Berg, Bo")))
    assert [(one.id, one.address) for one in presence_of(by_name).others] == [("name:bo berg", "")]


def test_an_address_in_the_place_of_the_name_is_one():
    lines = event("ana", attendees=(attendee("ana"), Attendee(address=X500, name="Bo@Example.com")))
    assert [one.id for one in presence_of(lines).others] == ["bo@example.com"]


def test_the_same_name_in_one_entry_is_the_same_person():
    lines = (attendee("ana"), attendee("bo", name="Bo Berg"))
    twice = replace(event("ana", attendees=lines), organizer=Organizer(address=X500, name="Berg, Bo"))
    assert [one.id for one in presence_of(twice).others] == ["bo@example.com"]


def test_the_organizer_is_added_where_the_source_leaves_it_open():
    lines = event("ana", organizer="bo", calendar=NAMES)
    assert [one.id for one in presence_of(lines).others] == ["bo@example.com"]


def test_outlook_leaves_the_organizer_out_of_the_list():
    lines = event("ana", "cy", organizer="bo", calendar=OUTLOOK)
    assert [one.id for one in presence_of(lines).others] == ["bo@example.com", "cy@example.com"]


def test_google_lists_an_organizer_who_takes_part():
    assert [one.id for one in presence_of(event("ana", "cy", organizer="bo", calendar=GOOGLE)).others] == [
        "cy@example.com"
    ]


def test_google_lists_nobody_but_the_owner_so_the_organizer_counts():
    assert [one.id for one in presence_of(event("ana", organizer="bo", calendar=GOOGLE)).others] == ["bo@example.com"]


@pytest.mark.parametrize("calendar", [NAMES, GOOGLE, OUTLOOK])
def test_an_organizer_who_declined_is_not_added(calendar):
    presence = presence_of(event("ana", "bo", organizer="bo", declined=["bo"], calendar=calendar))
    assert presence.others == ()
    assert [one.id for one in presence.declined] == ["bo@example.com"]


def test_declines_are_of_this_occurrence():
    presence = presence_of(event("ana", "bo", "cy", declined=["cy"]))
    assert [one.id for one in presence.others] == ["bo@example.com"]
    assert [one.id for one in presence.declined] == ["cy@example.com"]


@pytest.mark.parametrize("said", [PartStat.TENTATIVE, PartStat.NEEDS_ACTION])
def test_tentative_and_unanswered_count_as_present(said):
    lines = event("ana", attendees=(attendee("ana"), attendee("bo", partstat=said)))
    assert len(presence_of(lines).others) == 1


def test_who_sends_someone_else_is_not_there():
    lines = event("ana", attendees=(attendee("ana"), attendee("bo", partstat=PartStat.DELEGATED), attendee("cy")))
    assert [one.id for one in presence_of(lines).others] == ["cy@example.com"]


def test_one_who_declined_under_one_address_and_accepted_under_another_comes():
    lines = event("ana", "bo", "bo@home.example", declined=["bo@home.example"])
    presence = presence_of(lines, aliases={"bo@example.com": ("bo@home.example",)})
    assert [one.id for one in presence.others] == ["bo@example.com"]
    assert presence.declined == ()


def test_rooms_bots_and_machines_are_set_aside():
    presence = presence_of(event("ana", "bo", "fred@fireflies.ai", "no-reply@example.org", rooms=["room-4"]))
    assert [one.id for one in presence.others] == ["bo@example.com"]
    assert {one.why for one in presence.set_aside} == {Role.BOT, Role.NO_REPLY, Role.ROOM}
    assert presence.headcount == 2
    assert presence.room


def test_a_room_that_declined_is_no_place():
    lines = event(
        "ana",
        "bo",
        attendees=(attendee("ana"), attendee("bo"), attendee("r", cutype=CuType.ROOM, partstat=PartStat.DECLINED)),
    )
    assert not presence_of(lines).room


def test_a_group_address_stands_for_more_than_one_unknown_person():
    presence = presence_of(event("ana", "team"))
    assert presence.company == 2
    assert presence.headcount is None


def test_guests_add_people():
    lines = event("ana", attendees=(attendee("ana"), attendee("bo", guests=2)))
    assert presence_of(lines).headcount == 4
    gone = event("ana", attendees=(attendee("ana"), attendee("bo", guests=2, partstat=PartStat.DECLINED)))
    assert presence_of(gone).headcount == 1


def test_a_person_is_called_the_same_in_every_event():
    directory = Directory(
        ANA,
        PeopleOptions(),
        [
            event("ana", attendees=(attendee("bo", name="bo@example.com"),)),
            event("ana", attendees=(attendee("bo", name="Bo"),)),
            event("ana", attendees=(attendee("bo", name="Bo Berg"),)),
        ],
    )
    assert directory.person("bo@example.com") == Person("bo@example.com", "Bo Berg", "bo@example.com")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("gmail.com", True),
        ("yahoo.co.uk", True),
        ("web.de", True),
        ("icloud.com", True),
        ("example.com", False),
        ("live.example.com", False),
        ("outlook.com.br", True),
    ],
)
def test_public_mail_providers(address, public):
    assert is_public_provider(address) is public


def scope(person: str, owner: str = "ana@example.com", **people: object) -> Scope:
    directory = Directory(Owner((owner,) if owner else ()), PeopleOptions(**people))
    return directory.scope(Person(person, address=person if "@" in person else ""))


def test_scope_is_seen_from_the_owner():
    assert scope("bo@example.com") is Scope.ORGANISATION
    assert scope("bo@uk.example.com") is Scope.ORGANISATION
    assert scope("bo@notexample.com") is Scope.INDUSTRY
    assert scope("bo@other.example") is Scope.INDUSTRY
    assert scope("bo@gmail.com") is Scope.PERSONAL
    assert scope("name:bo") is Scope.OTHER


def test_scope_is_other_where_the_owner_uses_a_public_provider():
    assert scope("bo@other.example", "ana@gmail.com") is Scope.OTHER
    assert scope("bo@gmail.com", "ana@gmail.com") is Scope.OTHER
    assert scope("bo@example.com", "") is Scope.OTHER


def test_an_address_that_is_joined_to_the_owners_is_of_their_organisation_too():
    """A firm has taken another name, say; somebody else's other address is of none of the owner's."""
    aliases = {"ana@example.com": ("ana@new.example",), "bo@other.example": ("bo@third.example",)}
    assert scope("cy@new.example", aliases=aliases) is Scope.ORGANISATION
    assert scope("cy@third.example", aliases=aliases) is Scope.INDUSTRY


def test_settings_decide_scope():
    assert scope("bo@other.example", organisation_domains=("other.example",)) is Scope.ORGANISATION
    assert scope("bo@example.com", organisation_domains=("@Other.example",)) is Scope.INDUSTRY
    assert scope("bo@example.com", roles={"Bo+x@example.com": "personal"}) is Scope.PERSONAL
    aliased = {"bo@example.com": ("bo@home.example",)}
    assert scope("bo@example.com", aliases=aliased, roles={"bo@home.example": "personal"}) is Scope.PERSONAL


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Lindner, Eva", "Eva Lindner"),
        ("Lindner,  Eva (Berlin)", "Eva Lindner (Berlin)"),
        ("van der Berg, Anna Maria", "Anna Maria van der Berg"),
        ("O'Neill, Séan", "Séan O'Neill"),
        ("LINDNER, EVA", "EVA LINDNER"),
        ("LINDNER, Eva", "Eva LINDNER"),
        ("Ana Diaz, Jr.", "Ana Diaz, Jr."),
        ("Ana Diaz, MD", "Ana Diaz, MD"),
        ("Meyer, Schulz & Partner", "Meyer, Schulz & Partner"),
        ("Ana, Bo, Cem", "Ana, Bo, Cem"),
        ("Room 4, north", "Room 4, north"),
        ("Eva Lindner", "Eva Lindner"),
    ],
)
def test_a_name_is_shown_as_people_say_it(written, spoken):
    assert spoken_name(written) == spoken
    assert canonical_name(written) == canonical_name(spoken) or written == spoken


def test_of_two_addresses_under_one_name_the_one_at_work_is_kept():
    bo, home = Attendee("bo.two@gmail.com", "Bo Two"), Attendee("bo@example.com", "Two, Bo")
    found = presence_of(event("ana", attendees=(attendee("ana"), bo, home)))
    assert [person.id for person in found.others] == ["bo@example.com"]
    signed_in = Attendee("btwo@example.onmicrosoft.com", "Bo Two")
    assert presence_of(event("ana", attendees=(attendee("ana"), signed_in, home))).others[0].id == "bo@example.com"
