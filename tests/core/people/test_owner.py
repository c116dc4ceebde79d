"""Whose calendar is it?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from calsight.core.model.events import Attendee, Calendar, CalendarEvent, Organizer, PartStat
from calsight.core.model.meetings import Owner
from calsight.core.model.options import OwnerOptions, PeopleOptions
from calsight.core.people.owner import OwnerQuestion, find_owner
from calsight.testing import attendee, event


def find(events, me=(), *, addresses=(), name="", **people):
    return find_owner(events, me=me, owner=OwnerOptions(addresses=addresses, name=name), people=PeopleOptions(**people))


def entries(*lists: tuple[str, ...], calendar: Calendar | None = None) -> list[CalendarEvent]:
    calendar = calendar or Calendar(id="c")
    return [
        event(*people, at=f"2026-03-{day:02} 10:00", calendar=calendar) for day, people in enumerate(lists, start=1)
    ]


WORK = entries(("bo", "ana"), ("ana", "cy"), ("ana", "di", "eve"), ("flo", "ana"))


def test_me_given_always_wins():
    assert find(WORK, ["Bo+x@Example.com"]) == Owner(("bo@example.com",), "Bo", "given")


def test_settings_name_me_and_the_option_adds():
    assert find(WORK, ["bo@example.com"], addresses=("ana@example.com",)).addresses == (
        "bo@example.com",
        "ana@example.com",
    )
    assert find(WORK, addresses=("ana@example.com",)).how == "given"


def test_the_source_says_whose_it_is():
    calendar = Calendar(id="g", owner=("bo@example.com", "bo@home.example"), owner_name="Bo Berg")
    assert find(entries(("ana", "bo"), ("ana", "cy"), calendar=calendar)) == Owner(
        ("bo@example.com", "bo@home.example"), "Bo Berg", "source"
    )


def test_self_in_a_list_says_whose_it_is():
    listed = event("ana", attendees=(attendee("ana"), attendee("bo", is_me=True)))
    assert find([listed]) == Owner(("bo@example.com",), "Bo", "source")
    organised = replace(event("ana"), organizer=Organizer("bo@example.com", is_me=True))
    assert find([organised]).addresses == ("bo@example.com",)


def test_the_one_address_in_most_entries():
    assert find(WORK) == Owner(("ana@example.com",), "Ana", "detected")


def test_a_series_counts_once_however_often_it_recurs():
    often = [event("bo", "cy", at=f"2026-03-{day:02} 12:00", uid="daily") for day in range(1, 29)]
    assert find([*WORK, *often]).addresses == ("ana@example.com",)


def test_entries_without_people_do_not_count():
    assert find([*WORK, *entries((), (), (), (), ())]).addresses == ("ana@example.com",)


@pytest.mark.parametrize(("beside", "heard"), [(2, False), (3, True)])
def test_a_small_calendar_beside_speaks_from_three_entries_on(beside: int, heard: bool):
    other = entries(*[("bo", f"guest{n}") for n in range(beside)], calendar=Calendar(id="other"))
    found = find([*WORK, *other])
    assert isinstance(found, OwnerQuestion) is heard  # Bo and Ana meet in WORK: two owners who meet are asked about
    assert heard or found.addresses == ("ana@example.com",)


@pytest.mark.parametrize(("without", "found"), [(1, "detected"), (2, None)])
def test_four_of_five_entries_are_enough_and_four_of_six_are_not(without: int, found: str | None):
    more = [
        event("gus", "hal", uid=f"without{n}", at=f"2026-04-{n + 1:02} 10:00", calendar=Calendar(id="c"))
        for n in range(without)
    ]
    assert getattr(find([*WORK, *more]), "how", None) == found


def test_rooms_and_bots_are_never_the_owner():
    booked = [
        replace(one, attendees=(*one.attendees, attendee("fred@claralabs.com"), attendee("room-4"))) for one in WORK
    ]
    assert find(booked).addresses == ("ana@example.com",)


def test_nobody_stands_out():
    asked = find(entries(("ana", "bo"), ("cy", "di"), ("ana", "eve")))
    assert asked == OwnerQuestion(
        "none",
        (
            ("ana@example.com", 2),
            ("bo@example.com", 1),
            ("cy@example.com", 1),
            ("di@example.com", 1),
            ("eve@example.com", 1),
        ),
        3,
    )


def test_two_who_are_in_every_entry_leave_it_open():
    asked = find(entries(("ana", "bo"), ("bo", "ana"), ("ana", "bo")))
    assert isinstance(asked, OwnerQuestion)
    assert asked.kind == "none"
    assert asked.candidates == (("ana@example.com", 3), ("bo@example.com", 3))


def test_aliases_make_one_of_two():
    split = entries(("ana", "bo"), ("ana@home.example", "cy"), ("ana", "di"), ("ana@home.example", "eve"))
    assert isinstance(find(split), OwnerQuestion)
    assert find(split, aliases={"ana@example.com": ("ana@home.example",)}).addresses == ("ana@example.com",)


def test_a_calendar_that_lists_nobody_needs_no_owner():
    assert find(entries((), ())) == Owner((), "", "nobody_listed")
    assert find(entries((), ()), name="Ana Example").name == "Ana Example"
    assert find(entries((), calendar=Calendar(owner_name="Ana Example"))).name == "Ana Example"
    assert find([]) == Owner((), "", "nobody_listed")


def test_two_calendars_of_one_person_who_never_meets_herself():
    home = entries(
        ("ana@home.example", "mum"),
        ("ana@home.example", "gus"),
        ("hal", "ana@home.example"),
        calendar=Calendar(id="home"),
    )
    assert find([*WORK, *home]).addresses == ("ana@example.com", "ana@home.example")


def test_two_detected_owners_who_meet_each_other_are_two_people():
    bos = entries(("bo", "ana"), ("bo", "gus"), ("bo", "hal"), ("ida", "bo"), calendar=Calendar(id="bo"))
    asked = find([*WORK, *bos])
    assert isinstance(asked, OwnerQuestion)
    assert asked.kind == "two"
    assert {address for address, _ in asked.candidates} == {"ana@example.com", "bo@example.com"}
    assert find([*WORK, *bos], ["ana@example.com"]).addresses == ("ana@example.com",)


def test_two_owners_whom_the_sources_name():
    mine = entries(("ana", "bo"), calendar=Calendar(id="a", owner=("ana@example.com",)))
    theirs = entries(("bo", "cy"), calendar=Calendar(id="b", owner=("bo@example.com",)))
    asked = find([*mine, *theirs])
    assert isinstance(asked, OwnerQuestion)
    assert asked.kind == "two"
    apart = entries(("bo", "cy"), calendar=Calendar(id="b", owner=("ana@home.example",)))
    assert find([*mine, *apart]).addresses == ("ana@example.com", "ana@home.example")


def test_a_given_owner_keeps_the_addresses_of_her_own_calendars_only():
    google = entries(("ana@home.example", "gus"), calendar=Calendar(id="g", owner=("ana@home.example",)))
    assert find(google, ["ana@example.com"]).addresses == ("ana@example.com", "ana@home.example")
    assistant = entries(("eve", "ana"), calendar=Calendar(id="e", owner=("eve@example.com",)))
    assert find([*google, *assistant], ["ana@example.com"]).addresses == ("ana@example.com", "ana@home.example")


def test_me_who_is_a_colleague_of_the_calendars_owner_is_asked_back():
    assistant = entries(("eve", "ana"), ("eve", "bo"), calendar=Calendar(id="e", owner=("eve@example.com",)))
    asked = find(assistant, ["ana@example.com"])
    assert asked == OwnerQuestion("two", (("eve@example.com", 2), ("ana@example.com", 1)), 2)
    assert find(assistant, ["ana@example.com", "eve@example.com"]).addresses == ("ana@example.com", "eve@example.com")
    namesakes = [
        replace(one, attendees=tuple(replace(line, name="Ana Example") for line in one.attendees))
        for one in assistant[:1]
    ]
    assert find(namesakes, ["ana@example.com"]).addresses == ("ana@example.com", "eve@example.com")


def test_a_teams_calendar_is_nobodys():
    team = Calendar(id="t", owner=("team@example.com",))
    assert isinstance(find(entries(("bo", "cy"), ("di", "eve"), ("flo", "gus"), calendar=team)), OwnerQuestion)
    assert find(entries(("bo", "ana"), ("ana", "cy"), ("ana", "di"), calendar=team)).addresses == ("ana@example.com",)


def test_a_mark_that_contradicts_the_mailbox_does_not_rename_the_owner():
    mailbox = Calendar(id="m", owner=("ana@example.com",), owner_name="Ana Example")
    marked = replace(event("ana", "cy", calendar=mailbox), organizer=Organizer("bo@example.com", "Bo Berg", is_me=True))
    met = event("bo", "ana", at="2026-03-09 10:00", calendar=mailbox)
    assert find([marked, met]) == Owner(("ana@example.com",), "Ana Example", "source")
    alias = replace(marked, organizer=Organizer("a.example@example.com", "Ana Example", is_me=True), attendees=())
    assert find([alias, met]).addresses == ("ana@example.com", "a.example@example.com")


def test_an_organisation_that_took_another_name_half_way():
    lists = [
        ("ana.lind@old.example", "bo"),
        ("cy", "ana.lind@old.example"),
        ("ana.lind@new.example", "di"),
        ("ana.lind@new.example", "eve"),
    ]
    named = [
        replace(
            one,
            attendees=tuple(
                replace(line, name="Ana Lind") if "lind" in line.address else line for line in one.attendees
            ),
        )
        for one in entries(*lists)
    ]
    assert find(named) == Owner(("ana.lind@new.example", "ana.lind@old.example"), "Ana Lind", "detected")
    assert isinstance(find(entries(*lists)), OwnerQuestion)  # without names nobody knows
    married = Attendee("ana.lind@old.example", "Ana Lind-Berg", PartStat.ACCEPTED)
    once = replace(named[1], attendees=(*named[1].attendees[:1], married))
    assert find([named[0], once, *named[2:]]).addresses == ("ana.lind@new.example", "ana.lind@old.example")


def test_a_folder_of_single_events_is_heard_as_one():
    files = [replace(one, calendar=Calendar(id=one.uid)) for one in WORK]
    assert find(files).addresses == ("ana@example.com",)


def test_someone_known_by_name_only_may_be_the_owner():
    ana = Attendee(address="/O=EXAMPLE/CN=ANA", name="Ana Example")
    named = [event(other, attendees=(attendee(other), ana), uid=other) for other in ("bo", "cy", "di")]
    assert find(named).addresses == ("name:ana example",)


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_the_order_of_entries_does_not_matter(turn):
    asked = entries(("ana", "bo"), ("cy", "di"), ("ana", "eve"))
    assert find(asked[turn:] + asked[:turn]) == find(asked)
    assert find(WORK[turn:] + WORK[:turn]) == find(WORK)


def test_five_candidates_are_named_the_likeliest_first():
    found = find(entries(("a", "b"), ("a", "c"), ("d", "e"), ("f", "g")))
    assert isinstance(found, OwnerQuestion)
    assert found.candidates == (("a@example.com", 2), *((f"{one}@example.com", 1) for one in "bcde"))


def test_two_owners_who_meet_are_named_by_their_main_addresses():
    mine = Calendar(id="mine", owner=("ana@example.com", "ana@home.example"))
    theirs = Calendar(id="theirs", owner=("bo@example.com", "bo@home.example"))
    found = find([*entries(("ana", "bo"), calendar=mine), *entries(("ana", "bo"), ("bo", "cy"), calendar=theirs)])
    assert isinstance(found, OwnerQuestion)
    assert {address for address, _ in found.candidates} == {"ana@example.com", "bo@example.com"}


def test_the_name_of_a_calendar_that_does_not_say_whose_it_is_is_the_owners():
    named = Calendar(id="n", owner_name="Ana Novak")
    assert find(entries(("ana", "bo"), calendar=named), ["ana@example.com"]).name == "Ana Novak"


def at_vendor(*lists: str) -> list[CalendarEvent]:
    """Entries of people at a firm that makes note takers, by their first names."""
    return entries(*(tuple(f"{name}@claralabs.com" for name in who.split()) for who in lists))


def test_at_a_vendor_of_bots_colleagues_are_people():
    assert find(at_vendor("bo ana", "ana cy", "di ana")).addresses == ("ana@claralabs.com",)
    assert find(at_vendor("bo ana", "ana cy")).addresses == ("ana@claralabs.com",)  # three are enough
    two = find(at_vendor("bo ana", "ana bo", "bo ana"))  # two note takers, as far as anybody knows
    assert (two.addresses, two.how) == ((), "nobody_listed")


def test_the_domain_of_four_in_five_entries_is_ones_own():
    mine, others = at_vendor("bo ana", "ana cy", "di ana", "ana bo"), entries(("gus", "hal"), ("gus", "ivo"))
    others = [replace(one, uid=f"other-{one.uid}") for one in others]
    assert find([*mine, *others[:1]]).addresses == ("ana@claralabs.com",)
    assert find([*mine, *others]).addresses == ("gus@example.com",)


def test_the_settings_say_which_domain_is_ones_own():
    two = at_vendor("bo ana", "ana bo", "ana")
    assert find(two, organisation_domains=("claralabs.com",)).addresses == ("ana@claralabs.com",)


def test_the_same_local_part_and_name_at_one_domain_only_is_nobody_who_moved():
    lists = [
        ("ana.lind@old.example", "bo"),
        ("cy", "ana.lind@old.example"),
        ("ana.l@new.example", "di"),
        ("ana.l@new.example", "eve"),
    ]
    named = [
        replace(
            one,
            attendees=tuple(
                replace(line, name="Ana Lind") if "ana" in line.address else line for line in one.attendees
            ),
        )
        for one in entries(*lists)
    ]
    assert isinstance(find(named), OwnerQuestion)
