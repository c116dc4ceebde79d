"""Entries become events; one that is bad costs itself alone, and people who come again are built once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from calsight import CalendarEvent, Problem
from calsight.kit.entries import BadEntryError, Remembered, bad_entry, optional_text, required_text, translated
from calsight.testing import event


def read(item: Mapping[str, Any]) -> CalendarEvent | None:
    """An entry is {"id": ..., "with": name}; without a name it is outside the window."""
    who = optional_text(item, "with")
    return event("ana", who, uid=required_text(item, "id")) if who else None


def problem(item: Any, error: Exception) -> Problem:
    return bad_entry(item, error, source="Work", undocumented="a field makes no sense", uid_in=("uid", "id"))


GOOD, OUTSIDE, BAD = {"id": "1", "with": "bo"}, {"id": "2"}, {"id": "3", "uid": "three", "with": 7}


def test_a_full_page_holds_events_and_what_was_set_aside() -> None:
    found = translated([GOOD, OUTSIDE, BAD, None], read, problem)
    assert [one.uid for one in found.events] == ["1"]
    assert found.removed == []
    assert [(one.uid, one.text) for one in found.problems] == [
        ("three", "An entry of this calendar could not be read (its with is not a text) and was set aside."),
        ("", "An entry of this calendar could not be read (a field makes no sense) and was set aside."),
    ]


def test_in_an_increment_what_gives_no_event_is_gone() -> None:
    found = translated([GOOD, OUTSIDE, BAD, None, {"id": 4}], read, problem, increment=True)
    assert found.removed == ["2", "3"]
    assert len(found.problems) == 3


@pytest.mark.parametrize("error", [ZeroDivisionError, RuntimeError])
def test_a_slip_of_our_own_looks_like_one(error: type[Exception]) -> None:
    def broken(item: Any) -> CalendarEvent | None:
        raise error

    with pytest.raises(error):
        translated([GOOD], broken, problem)


def test_texts() -> None:
    assert optional_text({"a": None}, "a") == optional_text({}, "a") == ""
    assert required_text({"a": "x"}, "a") == "x"
    for item in ({}, {"a": None}, {"a": ""}):
        with pytest.raises(BadEntryError, match="it has no a"):
            required_text(item, "a")
    with pytest.raises(BadEntryError, match="its a is not a text"):
        required_text({"a": 3}, "a")


def test_equal_parts_give_one_object() -> None:
    remembered = Remembered[list[int]]()
    first = remembered.of("bo", {"name": "Bo"}, lambda: [1])
    assert remembered.of("bo", {"name": "Bo"}, lambda: [2]) is first
    assert remembered.of("bo", {"name": "Bo S."}, lambda: [3]) == [3]
    assert len(remembered) == 2


def test_how_many_are_remembered_has_a_bound() -> None:
    remembered = Remembered[int](10)
    for number in range(95):
        assert remembered.of(number, number, lambda number=number: number) == number
        assert len(remembered) <= 10


def test_what_could_not_be_made_is_not_remembered() -> None:
    remembered = Remembered[int]()
    with pytest.raises(ZeroDivisionError):
        remembered.of("a", "a", lambda: 1 // 0)
    assert remembered.of("a", "a", lambda: 1) == 1
