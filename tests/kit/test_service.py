"""What connectors of services check: their section of the settings, and whether a sync state is good for a fetch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from calsight.errors import SettingsError
from calsight.kit.service import checked_section, require_safe, sync_state, usable_state

KNOWN = ("client_id", "scopes", "token_file", "anything")


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ({"client": "x"}, "connectors.mail has no setting 'client'. Did you mean 'client_id'?"),
        ({"zzz": "x"}, "connectors.mail has no setting 'zzz'."),
        ({"client_id": 3}, "connectors.mail.client_id must be a text."),
        ({"token_file": 1}, "connectors.mail.token_file must be true or false."),
        ({"scopes": "read"}, "connectors.mail.scopes must be a list of texts."),
        ({"scopes": [""]}, "connectors.mail.scopes must be a list of texts."),
    ],
)
def test_what_is_wrong_with_a_section_is_said(section: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        checked_section("mail", section, KNOWN, ("client_id",))
    assert str(caught.value) == sentence


def test_what_is_right_with_it_is_copied() -> None:
    section = {"client_id": Path("a/b"), "scopes": ("read",), "token_file": True, "anything": 3}
    assert checked_section("mail", section, KNOWN, ("client_id",)) == section | {"client_id": str(Path("a/b"))}
    assert section["client_id"] == Path("a/b")
    assert checked_section("mail", {}, KNOWN, ("client_id",)) == {}


@pytest.mark.parametrize("address", ["https://x.example", "http://localhost:1", "http://127.3.2.1/", "http://[::1]:8"])
def test_addresses_that_are_safe(address: str) -> None:
    require_safe(address, "api_endpoint")


@pytest.mark.parametrize(
    "address", ["http://x.example", "http://localhost.example", "ftp://localhost", "https://", "x", ""]
)
def test_addresses_that_are_not(address: str) -> None:
    with pytest.raises(SettingsError, match=r"^api_endpoint must begin with https:// "):
        require_safe(address, "api_endpoint")


NOW = datetime(2026, 3, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
BOUND = {"version": 1, "whose": "ana's"}


def test_a_state_is_good_for_what_it_is_bound_to() -> None:
    state = sync_state(BOUND, "token-1", (NOW - timedelta(days=6)).isoformat())
    known = usable_state(state, BOUND, NOW, lasts=WEEK)
    assert known is not None
    assert known["token"] == "token-1"
    assert known["full"] == "2026-03-03T00:00:00+00:00"
    assert usable_state(state, {**BOUND, "whose": "bo's"}, NOW, lasts=WEEK) is None
    assert usable_state(state, {**BOUND, "start": "2026"}, NOW, lasts=WEEK) is None


def test_and_for_so_long_after_the_last_full_fetch() -> None:
    state = sync_state(BOUND, "token-1", (NOW - WEEK).isoformat())
    assert usable_state(state, BOUND, NOW - timedelta(seconds=1), lasts=WEEK) is not None
    assert usable_state(state, BOUND, NOW, lasts=WEEK) is None


@pytest.mark.parametrize(
    "state",
    [
        None,
        b"",
        b"not JSON",
        b"[]",
        b"3",
        b"{}",
        b"\xff",
        b'{"full": 3}',
        b'{"full": "yesterday"}',
        b'{"full": "2026-03-08"}',  # without a zone it is no moment
        b'{"version": 1, "whose": "ana\'s", "full": "2026-03-08T00:00:00+00:00"}',
        b'{"version": 1, "whose": "ana\'s", "full": "2026-03-08T00:00:00+00:00", "token": 3}',
    ],
)
def test_what_is_no_state_is_of_no_use(state: bytes | None) -> None:
    assert usable_state(state, BOUND, NOW, lasts=WEEK) is None
