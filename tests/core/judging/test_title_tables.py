"""Titles as people and programs write them, in tables: `data/*.tsv`, a title and what it says.

The owner is Ana Example. What a name settles depends on who is on the calendars' lists: `KNOWN`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from calsight.core.judging.titles import Named, Titles
from calsight.core.model.events import Attendee
from calsight.core.model.meetings import Owner
from calsight.core.model.options import PeopleOptions, TitleOptions
from calsight.core.people.directory import Directory
from calsight.testing import event

OWNER = Owner(("ana@example.com",), "Ana Example")
KNOWN = [
    *("Bo Two", "Cy Three", "Zoé Martin", "田中 太郎", "李 伟", "Jan de Vries", "Pedro Sales", "Will Grant"),
    *("Müller, Hans", "José Luis García", "Nguyen Thi Mai", "Ольга Иванова", "Fatima al-Sayed", "Rose Page"),
    *("Mary O'Neil", "Emily Post"),
]
LISTS = [event("ana", attendees=tuple(Attendee(f"p{n}@example.com", name) for n, name in enumerate(KNOWN)))]
TITLES = Titles(TitleOptions(), OWNER, Directory(OWNER, PeopleOptions(), LISTS).known_names())


def table(name: str) -> list[tuple[str, str]]:
    """The rows of a table without its head."""
    with (Path(__file__).parent / "data" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1]) for row in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]]


@pytest.mark.parametrize(("title", "name"), table("one_to_one"))
def test_what_a_title_settles(title, name):
    """`-`: nothing; `*`: a one-to-one with somebody whom it does not name."""
    assert TITLES.one_to_one(title) == (None if name == "-" else Named("" if name == "*" else name))


@pytest.mark.parametrize(("title", "leave"), table("leave"))
def test_whether_a_title_says_that_the_owner_is_on_leave(title, leave):
    assert TITLES.leave(title) is (leave == "y")


@pytest.mark.parametrize(("title", "cancelled"), table("cancelled"))
def test_whether_a_program_put_cancelled_before_a_title(title, cancelled):
    assert TITLES.cancelled(title) is (cancelled == "y")


@pytest.mark.parametrize(("title", "name"), [row for row in table("one_to_one") if row[1] not in "-*"])
def test_whom_a_title_names_is_on_the_list_or_a_stranger(title, name):
    directory = Directory(OWNER, PeopleOptions(), LISTS)
    person = directory.named(name, TITLES.names.without_honorifics(name))
    assert TITLES.names.is_known(name) is not person.id.startswith("name:")
