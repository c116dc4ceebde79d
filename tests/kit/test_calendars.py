"""Which calendar a reference means, and what a sentence calls one."""

from __future__ import annotations

import pytest

from calsight import Calendar
from calsight.errors import UsageError
from calsight.kit.calendars import called, meant

LISTED = [("1", "Work"), ("2", "Team"), ("3", "Team"), ("Work", "Old")]


def wanted(reference: str) -> tuple[str, str] | None:
    return meant(
        LISTED,
        lambda entry: entry[0] == reference,
        lambda entry: entry[1] == reference,
        several=lambda count: f"{count} are called {reference}",
    )


def test_an_id_goes_before_a_name() -> None:
    assert wanted("Work") == ("Work", "Old")
    assert wanted("1") == ("1", "Work")
    assert wanted("Old") == ("Work", "Old")
    assert wanted("Gardening") is None


def test_a_name_that_two_have_is_asked_about() -> None:
    with pytest.raises(UsageError, match="2 are called Team"):
        wanted("Team")


def test_a_name_that_is_an_address_is_not_said() -> None:
    assert called(Calendar(name="Team")) == "the calendar 'Team'"
    assert called(Calendar(name="ana@example.com")) == "this calendar"
