"""When others are busy: what a server with scheduling tells (Cyrus), and what is said where none can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from api_support import MONDAY, WINDOW
from caldav_homes import Home, Real
from caldav_servers import cyrus, those
from caldav_support import entry, signed_in
from calsight import Window
from calsight.errors import PermissionMissingError


@pytest.fixture(scope="module")
def scheduling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    with cyrus(tmp_path_factory.mktemp("cyrus"), scheduling=True) as server:
        yield server


def test_a_colleague_on_a_server_with_scheduling(scheduling: Real) -> None:
    with scheduling.user() as mine, scheduling.user() as theirs:
        who = f"{theirs.user}@example.com"
        lines = entry("x").replace("ana@example.com", who).splitlines(keepends=True)
        theirs.put(theirs.make("work"), "x.ics", "".join(line for line in lines if "bo@example" not in line))
        found = signed_in(mine).free_busy([who, "nobody@example.com"], WINDOW)
    assert found == {who: [Window(MONDAY, MONDAY + timedelta(minutes=30))], "nobody@example.com": None}


@pytest.mark.parametrize("real", those("radicale"), indirect=True, scope="session")
def test_a_server_that_does_not_tell(home: Home) -> None:
    home.make("work")
    with pytest.raises(PermissionMissingError, match="does not tell when others are busy"):
        signed_in(home).free_busy(["bo@example.com"], WINDOW)
