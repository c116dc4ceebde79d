"""What turning Google's, Graph's and CalDAV's pages into events costs, against what reading those pages costs before.

    python -P benchmarks/api_calendar.py google|outlook|caldav|all [EVENTS]

One invented calendar, of 20,000 events unless another number is given, is rendered as each service's resources. A server in a
process of its own serves them, rendered beforehand, on pages as long as the connector asks for: whole, and with the fields that
the connector asks for and no others. A run reads them through the connector's own client; the CPU seconds from request to
parsed page (HTTP, JSON or XML, client library) and those of translation are summed apart, and their ratio is printed. Memory is
the most that Python holds while pages are read one after the other: it does not grow with their number. (-P, because this
folder's `html.py` must not stand for Python's own.)
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

#: Of so many runs the shortest times are printed: those that other programs disturbed least.
RUNS = 5
WEEKS = 26
MINUTES = 30
ZONE = "Europe/Berlin"
OWNER = "ana@example.com"
#: So many resources of each calendar are checked against what the service publishes of them.
CHECKED = 500

Json = dict[str, Any]


# --- the calendar -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One meeting that Ana called. `number` is its series' own if it `recurs`; a guest is an address, a name and a PARTSTAT."""

    number: int
    recurs: bool
    start: datetime
    guests: tuple[tuple[str, str, str], ...]
    text: str
    link: str

    @property
    def title(self) -> str:
        return f"Meeting about subject {self.number % 500}"

    @property
    def location(self) -> str:
        return "Room 4" if self.number % 3 == 0 else ""

    @property
    def identity(self) -> str:
        return f"{self.series}_{self.start.astimezone(UTC):%Y%m%dT%H%M%SZ}" if self.recurs else self.series

    @property
    def series(self) -> str:
        return f"{self.number:026x}"


def entries() -> Iterator[Entry]:
    """A realistic work calendar, without end: three of four entries are occurrences of weekly series; 300 colleagues, five and
    a half on an invitation; a link in half of the texts."""
    chance = random.Random(1)
    colleagues = [(f"colleague.{number}@example.com", f"Colleague Number {number}") for number in range(300)]
    words = ["agenda", "notes", "please", "review", "the", "draft", "before", "we", "meet"]
    answers = ["ACCEPTED", "ACCEPTED", "NEEDS-ACTION", "DECLINED"]
    monday = datetime(2026, 1, 5, 8, tzinfo=ZoneInfo(ZONE))

    def one(number: int, week: int, *, recurs: bool) -> Entry:
        people = chance.sample(colleagues, min(1 + int(chance.expovariate(1 / 4)), 60))
        code = "".join(chance.choices("abcdefghij", k=10))
        link = f"https://meet.google.com/{code[:3]}-{code[3:7]}-{code[7:]}" if number % 2 else ""
        text = " ".join(chance.choices(words, k=40)) + (f"\nJoin: {link}" if link else "")
        start = monday + timedelta(weeks=week, days=chance.randrange(5), minutes=15 * chance.randrange(40))
        guests = tuple((*who, chance.choice(answers)) for who in people)
        return Entry(number, recurs, start, guests, text, link)

    for number in count(0, 9):
        first = one(number, 0, recurs=True)
        for week in range(WEEKS):
            yield replace(first, start=first.start + timedelta(weeks=week))
        for single in range(number + 1, number + 9):
            yield one(single, chance.randrange(WEEKS), recurs=False)


# --- how a service writes it down, and how its connector reads it -------------------------------------------------------------


class Service(Protocol):
    """A service and its connector. `page` is how many events the connector asks for at once."""

    page: int

    def resource(self, entry: Entry) -> Json:
        """The entry as the service gives it whole."""

    def check(self, resources: Iterable[Json]) -> None:
        """Raises where the service could not give that."""

    def rendered(self, answer: Json) -> bytes:
        """A page as it travels."""

    def answer(self, items: list[Json], following: str) -> Json:
        """One page. `following` is where the next one is ("" on the last): a path with its number as `pageToken`."""

    def asked_for(self, answer: Json) -> Json:
        """What is left of a page where only what the connector asks for is given."""

    def reading(self, origin: str) -> AbstractContextManager[tuple[Iterator[Mapping[str, Any]], Callable[[Any], Any]]]:
        """The pages as the connector's client reads them, and what translates one."""


class _Speaks:
    """A service that speaks JSON."""

    def rendered(self, answer: Json) -> bytes:
        return json.dumps(answer).encode()


class Google(_Speaks):
    """Google Calendar, read with google-api-python-client."""

    page = 2500

    def resource(self, entry: Entry) -> Json:
        from fakes.google_items import item, person, when

        answers = {"ACCEPTED": "accepted", "NEEDS-ACTION": "needsAction", "DECLINED": "declined"}
        series = {"recurringEventId": entry.series, "originalStartTime": when(entry.start, ZONE)}
        return item(
            entry.identity,
            entry.start,
            MINUTES,
            person(OWNER, "Ana Novak", self=True),
            *(person(address, name, answers[partstat]) for address, name, partstat in entry.guests),
            zone=ZONE,
            iCalUID=f"{entry.series}@google.com",
            summary=entry.title,
            description=entry.text,
            location=entry.location,
            **({"hangoutLink": entry.link} if entry.link else {}),
            **(series if entry.recurs else {}),
        )

    def check(self, resources: Iterable[Json]) -> None:
        from fakes.google_api import validator

        for one in resources:
            validator("Event")(one)

    def answer(self, items: list[Json], following: str) -> Json:
        more = {"nextPageToken": following.rpartition("=")[2]} if following else {"nextSyncToken": "done"}
        return {"kind": "calendar#events", "timeZone": ZONE, "accessRole": "owner", "items": items, **more}

    def asked_for(self, answer: Json) -> Json:
        from calsight_google.translate import FIELDS
        from fakes.google_api import masked, parse_mask

        found: Json = masked(answer, parse_mask(FIELDS))
        return found

    @contextmanager
    def reading(self, origin: str) -> Iterator[tuple[Iterator[Mapping[str, Any]], Callable[[Any], Any]]]:
        from google.oauth2.credentials import Credentials

        from calsight import Calendar
        from calsight.kit.retry import RetryPolicy
        from calsight_google.auth import GoogleSettings
        from calsight_google.client import Client
        from calsight_google.translate import FIELDS, Translator

        translator = Translator(Calendar(id=OWNER, zone=ZONE))
        query = {"calendarId": OWNER, "singleEvents": True, "maxResults": self.page, "fields": FIELDS}
        settings = GoogleSettings.of({"access_token": "token", "api_endpoint": origin}, {})
        with closing(Client(lambda: Credentials("token"), settings, RetryPolicy().begin())) as client:
            answers = client.events(query, asked_for="this calendar", incremental=False)
            yield answers, lambda answer: translator.page(answer["items"], increment=False)


class Outlook(_Speaks):
    """Microsoft Graph, read with requests."""

    page = 250

    def resource(self, entry: Entry) -> Json:
        from fakes.graph_items import event, guest, stamp, uid_of, who

        answers = {"ACCEPTED": "accepted", "NEEDS-ACTION": "notResponded", "DECLINED": "declined"}
        series = {"type": "occurrence", "seriesMasterId": entry.series, "originalStart": stamp(entry.start)}
        day = f"{entry.start.year:04X}{entry.start.month:02X}{entry.start.day:02X}"  # microsoft-graph-docs#17479
        return event(
            entry.identity,
            entry.start,
            MINUTES,
            *(guest(address, name, answers[partstat]) for address, name, partstat in entry.guests),
            organizer=who(OWNER, "Ana Novak"),
            iCalUId=uid_of(entry.number).replace("E00800000000", f"E008{day}" if entry.recurs else "E00800000000"),
            subject=entry.title,
            body={"contentType": "text", "content": entry.text},
            location={"displayName": entry.location},
            onlineMeeting={"joinUrl": entry.link} if entry.link else None,
            **(series if entry.recurs else {}),
        )

    def check(self, resources: Iterable[Json]) -> None:
        from fakes.csdl import published

        csdl = published()
        for one in resources if csdl else ():
            csdl.check(one, "graph.event")  # type: ignore[union-attr]

    def answer(self, items: list[Json], following: str) -> Json:
        return {"value": items, **({"@odata.nextLink": following} if following else {})}

    def asked_for(self, answer: Json) -> Json:
        from calsight_outlook.translate import SELECT

        wanted = {*SELECT.split(","), "@odata.etag"}
        return answer | {
            "value": [{name: value for name, value in one.items() if name in wanted} for one in answer["value"]]
        }

    @contextmanager
    def reading(self, origin: str) -> Iterator[tuple[Iterator[Mapping[str, Any]], Callable[[Any], Any]]]:
        from calsight import Calendar, Window
        from calsight.kit.retry import RetryPolicy
        from calsight.kit.signins import SignIns
        from calsight_outlook.auth import OutlookSettings, Tokens
        from calsight_outlook.graph import Graph, Session
        from calsight_outlook.translate import Translator

        ever = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))
        settings = OutlookSettings.of({"access_token": "token", "api_endpoint": f"{origin}/v1.0"}, {})
        translator = Translator(Calendar(id="me/work", owner=(OWNER,)), home=ZONE)
        with Session() as session:
            tokens = Tokens(settings, SignIns(None), Session)
            graph = Graph(tokens, session, settings.api_endpoint, "me", RetryPolicy().begin())
            answers = graph.pages(graph.address("me/calendarView"), asked_for="this calendar")
            yield answers, lambda answer: translator.page(answer["value"], ever)


class Caldav:
    """A CalDAV server, read with requests; each event is an entry of its own there, also where Google has a series."""

    page = 200

    def resource(self, entry: Entry) -> Json:
        from fakes.caldav import calendar_data

        start = f"{entry.start:%Y%m%dT%H%M%S}"
        end = f"{entry.start + timedelta(minutes=MINUTES):%Y%m%dT%H%M%S}"
        text = entry.text.replace("\n", "\\n")
        lines = [
            f"UID:{entry.identity}",
            "DTSTAMP:20260101T000000Z",
            f"DTSTART;TZID={ZONE}:{start}",
            f"DTEND;TZID={ZONE}:{end}",
            f"SUMMARY:{entry.title}",
            f"LOCATION:{entry.location}",
            f"DESCRIPTION:{text}",
            f"ORGANIZER;CN=Ana Novak:mailto:{OWNER}",
            f"ATTENDEE;CN=Ana Novak;PARTSTAT=ACCEPTED:mailto:{OWNER}",
            *(f"ATTENDEE;CN={name};PARTSTAT={partstat}:mailto:{address}" for address, name, partstat in entry.guests),
        ]
        return {"name": f"{entry.identity}.ics", "data": calendar_data(lines, ZONE)}

    def check(self, resources: Iterable[Json]) -> None:
        from icalendar import Calendar

        for one in resources:
            Calendar.from_ical(one["data"])

    def answer(self, items: list[Json], following: str) -> Json:
        return {"items": items, "more": bool(following)}

    def asked_for(self, answer: Json) -> Json:
        return answer

    def rendered(self, answer: Json) -> bytes:
        from fakes.caldav import contents

        return contents({one["name"]: one["data"] for one in answer["items"]}, more=answer["more"])

    @contextmanager
    def reading(self, origin: str) -> Iterator[tuple[Iterator[Mapping[str, Any]], Callable[[Any], Any]]]:
        from calsight import Calendar, Window
        from calsight.kit.entries import Found
        from calsight.kit.retry import RetryPolicy
        from calsight.kit.sync import Pages
        from calsight_caldav.course import Course
        from calsight_caldav.dav import Dav, Login

        ever = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))
        login = Login(f"{origin}/job/", "ana", lambda: "password")
        calendar = Calendar(id=f"{origin}/job/", owner=(OWNER,))

        def answers() -> Iterator[Any]:
            for number in count():
                answer = dav.report(f"{origin}/dav/calendars/ana/job/?pageToken={number}", "<x/>", depth=None)
                yield answer
                if answer.tree.get("more") is None:
                    return

        def translate(answer: Any) -> Found:
            course = Course(dav, calendar, ever, ZONE, {}, datetime.now(UTC), Pages("", None))
            names = {one.url.rpartition("/")[2] for one in answer.resources()}
            found = Found()
            course.translated(course.given(answer, names, found), calendar, found)
            return found

        with closing(Dav(login, RetryPolicy().begin())) as dav:
            yield answers(), translate


SERVICES: dict[str, Service] = {"google": Google(), "outlook": Outlook(), "caldav": Caldav()}


# --- the measuring ------------------------------------------------------------------------------------------------------------


def serve(name: str, many: int, whole: bool, port: Connection) -> None:
    """The server, in a process of its own: every page is rendered before the first request."""
    service = SERVICES[name]
    resources = [service.resource(entry) for entry in islice(entries(), many)]
    service.check(resources[:CHECKED])
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    address = f"http://127.0.0.1:{server.server_port}/v1.0/me/calendarView?pageToken="
    bodies = []
    for first in range(0, many, service.page):
        last = first + service.page >= many
        answer = service.answer(resources[first : first + service.page], "" if last else f"{address}{len(bodies) + 1}")
        bodies.append(service.rendered(answer if whole else service.asked_for(answer)))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page = re.search(r"pageToken=(\d+)", self.path)
            body = bodies[int(page[1]) if page else 0]
            self.send_response(200)
            self.send_header("Content-Type", "application/xml" if body.startswith(b"<") else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_REPORT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server.RequestHandlerClass = Handler
    port.send((f"http://127.0.0.1:{server.server_port}", sum(map(len, bodies))))
    server.serve_forever()


def read(name: str, origin: str) -> tuple[float, float, int, int]:
    """(seconds to read, seconds to translate, events, pages)."""
    reading = translating = 0.0
    events = pages = 0
    with SERVICES[name].reading(origin) as (answers, translate):
        while True:
            began = time.process_time()
            answer = next(answers, None)
            between = time.process_time()
            if answer is None:
                return reading, translating, events, pages
            found = translate(answer)
            ended = time.process_time()
            assert not found.problems, found.problems
            reading, translating = reading + between - began, translating + ended - between
            events, pages = events + len(found.events), pages + 1


def peak(name: str, origin: str) -> float:
    """The most that Python holds while the pages are read and dropped one after the other (MB)."""
    tracemalloc.start()
    read(name, origin)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def measure(name: str, many: int, whole: bool) -> None:
    """One line of the table."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    server = context.Process(target=serve, args=(name, many, whole, sender), daemon=True)
    server.start()
    origin, size = receiver.recv()
    read(name, origin)  # everything is imported and connected
    runs = [read(name, origin) for _ in range(RUNS)]
    reading, translating, events, pages = (min(column) for column in zip(*runs, strict=True))
    assert events == many
    print(
        f"{name:<9}{'whole' if whole else 'asked for':<11}{events:>8}{pages:>7}{size / 1e6:>7.1f}{reading:>9.3f}"
        f"{translating:>13.3f}{translating / events * 1e6:>10.1f}{translating / reading:>7.2f}{peak(name, origin):>9.1f}"
    )
    server.terminate()
    server.join()


def main() -> None:
    names = list(SERVICES) if sys.argv[1] in ("all", "both") else [sys.argv[1]]
    events = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    print(f"{'service':<9}{'fields':<11}{'events':>8}{'pages':>7}{'MB':>7}{'read s':>9}", end="")
    print(f"{'translate s':>13}{'µs/event':>10}{'ratio':>7}{'peak MB':>9}")
    for name in names:
        for many, whole in ((events, True), (events, False), (2 * events, False)):
            measure(name, many, whole)


if __name__ == "__main__":
    main()
