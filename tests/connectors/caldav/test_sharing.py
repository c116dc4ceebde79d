"""Calendars that somebody else shares: read by their address, their name, or whose they are, and never taken for one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from api_support import MONDAY, WINDOW
from caldav_homes import Home, Real
from caldav_servers import those
from caldav_support import entry, signed_in
from calsight import Window
from calsight.errors import PermissionMissingError
from calsight_caldav import CaldavConnector

#: Those that know of sharing: Xandikos has one user, sabre/dav as it stands beside its examples shares nothing.
pytestmark = pytest.mark.parametrize(
    "real", those("radicale", "cyrus", "davical", "sogo"), indirect=True, scope="session"
)


@pytest.fixture
def owner(real: Real, home: Home) -> Iterator[Home]:
    """Somebody with a calendar that they share with `home`, and one that they do not."""
    assert real.share is not None
    with real.user() as made:
        team = made.make("team")
        made.put(team, "a.ics", entry("a", title="Planning"))
        made.make("private")
        home.make("work")
        real.share(made, team, home)
        yield made


def of(user: Home) -> str:
    return user.user if "@" in user.user else f"{user.user}@example.com"


def titles(connector: CaldavConnector, reference: str) -> list[str]:
    pages = [page for calendar in connector.calendars(reference) for page in connector.fetch(calendar, WINDOW)]
    return [event.title for page in pages for event in page.events]


def test_one_by_its_address(owner: Home, connect: Callable[..., CaldavConnector]) -> None:
    """It need not be listed anywhere."""
    assert titles(connect(), f"{owner.home}team/") == ["Planning"]
    with pytest.raises(PermissionMissingError, match=r"does not let this account read that calendar"):
        connect().calendars(f"{owner.home}private/")


def test_those_of_a_person(real: Real, owner: Home, connect: Callable[..., CaldavConnector]) -> None:
    connector = connect()
    if not real.lists_shared:
        with pytest.raises(PermissionMissingError, match=r"no calendar '.*@example\.com'"):
            connector.calendars(of(owner))
        return
    (theirs,) = connector.calendars(of(owner))
    assert theirs.owner == (of(owner),)
    assert titles(connector, of(owner)) == ["Planning"]
    assert titles(connector, theirs.name) == ["Planning"]


def test_it_is_not_among_ones_own(owner: Home, home: Home, connect: Callable[..., CaldavConnector]) -> None:
    assert {calendar.owner for calendar in connect().calendars("")} <= {(of(home),)}
    assert titles(connect(), "") == []


def test_when_somebody_who_shares_one_is_busy(real: Real, owner: Home, home: Home) -> None:
    """Asked of the calendar itself (RFC 4791, 7.10), where the server has no scheduling and lists what others share."""
    span, nobody = Window(MONDAY, MONDAY + timedelta(minutes=30)), {"nobody@example.com": None}
    asked = [of(owner), *nobody]
    match real.name:
        case "cyrus":
            assert signed_in(home).free_busy(asked, WINDOW) == {of(owner): [span], **nobody}
        case "radicale":
            with pytest.raises(PermissionMissingError, match="none of them shares a calendar"):
                signed_in(home).free_busy(asked, WINDOW)
        case _:
            # Through their outbox, to those who may see when somebody is busy, and of the calendars that they count.
            found = signed_in(home).free_busy(asked, WINDOW)
            assert found in [{of(owner): spans, **nobody} for spans in (None, [], [span])]
