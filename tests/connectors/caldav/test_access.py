"""Where an embedding product limits what may be reached: no server of its own network is asked, however one is led there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import dns.resolver
import pytest

from api_support import Waits
from caldav_support import entry
from calsight.errors import AccessError, PermissionMissingError
from calsight.protocols import Access, ConnectorContext
from calsight_caldav import CaldavConnector
from fakes.caldav import PASSWORD, USER, FakeCaldav
from fakes.server import Answer, Trouble

PUBLIC = "93.184.216.34"


@pytest.fixture
def fake() -> Iterator[FakeCaldav]:
    with FakeCaldav() as server:
        server.put("a.ics", entry("a"))
        yield server


def made(server: str, network: str) -> CaldavConnector:
    given = {"server": server, "user": USER, "password": PASSWORD}
    access = Access(network)  # type: ignore[arg-type]
    return CaldavConnector(ConnectorContext(given, access=access), policy=Waits().policy)


@pytest.mark.parametrize("network", ["public", "none"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_server_on_this_machine_is_not_asked(fake: FakeCaldav, network: str, host: str) -> None:
    port = fake.origin.rpartition(":")[2]
    for ask in (lambda one: one.calendars(""), lambda one: one.free_busy(["bo@example.com"], None)):
        with pytest.raises(AccessError, match="network"):
            ask(made(f"http://{host}:{port}/dav/", network))
    assert fake.requests == []


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """The name of the server resolves to these, one after the other; the last for good."""
    real, left = socket.getaddrinfo, list(answers)

    def resolve(host: str, *more: object, **named: object) -> object:
        if host.endswith("localhost"):
            host = left.pop(0) if len(left) > 1 else left[0]
        return real(host, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_a_name_that_leads_elsewhere_the_second_time(fake: FakeCaldav, monkeypatch: pytest.MonkeyPatch) -> None:
    """Public when it is looked at, this machine when it is connected to."""
    resolving(monkeypatch, PUBLIC, "127.0.0.1")
    with pytest.raises(AccessError):
        made(fake.url.replace("127.0.0.1", "localhost"), "public").calendars("")
    assert fake.requests == []


@pytest.mark.parametrize("to", ["https://inside.localhost:9/dav/", "https://localhost:9/"])
def test_a_redirect_into_the_network(fake: FakeCaldav, to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server counts as public here, so that it can be asked at all; where it leads to does not."""
    monkeypatch.setattr("calsight.kit.access.is_public", lambda address: address == "127.0.0.1")
    resolving(monkeypatch, "127.0.0.1", "127.0.0.1", "127.0.0.2")
    fake.trouble(Trouble(Answer(308, {"Location": to}, b"")))
    with pytest.raises(AccessError):
        made(fake.url.replace("127.0.0.1", "localhost"), "public").calendars("")
    assert len(fake.requests) == 1


def test_a_calendar_in_the_network(fake: FakeCaldav, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server says of its calendars, and what a reference names, leads no further than a redirect does."""
    monkeypatch.setattr("calsight.kit.access.is_public", lambda address: address == "127.0.0.1")
    server = made(fake.url, "public")
    assert [calendar.name for calendar in server.calendars("")] == ["Work"]
    with pytest.raises(PermissionMissingError, match=r"127\.0\.0\.2"):
        server.calendars("http://127.0.0.2:9/dav/calendars/ana/other/")


def test_nothing_is_asked_where_there_is_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the name server for the domain of an address, nor whether a Nextcloud is there."""

    def asked(*_: object, **__: object) -> None:
        pytest.fail("somebody was asked")

    monkeypatch.setattr(dns.resolver, "Resolver", asked)
    monkeypatch.setattr(socket.socket, "connect", asked)
    with pytest.raises(AccessError):
        made("ana@example.com", "none").calendars("")
    context = ConnectorContext({"server": "cloud.example.com"}, state_dir=tmp_path, access=Access("none"))
    with pytest.raises(AccessError):
        CaldavConnector(context).connect(interactive=False, say=lambda text: None)
