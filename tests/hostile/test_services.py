"""Services may answer anything: half characters, numbers of 400 digits, pages that lead in a circle or to somebody else."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from api_support import MONDAY, WINDOW, Waits
from caldav_support import entry
from calsight.errors import CalsightError
from calsight.kit import answers
from calsight.protocols import Connector, ConnectorContext
from calsight.reading.store import Store
from calsight_caldav import CaldavConnector, dav
from calsight_google import GoogleConnector
from calsight_outlook import OutlookConnector
from fakes.caldav import PASSWORD, USER, FakeCaldav
from fakes.server import Answer, Trouble
from hostile.servers import Answering, Server, serving

ME = "me@example.com"
HALF = "Lunch \ud800 with \udfff Ana"
DIGITS = "9" * 400
START = f"{MONDAY:%Y-%m-%dT%H:%M:%S}"
#: What stands in an answer instead of, or besides, what belongs there.
HEADERS: dict[str, tuple[int, dict[str, str]]] = {
    "date": (200, {"Date": DIGITS, "Expires": "-1", "Age": DIGITS, "ETag": '"' * 300}),
    "retry": (503, {"Retry-After": DIGITS}),
    "retry without end": (429, {"Retry-After": "9" * 5000}),
    "retry, negative": (429, {"Retry-After": "-1"}),
    "retry, no number": (429, {"Retry-After": "NaN"}),
    "retry, odd digits": (503, {"Retry-After": "\u00b2"}),
    "retry, a date": (429, {"Retry-After": "Thu, 01 Jan 99999 00:00:00 GMT", "Date": "Thu, 01 Jan 0000 00:00:00 +9999"}),
    "location": (302, {"Location": f"http://[{DIGITS}/"}),
    "location, a port": (301, {"Location": f"http://127.0.0.1:{DIGITS}/"}),
    "location, a file": (307, {"Location": "file:///etc/passwd"}),
    "location, empty": (302, {"Location": ""}),
    "charset": (200, {"Content-Type": "application/json; charset=\u00e9\u00e9"}),
    "encoding": (200, {"Content-Encoding": "gzip, gzip"}),
    "challenge": (401, {"WWW-Authenticate": 'Bearer claims="' + "=" * 400}),
}  # fmt: skip


def google_event(**other: Any) -> dict[str, Any]:
    when = {"start": {"dateTime": f"{START}Z"}, "end": {"dateTime": f"{START}Z"}}
    return {"id": "e", "iCalUID": "u", "status": "confirmed", "organizer": {"email": ME, "self": True}, **when, **other}


def graph_event(**other: Any) -> dict[str, Any]:
    when = {"dateTime": START, "timeZone": "UTC"}
    known = {"id": "e", "iCalUId": "u", "type": "singleInstance", "start": when, "end": when}
    return {**known, "organizer": {"emailAddress": {"address": ME, "name": HALF}}, **other}


@dataclass
class Asked:
    """A service whose answers the test writes: `entry` is its one entry, `page` what stands beside it; `odd` are a status
    and headers that every answer has, `raw` is all of it."""

    server: Server
    connector: Connector
    event: Callable[..., dict[str, Any]]
    following: str
    page: Callable[[], dict[str, Any]] = field(default=dict)
    entry: dict[str, Any] = field(default_factory=dict)
    odd: tuple[int, dict[str, str]] = (200, {})
    raw: bytes = b""


def google_answer(path: str, asked: Asked) -> dict[str, Any]:
    if path.endswith("/calendarList"):
        return {"items": [{"id": ME, "summary": HALF, "primary": True, "timeZone": "UTC", "accessRole": "owner"}]}
    return {"timeZone": "UTC", "items": [google_event(**asked.entry)], "nextSyncToken": "t", **asked.page()}


def graph_answer(path: str, asked: Asked) -> dict[str, Any]:
    calendar = {"id": "c", "name": HALF, "isDefaultCalendar": True, "owner": {"name": HALF, "address": ME}}
    if "alendarView" in path:
        after = {"@odata.deltaLink": asked.server.url("/v1.0/me/calendarView/delta?t=1")}
        return {"value": [graph_event(**asked.entry)], **after, **asked.page()}
    if path.endswith("/calendars"):
        return {"value": [calendar]}
    return {"mail": ME, "displayName": HALF, "value": "UTC", **calendar}


@pytest.fixture(params=["google", "outlook"])
def asked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(answers, "_MOST_PAGES", 9)
    google = request.param == "google"

    def answer(asking: Answering) -> None:
        status, headers = made.odd
        path = asking.path.partition("?")[0]
        body = made.raw or json.dumps((google_answer if google else graph_answer)(path, made)).encode()
        asking.say(status, body, **({"Content_Type": "application/json"} | headers))

    with serving(answer) as server:
        context = ConnectorContext(
            {"api_endpoint": server.url(""), "access_token": "token"}, cache_dir=tmp_path, state_dir=tmp_path
        )
        kind = GoogleConnector if google else OutlookConnector
        made = Asked(
            server,
            kind(context, policy=Waits().policy),
            google_event if google else graph_event,
            "nextPageToken" if google else "@odata.nextLink",
        )
        yield made


def read(connector: Connector, store: Store) -> tuple[list[Any], list[Any]]:
    """The events and the problems, as they come out of the store."""
    (calendar, *_) = connector.calendars("")
    pages = list(store.read("x", connector, calendar, WINDOW))
    assert all(repr(page).encode() for page in pages)
    return [event for page in pages for event in page.events], [one for page in pages for one in page.problems]


def test_half_a_character_is_marked_and_the_rest_read(asked: Asked, tmp_path: Path) -> None:
    people = {"google": [{"email": f"b\ud800@{HALF}", "displayName": HALF}],
              "outlook": [{"type": "required", "emailAddress": {"address": "b\ud800@x", "name": HALF}}]}  # fmt: skip
    name = "google" if isinstance(asked.connector, GoogleConnector) else "outlook"
    asked.entry = {"summary": HALF, "subject": HALF, "id": "e\ud800", "attendees": people[name], "location": HALF}
    if name == "outlook":
        asked.entry["location"] = {"displayName": HALF}
    (event,), problems = read(asked.connector, Store(tmp_path / "store"))
    assert (event.title, problems) == ("Lunch \ufffd with \ufffd Ana", [])
    assert event.attendees[-1].name == event.title
    assert event.location == event.title


@pytest.mark.parametrize("name", HEADERS)
def test_nonsense_in_headers_is_answered_with_a_sentence(asked: Asked, tmp_path: Path, name: str) -> None:
    asked.odd = HEADERS[name]
    with suppress(CalsightError):
        assert len(read(asked.connector, Store(tmp_path / "store"))[0]) == 1


@pytest.mark.parametrize("status", [200, 400, 401, 403, 410])
@pytest.mark.parametrize(
    "raw", [b"[" * 100_000, b'{"error":' * 100_000, b"[" * 600 + b'"\\ud800"' + b"]" * 600, b"7", b"\xff"]
)
def test_an_answer_that_nests_too_deep_or_is_none_is_no_defect_of_ours(
    asked: Asked, tmp_path: Path, status: int, raw: bytes
) -> None:
    asked.raw, asked.odd = raw, (status, {})
    with pytest.raises(CalsightError):
        read(asked.connector, Store(tmp_path / "store"))


@pytest.mark.parametrize(
    "mark",
    ["", DIGITS, -1, float("nan"), 0, True, [], {"a": 1}, "\ud800", "é", "file:///etc/passwd", "//x/", "http://[", "ftp://127.0.0.1/x",
     "http://127.0.0.1:99999999/", "/v1.0/me", "http://evil.example/v1.0/me"],
    ids=str,
)  # fmt: skip
def test_pages_that_lead_nowhere_are_not_followed(asked: Asked, tmp_path: Path, mark: object) -> None:
    asked.page = lambda: {asked.following: mark}
    with suppress(CalsightError):
        read(asked.connector, Store(tmp_path / "store"))
    assert len(asked.server.seen) < 20


def test_pages_that_never_end_are_given_up(asked: Asked, tmp_path: Path) -> None:
    numbers = count()
    google = isinstance(asked.connector, GoogleConnector)
    where = "" if google else asked.server.url("/v1.0/me/calendarView/delta?page=")
    for marks, words in ((lambda: "1", "same page twice"), (lambda: str(next(numbers)), "pages without end")):
        asked.page = lambda marks=marks: {asked.following: f"{where}{marks()}"}  # type: ignore[misc]
        with pytest.raises(CalsightError, match=words):
            read(asked.connector, Store(tmp_path / "store"))


@pytest.mark.parametrize(
    "value",
    [DIGITS, -1, int(DIGITS), float("nan"), [], {}, "", None, True, "0000-00-00", "é" * 300, "\ud800"],
    ids=lambda value: ascii(value)[:20],
)
@pytest.mark.parametrize(
    "field", ["id", "iCalUID", "status", "start", "end", "attendees", "organizer", "summary", "created"]
)
def test_a_field_that_makes_no_sense_costs_its_entry(asked: Asked, tmp_path: Path, field: str, value: object) -> None:
    known = {"iCalUID": "iCalUId", "summary": "subject", "created": "createdDateTime", "status": "showAs"}
    name = field if isinstance(asked.connector, GoogleConnector) else known.get(field, field)
    for given in (value, {"dateTime": value, "timeZone": value}, [{"emailAddress": value, "email": value}]):
        asked.entry = {name: given}
        with suppress(CalsightError):
            events, problems = read(asked.connector, Store(tmp_path / "store"))
            assert len(events) + len(problems) <= 2


# --- CalDAV -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def caldav(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCaldav]:
    monkeypatch.setenv("NO_PROXY", "*")
    with FakeCaldav() as server:
        server.put("one.ics", entry("one"))
        yield server


def caldav_connector(server: FakeCaldav) -> CaldavConnector:
    given = {"server": f"{server.origin}/", "user": USER, "password": PASSWORD}
    return CaldavConnector(ConnectorContext(given, zone="UTC"), policy=Waits().policy)


@pytest.mark.parametrize("name", HEADERS)
def test_nonsense_in_headers_of_caldav(caldav: FakeCaldav, tmp_path: Path, name: str) -> None:
    status, headers = HEADERS[name]
    caldav.storm = lambda number, request: Trouble(
        caldav.answer(request)._replace(status=status if status != 200 else 207, headers=headers)
    )
    with suppress(CalsightError):
        assert len(read(caldav_connector(caldav), Store(tmp_path / "store"))[0]) == 1


@pytest.mark.parametrize(
    "value",
    [DIGITS, "-1", "", "&#xD800;", "\ud800", "é" * 300, "http://[", "../../..", "//x/", "%ff%00", "a\nb", "&#0;"],
    ids=lambda value: ascii(value)[:20],
)
@pytest.mark.parametrize("where", ["getetag", "href", "sync-token", "displayname", "c:calendar-data", "status"])
def test_nonsense_in_an_answer_of_caldav(caldav: FakeCaldav, tmp_path: Path, where: str, value: str) -> None:
    def spoilt(number: int, request: Any) -> Trouble:
        answer: Answer = caldav.answer(request)
        text = re.sub(f"<{where}>[^<]*</{where}>", lambda _: f"<{where}>{value}</{where}>", answer.body.decode())
        return Trouble(answer._replace(body=text.encode("utf-8", "surrogatepass")))

    caldav.storm = spoilt
    with suppress(CalsightError):
        read(caldav_connector(caldav), Store(tmp_path / "store"))


@pytest.mark.parametrize(
    "content",
    ["<a/>" * 30, "<d:response></d:response>" * 30, "<d:response " + " ".join(f"a{n}=''" for n in range(30)) + "/>"],
)
def test_an_answer_of_caldav_with_elements_without_end_is_not_read(
    caldav: FakeCaldav, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setattr(dav, "_MOST_PARTS", 25)
    answer = f'<d:multistatus xmlns:d="DAV:">{content}</d:multistatus>'.encode()
    caldav.storm = lambda number, request: Trouble(caldav.answer(request)._replace(body=answer))
    with pytest.raises(CalsightError, match="more than 25 elements"):
        read(caldav_connector(caldav), Store(tmp_path / "store"))


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n\r\n"], ids=["headers", "body"]
)
def test_a_server_that_sends_a_byte_now_and_then_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    """A timeout between two bytes never comes."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(dav, "_LONGEST", 0.05)
    hung_up = threading.Event()

    def drip(request: Answering) -> None:
        request.wfile.write(head)
        with suppress(OSError):
            while not done.wait(0.01):
                request.wfile.write(b"<")
        hung_up.set()

    done = threading.Event()
    monkeypatch.setattr(Answering, "do_PROPFIND", Answering.do_GET, raising=False)
    with serving(drip) as server:
        given = {"server": server.url("/"), "user": USER, "password": PASSWORD}
        connector = CaldavConnector(ConnectorContext(given, zone="UTC"), policy=Waits().policy)
        try:
            with pytest.raises(CalsightError):
                connector.calendars("")
        finally:
            done.set()
        assert hung_up.wait(10)
