"""What lines of invitations come to is remembered, and forgotten before it is too much."""

from __future__ import annotations

import pytest

from calsight.core.model.options import PeopleOptions
from calsight.core.people import lines
from calsight.core.people.lines import Known


def test_lines_are_judged_once_until_too_many_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lines, "_MOST", 2)
    known, people = Known(), PeopleOptions()
    first = known.lines(people, ["example.com"])
    assert known.lines(people, ["example.org"]) is not first
    for who in ("bo", "cy"):
        assert known.address(f"mailto:{who}@example.com") == f"{who}@example.com"
    assert known.lines(people, ["example.com"]) is first
    known.address("di@example.com")
    assert known.lines(people, ["example.com"]) is not first
