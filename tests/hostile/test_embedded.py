"""What a product that reads calendars for others can forbid: its own network, and files outside given folders."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from calsight import pipeline
from calsight.errors import AccessError, SourceError
from calsight.kit.access import is_public, narrower
from calsight.protocols import Access
from cli.conftest import AS_OF
from hostile.servers import Answering, Server, serving

PUBLIC = "93.184.215.14"


@pytest.fixture
def server(calendar: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on loopback. A proxy that the environment names must not matter."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    body = calendar.read_bytes()

    def answer(request: Answering) -> None:
        if request.path.startswith("/to-"):
            request.say(302, Location=request.path.removeprefix("/to-"))
        else:
            request.say(200, body)

    with serving(answer) as running:
        yield running


@pytest.fixture
def resolving(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Names of these tests resolve to what a test says, one answer after another, the last for good."""
    real = socket.getaddrinfo

    def put(**names: list[str]) -> list[str]:
        asked: list[str] = []

        def resolve(host: str, port: int, *more: object, **named: object) -> object:
            label = str(host).partition(".")[0].replace("-", "_")
            if label not in names:
                return real(host, port, *more, **named)
            asked.append(host)
            answers = names[label]
            return real(answers.pop(0) if len(answers) > 1 else answers[0], port, *more, **named)

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        return asked

    return put


def read(*sources: object, **limits: object) -> int:
    return len(pipeline.read(*sources, as_of=AS_OF, settings={}, cache=False, **limits).events)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fd12::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "240.0.0.1",
])  # fmt: skip
def test_addresses_that_only_this_machine_or_its_network_reaches(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("network", ["public", "none"])
def test_a_server_on_this_machine_is_not_asked(server: Server, network: str) -> None:
    port = server.server_port
    assert read(server.url("/work.ics")) > 0
    server.seen.clear()
    shapes = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "user:word@127.0.0.1"]
    for host in shapes:
        with pytest.raises(AccessError, match="network"):
            read(f"http://{host}:{port}/work.ics", network=network)
    assert server.seen == []


def test_nor_by_the_setting(server: Server) -> None:
    with pytest.raises(AccessError):
        pipeline.read(server.url("/work.ics"), as_of=AS_OF, settings={"sources": {"network": "public"}}, network="all")
    assert server.seen == []


def test_a_name_that_resolves_to_this_machine_is_not_asked(server: Server, resolving: Callable[..., list[str]]) -> None:
    asked = resolving(rebind=["127.0.0.1"])
    with pytest.raises(AccessError):
        read(f"http://rebind.example:{server.server_port}/work.ics", network="public")
    assert asked
    assert server.seen == []


def test_a_name_that_leads_elsewhere_the_second_time_is_not_asked(
    server: Server, resolving: Callable[..., list[str]]
) -> None:
    """DNS rebinding: public when it is looked at, this machine when it is connected to."""
    resolving(rebind=[PUBLIC, "127.0.0.1"])
    with pytest.raises(AccessError):
        read(f"http://rebind.example:{server.server_port}/work.ics", network="public")
    assert server.seen == []


def test_a_redirect_to_this_machine_is_not_followed(
    server: Server, resolving: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first host counts as public here, so that it can be asked at all; what it leads to does not."""
    monkeypatch.setattr("calsight.kit.access.is_public", lambda address: address == "127.0.0.1")
    inside = f"http://127.0.0.2:{server.server_port}/work.ics"
    assert read(server.url("/to-/work.ics"), network="public") > 0
    server.seen.clear()
    with pytest.raises(AccessError):
        read(server.url(f"/to-{inside}"), network="public")
    assert server.seen == [f"/to-{inside}"]


def test_no_proxy_is_asked_where_it_could_reach_what_may_not_be(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url(""))
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(SourceError):
        read("http://198.51.100.7/work.ics", network="public")
    assert server.seen == []


@pytest.fixture
def shelf(calendar: Path, tmp_path: Path) -> Path:
    """A folder with a calendar, links out of it, and one beside it whose name begins alike."""
    made = tmp_path / "shelf"
    made.mkdir()
    (made / "work.ics").write_bytes(calendar.read_bytes())
    (tmp_path / "shelf-of-others").mkdir()
    (tmp_path / "shelf-of-others" / "secret.ics").write_bytes(calendar.read_bytes())
    (made / "link.ics").symlink_to(tmp_path / "shelf-of-others" / "secret.ics")
    (made / "door").symlink_to(tmp_path / "shelf-of-others")
    return made


def test_files_inside_the_folders_are_read_and_none_outside(shelf: Path, tmp_path: Path) -> None:
    assert read(shelf / "work.ics", folders=[shelf]) > 0
    outside = [
        tmp_path / "shelf-of-others" / "secret.ics", shelf / "link.ics", shelf / "door" / "secret.ics", shelf / "door",
        shelf / ".." / "shelf-of-others" / "secret.ics", tmp_path, f"ics:{tmp_path}/shelf-of-others", "/etc/passwd",
        tmp_path / "shelf-of-others" / "gone.jsonl", "/dev/zero", "-",
    ]  # fmt: skip
    for source in outside:
        with pytest.raises(AccessError):
            read(source, folders=[shelf])
    with pytest.raises(AccessError):
        read(shelf / "work.ics", folders=[])


def test_of_a_folder_only_what_lies_in_it_is_read(shelf: Path) -> None:
    reading = pipeline.read(shelf, as_of=AS_OF, settings={}, folders=[shelf])
    assert [len(each.events) > 0 for each in reading.calendars] == [True, False]
    assert [problem.code for problem in reading.problems] == ["unreadable_file"]
    assert "outside" in reading.problems[0].text


def test_a_folder_of_single_events_leads_nowhere_else(shelf: Path, tmp_path: Path) -> None:
    (shelf / "link.ics").unlink()
    (shelf / "work.ics").unlink()
    event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{0}\nDTSTART:20261102T090000Z\nSUMMARY:{0}\nEND:VEVENT\nEND:VCALENDAR\n"
    for name in ("a", "b"):
        (shelf / f"{name}.ics").write_text(event.format(name))
    (tmp_path / "c.ics").write_text(event.format("outside"))
    (tmp_path / "name").write_text("outside")
    (shelf / "c.ics").symlink_to(tmp_path / "c.ics")
    (shelf / "displayname").symlink_to(tmp_path / "name")
    reading = pipeline.read(shelf, as_of=AS_OF, settings={}, folders=[shelf])
    assert {event.title for event in reading.events} == {"a", "b"}
    assert "outside" not in reading.calendars[0].calendar.name


def test_what_both_allow() -> None:
    a, b = Path("/calendars"), Path("/calendars/ana")
    assert narrower(Access("all", (a,)), Access("public", (b,))) == Access("public", (b,))
    assert narrower(Access("none"), Access("public", (a,))) == Access("none", (a,))
    assert narrower(Access("all", (b,)), Access("all", (Path("/other"),))) == Access("all", ())


def test_a_connector_that_does_not_know_of_it_is_not_used(install: Callable[..., None]) -> None:
    code = (
        "from calsight import Calendar\nfrom calsight.protocols import Page\n"
        "class Plug:\n    def __init__(self, context): pass\n"
        "    def calendars(self, reference): return [Calendar(id='1', name='one')]\n"
        "    def fetch(self, calendar, window, **_): yield Page(calendar=calendar)\n"
    )
    install("calsight-plug", "plug_open", code, connectors="plug = plug_open:Plug")
    assert read("plug") == 0
    for limits in ({"network": "public"}, {"network": "none"}, {"folders": []}):
        with pytest.raises(AccessError, match="'plug'"):
            read("plug", **limits)


@pytest.mark.parametrize(
    ("name", "setting"), [("google", "api_endpoint"), ("outlook", "api_endpoint"), ("caldav", "server")]
)
def test_services_are_not_asked_where_there_is_no_network(name: str, setting: str) -> None:
    settings = {"connectors": {name: {"access_token": "token", setting: "http://127.0.0.1:9"}}}
    for network in ("none", "public"):
        with pytest.raises(AccessError):
            pipeline.read(name, as_of=AS_OF, settings=settings, cache=False, network=network)
