"""Is the owner on the lists? A mistyped or changed address makes threesomes of one-to-ones."""

from __future__ import annotations

from calsight.core.model.meetings import Owner
from calsight.core.model.options import PeopleOptions
from calsight.core.people.directory import Directory
from calsight.core.people.unlisted import Unlisted, unlisted
from calsight.testing import attendee, event


def entries(*lists: tuple[str, ...], month: int = 3):
    return [event(*people, at=f"2026-{month:02}-{day:02} 10:00") for day, people in enumerate(lists, start=1)]


def ask(events, *addresses: str, **people):
    owner = Owner(addresses or ("ana@example.com",))
    return unlisted(events, Directory(owner, PeopleOptions(**people)))


WORK = entries(("ana", "bo"), ("ana", "cy"), ("di", "ana"), ("ana", "bo", "eve"))


def test_whoever_is_listed_is_not_asked():
    assert ask(WORK) is None


def test_a_mistyped_address_is_on_no_list():
    assert ask(WORK, "anna@example.com") == Unlisted(
        (
            ("ana@example.com", 4),
            ("bo@example.com", 2),
            ("cy@example.com", 1),
            ("di@example.com", 1),
            ("eve@example.com", 1),
        ),
        4,
        4,
    )


def test_a_former_address_stands_out_among_the_entries_without_the_owner():
    before = entries(("ana.old", "bo"), ("ana.old", "cy"), ("di", "ana.old"), ("ana.old", "bo"), month=2)
    assert ask([*before, *WORK]) == Unlisted((("ana.old@example.com", 4),), 4, 8)
    assert ask([*before, *WORK], "ana@example.com", "ana.old@example.com") is None
    assert ask([*before, *WORK], aliases={"ana@example.com": ["ana.old@example.com"]}) is None
    assert ask([*before, *WORK], colleagues=["ana.old@example.com"]) is None


def test_a_colleague_whom_the_owner_meets_is_not_the_owner():
    theirs = entries(("bo", "cy"), ("bo", "di"), ("bo", "flo"), ("bo", "gus"), month=2)
    assert ask([*theirs, *WORK]) is None


def test_an_invitation_to_a_group_may_hold_the_owner():
    to_all = entries(*[("flo", "team")] * 5, month=2)
    assert ask(to_all) is None


def test_lists_of_others_without_an_organizer_say_nothing():
    listed = [event(attendees=(attendee("bo"), attendee("cy")), at=f"2026-03-{day:02} 10:00") for day in range(1, 6)]
    assert ask(listed, "flo@example.com") is None


def test_two_entries_are_too_few_to_ask():
    assert ask(WORK[:2], "anna@example.com") is None


def test_a_series_counts_once():
    often = [event("flo", "gus", at=f"2026-03-{day:02} 12:00", uid="daily") for day in range(1, 29)]
    shared = often[0].attendees
    assert all(one.attendees == shared for one in often)
    assert ask([*WORK, *often[:1]]) is None
