"""Calendars behind web addresses, from a real server on loopback."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from calsight.errors import PayloadInvalidError, PermissionMissingError, ServerTroubleError, SourceError, UsageError
from calsight.protocols import ConnectorContext
from calsight_ics import IcsConnector
from ics_support import DATA, SUMMER

ONE = (DATA / "overrides.ics").read_bytes()


class Server(ThreadingHTTPServer):
    """Answers by path; `seen` keeps path and headers of every request."""

    daemon_threads = True

    def __init__(self):
        self.seen = []
        self.done = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    def url(self, path, scheme="http"):
        return f"{scheme}://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        if self.path.startswith("/status/"):
            self.answer(int(self.path.rpartition("/")[2]), b"")
        elif self.path == "/moved":
            self.answer(302, b"", Location="/secret/plain.ics")
        elif self.path == "/round":
            self.answer(302, b"", Location="/round")
        elif self.path == "/away":
            self.answer(302, b"", Location="file:///etc/hosts")
        elif self.path == "/login":
            self.answer(200, b"<!DOCTYPE html><html>Sign in</html>")
        elif self.path == "/empty":
            self.answer(200, b"")
        elif self.path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "99999")
            self.end_headers()
            self.wfile.write(ONE[:100])
        elif self.path == "/drip":
            self.send_response(200)
            self.send_header("Content-Length", "99999")
            self.end_headers()
            while not self.server.done.wait(0.005):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    self.server.done.set()
        elif self.path == "/tagged.ics" and self.headers.get("If-None-Match") == '"1"':
            self.answer(304, b"", ETag='"1"')
        elif self.path == "/tagged.ics":
            self.answer(200, ONE, ETag='"1"')
        elif self.path == "/dated.ics" and self.headers.get("If-Modified-Since"):
            self.answer(304, b"")
        elif self.path == "/dated.ics":
            self.answer(200, ONE, **{"Last-Modified": "Mon, 01 Jun 2026 10:00:00 GMT"})
        elif self.path == "/fresh.ics":
            self.answer(200, ONE, **{"Cache-Control": "max-age=86400"})
        else:
            self.answer(200, ONE)

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # whoever asked had enough
            self.wfile.write(body)


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")


def fetch(address, cache_dir=None, **settings):
    connector = IcsConnector(ConnectorContext(settings=settings, zone="UTC", cache_dir=cache_dir))
    (calendar,) = connector.calendars(address)
    return [event for page in connector.fetch(calendar, SUMMER) for event in page.events]


def test_an_address_is_read_and_its_secret_path_never_shown(server):
    address = server.url("/secret/plain.ics")
    connector = IcsConnector(ConnectorContext(zone="UTC"))
    (calendar,) = connector.calendars(address)
    assert calendar.name == "http://127.0.0.1"
    assert calendar.id.startswith("http://127.0.0.1#")
    assert "secret" not in repr(calendar)
    assert len(fetch(address)) == 4


def test_redirects_are_followed(server):
    assert len(fetch(server.url("/moved"))) == 4


@pytest.mark.parametrize("path", ["/tagged.ics", "/dated.ics"])
def test_the_server_is_asked_and_an_unchanged_calendar_is_not_sent_again(server, tmp_path, path):
    for _ in range(3):
        assert len(fetch(server.url(path), tmp_path)) == 4
    first, second, third = (headers for _, headers in server.seen)
    asked = "If-None-Match" if path == "/tagged.ics" else "If-Modified-Since"
    assert asked not in first
    assert asked in second
    assert asked in third


def test_a_copy_is_never_used_without_asking(server, tmp_path):
    for _ in range(2):
        fetch(server.url("/fresh.ics"), tmp_path)
    assert len(server.seen) == 2


def test_the_cache_is_for_its_owner_only(server, tmp_path):
    fetch(server.url("/tagged.ics"), tmp_path)
    folder = tmp_path / "ics"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(
        file.stat().st_mode & 0o077 == 0 for file in folder.rglob("*") if file.is_file() and file.suffix != ".lock"
    )


def test_without_a_cache_folder_nothing_is_kept(server):
    fetch(server.url("/tagged.ics"))
    fetch(server.url("/tagged.ics"))
    assert all("If-None-Match" not in headers for _, headers in server.seen)


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/status/401", PermissionMissingError, "refuses"),
        ("/status/403", PermissionMissingError, "refuses"),
        ("/status/404", SourceError, "no calendar at this address"),
        ("/status/410", SourceError, "no calendar at this address"),
        ("/status/418", SourceError, "answers 418"),
        ("/status/429", ServerTroubleError, "trouble"),
        ("/status/503", ServerTroubleError, "trouble"),
        ("/round", ServerTroubleError, "keeps redirecting"),
        ("/away", SourceError, "cannot be opened"),
        ("/login", PayloadInvalidError, "web page"),
        ("/empty", PayloadInvalidError, "empty"),
        ("/broken", ServerTroubleError, "broke off"),
    ],
)
def test_each_failure_is_explained(server, path, error, words):
    with pytest.raises(error, match=words) as raised:
        fetch(server.url(path))
    assert raised.value.exit_code == 3
    assert path not in str(raised.value)


def test_too_much_is_refused(server):
    with pytest.raises(SourceError, match="larger than"):
        fetch(server.url("/plain.ics"), max_mb=0.0005)


def test_too_slow_is_given_up(server, monkeypatch):
    moments = iter([0.0])
    monkeypatch.setattr("calsight_ics.places.web.time", SimpleNamespace(monotonic=lambda: next(moments, 1e9)))
    with pytest.raises(ServerTroubleError, match="not done after 120 seconds"):
        fetch(server.url("/plain.ics"))


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(server):
    with pytest.raises(ServerTroubleError, match=r"not done after 0\.2 seconds"):
        fetch(server.url("/drip"), timeout=0.2)
    assert server.done.wait(10), "the connection is still open"


def test_a_server_that_is_not_there(server):
    address = server.url("/plain.ics")
    server.server_close()
    with pytest.raises(ServerTroubleError, match="cannot be reached"):
        fetch(address.replace(str(server.server_port), "9"))


def test_a_certificate_that_cannot_be_trusted(server):
    with pytest.raises(ServerTroubleError):
        fetch(server.url("/plain.ics", scheme="webcal"))  # https, by a server that speaks http


def test_an_address_without_a_host_is_a_wrong_argument():
    with pytest.raises(UsageError, match="no web address"):
        fetch("https://")
