"""Is the owner on the lists? A mistyped or changed address makes threesomes of one-to-ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from calsight.core.model.meetings import Owner
from calsight.core.model.options import PeopleOptions
from calsight.core.people.directory import Directory
from calsight.core.people.unlisted import Unlisted, owner_doubts, unlisted
from calsight.testing import attendee, event


def entries(*lists: tuple[str, ...], month: int = 3):
    return [event(*people, at=f"2026-{month:02}-{day:02} 10:00") for day, people in enumerate(lists, start=1)]


def ask(events, *addresses: str, **people):
    owner = Owner(addresses or ("ana@example.com",))
    return unlisted(events, Directory(owner, PeopleOptions(**people)))


DAY = timedelta(days=1)
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


def test_an_invitation_names_two_people_or_more():
    alone = entries(("bo",), ("bo",), ("bo",), ("bo",), month=2)
    assert ask([*alone, *entries(("bo", "cy"), ("bo", "di"), ("ana", "eve"))], "ana@example.com") is None
    assert ask(alone, "flo@example.com") is None


def test_half_of_three_entries_or_more_are_asked_about():
    without = entries(("flo", "bo"), ("flo", "cy"), ("flo", "di"), month=2)
    asked = [(3, 3), (3, 4), (2, 2)]  # how many without the owner, and with
    found = [ask([*without[:n], *WORK[:m]]) for n, m in asked]
    assert found == [Unlisted((("flo@example.com", 3),), 3, 6), None, None]


def test_who_stands_out_is_on_four_in_five_of_them():
    five = entries(("flo", "bo"), ("flo", "cy"), ("flo", "di"), ("flo", "bo"), ("gus", "hal"), month=2)
    assert ask([*five, *WORK]) == Unlisted((("flo@example.com", 4),), 5, 9)
    six = entries(*[("flo", "bo")] * 4, ("gus", "hal"), ("gus", "hal"), month=2)
    assert ask([*six, *WORK]) is None


def test_five_candidates_at_most_the_likeliest_first_then_by_address():
    found = ask(entries(("a", "h"), ("h", "c"), ("h", "e"), ("g", "f"), ("d", "b")), "ana@example.com")
    assert found is not None
    assert found.candidates == (("h@example.com", 3), *((f"{one}@example.com", 1) for one in "abcd"))


def test_a_hidden_list_says_nothing_and_a_series_says_it_once():
    hidden = [event("flo", "gus", at=f"2026-03-{day:02} 12:00", participants_hidden=True) for day in range(1, 9)]
    assert ask(hidden, "ana@example.com") is None
    first = event("flo", "gus", at="2026-03-01 12:00", uid="daily")
    often = [replace(first, start=first.start + n * DAY, end=first.end + n * DAY) for n in range(9)]
    assert ask(often, "ana@example.com") is None


def test_the_doubt_names_the_address_that_was_looked_for_and_the_three_likeliest():
    owner = Owner(("anna@example.com", "a@example.org"))
    (doubt,) = owner_doubts(Directory(owner, PeopleOptions(), WORK))
    assert doubt.values["address"] == "anna@example.com"
    assert doubt.values["likeliest"] == ["ana@example.com (4)", "bo@example.com (2)", "cy@example.com (1)"]
    assert "they are: ana@example.com (4), bo@example.com (2), cy@example.com (1). Name" in doubt.text
    colleagues = [f"{name}@example.com" for name in ("ana", "bo", "cy", "di", "eve")]
    (doubt,) = owner_doubts(Directory(owner, PeopleOptions(colleagues=colleagues), WORK))
    assert "they are: none. Name" in doubt.text
    assert owner_doubts(Directory(Owner(("ana@example.com",)), PeopleOptions(), WORK)) == []
