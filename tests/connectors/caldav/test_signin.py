"""`calsight connect caldav`: the server is found, the sign-in kept, and what goes wrong is one sentence."""

from __future__ import annotations

import io
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
import requests
from keyring.backends import fail

from api_support import Waits, no_browser, offline, user_who
from caldav_homes import PASSWORD, Home, Real
from caldav_servers import radicale, those
from caldav_support import REAL, entry
from calsight.errors import (
    CalsightError,
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    ServerTroubleError,
    SettingsError,
    SourceError,
    UsageError,
)
from calsight.protocols import ConnectorContext, Guides, SignsIn
from calsight_caldav import CaldavConnector, services
from fakes.caldav import USER, FakeCaldav
from fakes.nextcloud import FakeNextcloud
from fakes.server import Answer, Request, Server, Trouble
from keyring_support import MemoryKeyring

Made = Callable[..., CaldavConnector]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Connectors of one user, who has said nothing yet but these settings."""
    return lambda **settings: CaldavConnector(ConnectorContext(settings, state_dir=tmp_path), policy=REAL)


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody who types these lines, one after the other."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def connected(connector: SignsIn, *, interactive: bool = True) -> str:
    """All that it says."""
    said: list[str] = []
    connector.connect(interactive=interactive, say=said.append)
    return "\n".join(said)


def test_asked_for_what_is_needed_and_never_again(
    home: Home, made: Made, types: Callable[..., None], ring: MemoryKeyring
) -> None:
    home.put(home.make("work"), "a.ics", entry("a"))
    types(home.url, home.user, PASSWORD)
    said = connected(made(ca_file=home.ca_file) if home.ca_file else made())
    assert "Signed in to" in said
    assert "work" in said
    assert PASSWORD not in said
    assert [key for key in ring.kept if key[1] == "caldav"]
    assert "work" in {calendar.name for calendar in made().calendars("")}
    assert made().status().startswith("signed in")
    made().disconnect()
    assert ring.kept == {}
    with pytest.raises(NotSignedInError, match="calsight connect caldav"):
        made().calendars("")


def test_a_wrong_password_is_a_sentence_and_not_kept(
    home: Home, made: Made, types: Callable[..., None], ring: MemoryKeyring
) -> None:
    types(home.url, home.user, "wrong")
    with pytest.raises(NotSignedInError, match=r"does not accept this user and password\. .*calsight connect caldav"):
        connected(made(ca_file=home.ca_file) if home.ca_file else made())
    assert ring.kept == {}


def test_a_path_that_leads_nowhere_is_no_hindrance(home: Home, made: Made, types: Callable[..., None]) -> None:
    """The standard's own address on that host, and the root, are tried as well."""
    home.make("work")
    types(PASSWORD)
    settings = {"server": f"{home.url}no/such/place/", "user": home.user, "ca_file": home.ca_file}
    if home.url.endswith("/dav/"):
        settings["server"] = home.url.removesuffix("dav/")
    assert "Signed in" in connected(made(**settings))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    with radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


def test_a_script_gives_the_password_in_the_environment(
    plain: Real, made: Made, types: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with plain.user() as home:
        home.make("work")
        monkeypatch.setenv("CALSIGHT_CALDAV_PASSWORD", PASSWORD)
        types()
        assert "Signed in" in connected(made(server=home.url, user=home.user))


def test_nothing_is_guessed_where_nobody_types(made: Made, types: Callable[..., None]) -> None:
    types()
    with pytest.raises(UsageError, match="Name the server, or your e-mail address"):
        connected(made())
    types()
    with pytest.raises(UsageError, match="CALSIGHT_CALDAV_PASSWORD"):
        connected(made(server="http://127.0.0.1:1/", user="ana"))


def test_an_account_without_calendars(plain: Real, made: Made, types: Callable[..., None], ring: MemoryKeyring) -> None:
    """Somebody who has none, or signed in to the wrong account, is told before anything is kept."""
    with plain.user() as home:
        types(home.url, home.user, PASSWORD)
        with pytest.raises(SourceError, match=r"has no calendar that holds events\. Check.*calsight connect caldav"):
            connected(made())
        assert ring.kept == {}
        home.make("tasks", kind="VTODO")
        with pytest.raises(SourceError, match="has no calendar that holds events"):
            made(server=home.url, user=home.user, password=PASSWORD).calendars("")


def test_nothing_but_what_others_share(made: Made) -> None:
    with FakeCaldav() as fake:
        fake.owner = "/dav/bo/"
        given = made(server=fake.url, user=USER, password=PASSWORD)
        with pytest.raises(SourceError, match=r"of its own that holds events\. Others share some with it: 'Work'\."):
            given.calendars("")
        assert [calendar.name for calendar in given.calendars("Work")] == ["Work"]


def test_in_a_file_where_there_is_no_keyring(
    plain: Real, made: Made, types: Callable[..., None], tmp_path: Path
) -> None:
    keyring.set_keyring(fail.Keyring())
    with plain.user() as home:
        home.make("work")
        types(home.url, home.user, PASSWORD)
        with pytest.raises(NotSignedInError, match="--token-file"):
            connected(made())
        types(home.url, home.user, PASSWORD)
        assert str(tmp_path / "signin" / "caldav.json") in connected(made(token_file=True))
        assert stat.S_IMODE((tmp_path / "signin" / "caldav.json").stat().st_mode) == 0o600 or sys.platform == "win32"
        assert [calendar.name for calendar in made().calendars("")] == ["work"]
    made().disconnect()
    made().disconnect()  # twice is fine
    assert not (tmp_path / "signin" / "caldav.json").exists()


@pytest.mark.parametrize(
    "kept", ["not JSON", "[]", "{}", '{"server": "https://example.com/", "user": 3, "password": "x"}']
)
def test_what_makes_no_sense_is_no_sign_in(made: Made, ring: MemoryKeyring, kept: str) -> None:
    ring.set_password("calsight", "caldav", kept)
    assert made().status() == "not signed in: calsight connect caldav"
    with pytest.raises(NotSignedInError, match="not signed in"):
        made().calendars("")


def test_an_embedding_program_gives_functions(plain: Real, made: Made) -> None:
    with plain.user() as home:
        home.make("work")
        given = made(server=home.url, user=home.user, password=lambda: PASSWORD)
        assert [calendar.name for calendar in given.calendars("")] == ["work"]
        assert "nothing to sign in to" in connected(given)


def test_a_token_is_sent_as_one(made: Made) -> None:
    class Bearer(Server):
        def answer(self, request: Request) -> Answer:
            assert request.headers["authorization"] == "Bearer secret-token"
            return Answer(401, {"WWW-Authenticate": "Bearer"}, b"")

    with Bearer() as server:
        for token in ("secret-token", lambda: "secret-token"):
            with pytest.raises(NotSignedInError, match=r"does not accept the access token\. Give calsight a new"):
                made(server=f"{server.origin}/", access_token=token).calendars("")


def test_the_guide_names_every_known_service(made: Made) -> None:
    connector = made()
    assert isinstance(connector, Guides)
    said = connector.guide()
    for one in services.SERVICES:
        assert one.name in said
    assert "https://account.apple.com/account/manage" in said
    assert "calsight connect caldav --server ADDRESS" in said


# --- certificates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("real", those("xandikos"), indirect=True, scope="session")
def test_a_certificate_of_ones_own(
    home: Home, made: Made, types: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named once; without it nothing is sent, and what the machine's environment says does not matter."""
    home.make("work")
    types(home.url, home.user, PASSWORD)
    with pytest.raises(ServerTroubleError, match=r"nobody vouches for.* --ca-file FILE"):
        connected(made())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", __file__)
    types(home.url, home.user, PASSWORD)
    assert "Signed in" in connected(made(ca_file=home.ca_file))
    assert "work" in {calendar.name for calendar in made().calendars("")}
    with pytest.raises(SettingsError, match=r"there is no file nowhere\.pem"):
        made(ca_file="nowhere.pem").calendars("")
    with pytest.raises(SettingsError, match=r"name a file of certificates"):
        made(ca_file=__file__).calendars("")


# --- what answers at the address ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_keeps_what_was_asked(plain: Real, made: Made, status: int) -> None:
    with plain.user() as home:
        home.make("work")

        class Elsewhere(FakeNextcloud):
            def answer(self, request: Request) -> Answer:
                if request.path == "/.well-known/caldav":
                    return Answer(status, {"Location": "/remote.php/dav/"}, b"")
                return self.passed_on(request)

        with Elsewhere(behind=home.url) as server:
            given = {"server": f"{server.origin}/.well-known/caldav", "user": home.user, "password": PASSWORD}
            assert [calendar.name for calendar in made(**given).calendars("")] == ["work"]


def test_a_redirect_to_a_strangers_host_is_not_followed(made: Made) -> None:
    class Away(Server):
        def answer(self, request: Request) -> Answer:
            return Answer(301, {"Location": "https://evil.example/dav/"}, b"")

    with Away() as server, pytest.raises(PermissionMissingError, match=r"sends on to evil\.example"):
        made(server=f"{server.origin}/", user="ana", password="x").calendars("")


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        (Answer(200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><p>Sign in"), PayloadInvalidError, "a web page"),
        (
            Answer(207, {"Content-Type": "text/xml"}, b"<multistatus xmlns='DAV:'/>"),
            PayloadInvalidError,
            "no CalDAV address",
        ),
        (Answer(404, {}, b""), PayloadInvalidError, "no CalDAV address"),
        (Answer(401, {"WWW-Authenticate": "Negotiate"}, b""), PermissionMissingError, "takes no password of a program"),
        (Answer(401, {}, b""), NotSignedInError, "two factors"),
    ],
)
def test_what_is_no_caldav_server_is_said(
    made: Made, types: Callable[..., None], answer: Answer, error: type[CalsightError], sentence: str
) -> None:
    class Odd(Server):
        def answer(self, request: Request) -> Answer:
            return answer

    types("ana", "password")
    with Odd() as server, pytest.raises(error, match=sentence):
        connected(made(server=f"{server.origin}/"))


def test_offline(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    with pytest.raises(ServerTroubleError, match="check that you are online"):
        made(server="https://caldav.icloud.com/", user="ana", password="x").calendars("")


# --- Nextcloud ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def nextcloud(plain: Real) -> Iterator[FakeNextcloud]:
    with plain.user() as home:
        home.make("work")
        with FakeNextcloud(behind=home.url, user=home.user, password=PASSWORD) as fake:
            yield fake


def test_nextcloud_through_the_browser(
    nextcloud: FakeNextcloud, made: Made, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with user_who(requests.get, monkeypatch) as visited:
        said = connected(made(server=nextcloud.origin))
    assert visited == [f"{nextcloud.origin}/login/v2/flow/secret"]
    assert "Signed in" in said
    assert [calendar.name for calendar in made().calendars("")] == ["work"]
    made().disconnect()
    assert len(nextcloud.revoked) == 1
    assert ring.kept == {}


def test_nextcloud_without_a_browser_and_nobody_comes(
    nextcloud: FakeNextcloud, waits: Waits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_browser(monkeypatch)
    context = ConnectorContext({"server": nextcloud.origin}, state_dir=tmp_path)
    with pytest.raises(NotSignedInError, match="Nobody signed in within 5 minutes"):
        connected(CaldavConnector(context, policy=waits.policy))
    assert waits.now >= 300
    assert nextcloud.asked("/login/v2/poll")


def test_nextcloud_that_leads_elsewhere_is_not_followed(nextcloud: FakeNextcloud, made: Made) -> None:
    poll = {"token": "t", "endpoint": "https://evil.example/poll"}
    answer = Answer.json({"poll": poll, "login": "https://evil.example/login"})
    nextcloud.trouble(Trouble(answer), path="/login/v2")
    with pytest.raises(NotSignedInError, match=r"sends to evil\.example to sign in"):
        connected(made(server=nextcloud.origin))
