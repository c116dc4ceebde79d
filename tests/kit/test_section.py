"""What may stand in a connector's section of the settings, and which addresses are safe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from calsight.errors import SettingsError
from calsight.kit.section import checked_section, require_safe, with_environment

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


def test_what_the_section_says_goes_before_the_environment() -> None:
    environ = {"CALSIGHT_MAIL_API_ENDPOINT": "https://env.example", "CALSIGHT_MAIL_ACCESS_TOKEN": "t"}
    given = {"api_endpoint": "https://here.example", "client_id": "x"}
    assert with_environment("mail", given, environ) == given | {"access_token": "t"}
    assert with_environment("mail", {}, {}) == {"api_endpoint": "", "access_token": ""}
