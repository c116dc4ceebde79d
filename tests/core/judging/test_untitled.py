"""Entries that list nobody: whose they may be, by titles and by how an owner keeps their calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest

from calsight import Attendee, CalendarEvent
from calsight.testing import attendee, event, moment
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
        "☕Tom",
    ],
)
def test_a_name_may_be_somebody(title: str) -> None:
    assert untitled(groups(1), own(title)) == {title}


def test_initials_and_nothing_else_may_be_somebody() -> None:
    known = event(
        "ana", attendees=(attendee("ana"), Attendee("bk@example.com", "Bo Karl"), attendee("cy")), uid="listed"
    )
    said = ["BK", "BK / XY", "BK:CD"]
    assert untitled(
        [known], own(*said, "XY", "XY / CD", "BK / CD / EF", "BK numbers", "bk", "Inter - Milan 1:1")
    ) == set(said)


def test_a_listed_name_with_another_ending_may_be_somebody() -> None:
    ivan = Attendee("ivan@example.com", "Иван Петров")
    listed = event("ana", attendees=(attendee("ana"), ivan), at=MONDAY - timedelta(days=3), uid="listed")
    assert untitled([listed], own("Обед с Иваном", "обед с иваном")) == {"Обед с Иваном"}


@pytest.mark.parametrize(("minutes", "asked"), [(150, True), (151, False)])
def test_who_sits_with_somebody_does_so_for_two_and_a_half_hours_at_most(minutes: int, asked: bool) -> None:
    long = event("ana", title="Bo", at=MONDAY, minutes=minutes, uid="long")
    assert untitled(groups(1), [long]) == ({"Bo"} if asked else set())


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
        *("Touch Base", "Jour Fixe", "Catch Up"),
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


@pytest.mark.parametrize(
    ("titles", "people"),
    [
        (("Piano Emma", "Piano Paul", "Piano Lena"), True),
        (("Emma piano", "Paul piano", "Lena piano"), True),
        (("Piano Emma", "Piano Paul"), False),
        (("Piano Emma", "Choir Paul", "Band Lena"), False),
        (("Piano one", "Piano two", "Piano three"), False),
        (("Zumba", "Padel", "Aikido"), False),  # of one word alone none is a name
        (("Report Emma", "Report Paul", "Report Lena"), False),
    ],
)
def test_habits_that_differ_in_a_name_only_are_of_people(titles: tuple[str, ...], people: bool) -> None:
    found = untitled(groups(2), own(*[title for title in titles for _ in range(6)]))
    assert found == (set(titles) if people else set())


def test_initials_may_be_of_patients_who_come_again_and_again() -> None:
    assert untitled(groups(2), own(*["A.B."] * 6, *["C. D."] * 6)) == {"A.B.", "C. D."}


def test_scripts_that_we_do_not_read_may_say_anything() -> None:
    titles = ["Встреча с Анной", "Звонок", "Разговор", "Отчёт"]
    assert untitled(groups(12), own(*titles)) == set(titles)


class TestHowMuchIsEnough:
    """Each number of the rule, just on it and just beside."""

    @pytest.mark.parametrize(("entries", "doubted"), [(9, 0), (10, 10)])
    def test_ten_entries_of_ones_own(self, entries: int, doubted: int) -> None:
        assert len(untitled(groups(2), own(*CASES[:entries]))) == doubted

    @pytest.mark.parametrize(("meetings", "doubted"), [(12, 12), (13, 0)])
    def test_as_many_as_there_are_meetings(self, meetings: int, doubted: int) -> None:
        assert len(untitled(groups(meetings), own(*CASES[:12]))) == doubted

    @pytest.mark.parametrize(("alone", "doubted"), [(12, False), (13, True)])
    def test_fewer_than_one_in_ten_with_guests(self, alone: int, doubted: bool) -> None:
        """One with guests of 13 or 14 is less; two of 20 are not, two of 21 are."""
        guests = [event("ana", "bo", at=MONDAY + timedelta(days=n, hours=5), uid=f"guests{n}") for n in range(2)]
        titles = [*CASES, *(f"Hof {number}" for number in range(alone - 10))]
        assert len(titles) == 6 + alone
        assert bool(untitled(guests, own(*titles)) & set(CASES)) is doubted

    @pytest.mark.parametrize(("times", "doubted"), [(2, True), (3, False)])
    def test_three_times_are_a_habit(self, times: int, doubted: bool) -> None:
        assert ("Archive" in untitled(groups(2), own(*["Archive"] * times, *CASES))) is doubted

    @pytest.mark.parametrize(
        ("strange", "others", "doubted"), [(1, 3, 0), (2, 3, 2), (2, 18, 2), (2, 19, 0), (3, 19, 3)]
    )
    def test_two_titles_and_a_tenth_in_letters_that_we_do_not_read(
        self, strange: int, others: int, doubted: int
    ) -> None:
        foreign = ["Звонок", "Разговор", "Отчёт"][:strange]
        teams = groups(others)  # each titled "Meeting", which counts once
        ours = [
            event(*GROUP, organizer="bo", at=one.start, title=f"Team {n}", uid=f"t{n}") for n, one in enumerate(teams)
        ]
        assert len(untitled(ours, own(*foreign)) & set(foreign)) == doubted

    @pytest.mark.parametrize(
        ("title", "doubted"),
        [("quick lunch bo", True), ("a quick lunch bo", False), ("A quick lunch Bo", True), ("Coffee B", False)],
    )
    def test_a_name_in_small_letters_is_one_among_three_words(self, title: str, doubted: bool) -> None:
        assert untitled(groups(1), own(title)) == ({title} if doubted else set())

    @pytest.mark.parametrize(("minutes", "doubted"), [(150, True), (151, False)])
    def test_two_and_a_half_hours_may_be_a_talk(self, minutes: int, doubted: bool) -> None:
        long = event("ana", title="Bo", at=MONDAY, minutes=minutes)
        assert bool(untitled(groups(1), [long])) is doubted
