"""Entries that list nobody: whose they may be, by titles and by how an owner keeps their calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest

from calsight import CalendarEvent
from calsight.testing import event, moment
from classify_support import judge_all

MONDAY = moment("2026-03-02 10:00")
GROUP = ("ana", "bo", "cy", "di")


def own(*titles: str) -> list[CalendarEvent]:
    """Entries of Ana's own, one a working day."""
    days = [MONDAY + timedelta(days=7 * (place // 5) + place % 5) for place in range(len(titles))]
    return [event("ana", title=title, at=at, uid=title + str(at)) for title, at in zip(titles, days, strict=True)]


def groups(number: int) -> list[CalendarEvent]:
    return [
        event(*GROUP, organizer="bo", at=MONDAY + timedelta(days=7 * n, hours=4), uid=f"g{n}") for n in range(number)
    ]


def untitled(*entries: list[CalendarEvent]) -> set[str]:
    """The titles of entries that may have been with somebody."""
    meetings = judge_all([one for each in entries for one in each])
    return {one.event.title for one in meetings if any(doubt.code == "untitled" for doubt in one.doubts)}


@pytest.mark.parametrize(
    "title",
    [
        "Bo",
        "bo",
        "Bo?",
        "lunch bo",
        "Coffee Weber",
        "Tel. Weber",
        "Call: Fatima",
        "Rdv Dupont",
        "Kaffee Marta",
        "☕ Tom",
    ],
)
def test_a_name_may_be_somebody(title: str) -> None:
    assert untitled(groups(1), own(title)) == {title}


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Gym",
            "Coffee",
            "Focus",
            "Lunch",
            "Dentist",
            "Prep for Bo",
            "Mail to Bo",
            "Bo's birthday",
            "Bo on leave",
            "Report Bo's team",
        ),
        *("Code review block", "Sync files", "Call", "Walk", "Budget", "Quarterly numbers"),
    ],
)
def test_other_titles_are_the_owners_own(title: str) -> None:
    assert untitled(groups(1), own(title)) == set()


CASES = [
    f"{name} {number}"
    for number, name in enumerate(["Baustelle Nord", "Schloss Sonnenhof", "Hauptstr.", "Fam. Adler"] * 4)
]


def test_days_of_entries_without_guests_may_hold_anybody() -> None:
    """A field engineer: two team meetings, and sixteen places of work that list nobody."""
    assert untitled(groups(2), own(*CASES)) == set(CASES)


def test_tasks_between_the_meetings_are_tasks() -> None:
    """The same entries of somebody who is invited to more meetings than that."""
    assert untitled(groups(20), own(*CASES)) == set()


def test_what_comes_again_and_again_is_a_habit_unless_it_is_a_word_for_meeting() -> None:
    assert untitled(groups(2), own(*["Archive"] * 6, *["Taufgespräch"] * 6, *CASES)) == {"Taufgespräch", *CASES}


def test_scripts_that_we_do_not_read_may_say_anything() -> None:
    titles = ["Встреча с Анной", "Звонок", "Разговор", "Отчёт"]
    assert untitled(groups(12), own(*titles)) == set(titles)
