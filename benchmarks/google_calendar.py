"""What turning Google's pages into events costs, against what reading those pages costs before: HTTP, JSON, client library.

    python -P benchmarks/google_calendar.py [EVENTS]

A server in a process of its own serves 20,000 invented events on pages of 2,500, rendered beforehand. A run reads them
through google-api-python-client as the connector does; the time from request to parsed page and the time that translation takes
are summed apart, and their ratio is printed. Memory is the most that Python holds while pages are read one after the other: it
does not grow with their number. (-P, because this folder's `html.py` must not stand for Python's own.)
"""

from __future__ import annotations

import json
import random
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

PAGE = 2500
#: Of so many runs the one that other programs disturbed least is printed.
RUNS = 5


def resources(count: int) -> list[dict[str, Any]]:
    """A realistic work calendar: three of four entries are occurrences of weekly series; 300 colleagues, five and a half on an
    invitation; a link in half of the descriptions."""
    from fakes.google import Item, item, person, validator, when

    chance = random.Random(1)
    me = person("ana@example.com", "Ana Novak", self=True)
    colleagues = [person(f"colleague.{number}@example.com", f"Colleague Number {number}") for number in range(300)]
    words = ["agenda", "notes", "please", "review", "the", "draft", "before", "we", "meet"]
    monday = datetime(2026, 1, 5, 7, tzinfo=UTC)

    def one(number: int) -> Item:
        guests = chance.sample(colleagues, min(1 + int(chance.expovariate(1 / 4)), 60))
        answers = [guest | {"responseStatus": chance.choice(["accepted", "accepted", "declined"])} for guest in guests]
        code = "".join(chance.choices("abcdefghij", k=10))
        link = f"https://meet.google.com/{code[:3]}-{code[3:7]}-{code[7:]}"
        text = " ".join(chance.choices(words, k=40))
        day, quarter = chance.randrange(5), chance.randrange(40)
        return item(
            f"{number:026x}",
            monday + timedelta(days=day, minutes=15 * quarter),
            30,
            me,
            *answers,
            zone="Europe/Berlin",
            summary=f"Meeting about subject {number % 500}",
            description=text + (f"\nJoin: {link}" if number % 2 else ""),
            location="Room 4" if number % 3 == 0 else "",
            **({"hangoutLink": link} if number % 2 else {}),
        )

    def week(of: Item, number: int) -> Item:
        start = datetime.fromisoformat(of["start"]["dateTime"]) + timedelta(weeks=number)
        times = {"start": when(start, "Europe/Berlin"), "end": when(start + timedelta(minutes=30), "Europe/Berlin")}
        series = {"recurringEventId": of["id"], "originalStartTime": times["start"]}
        return of | times | series | {"id": f"{of['id']}_{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"}

    found: list[Item] = []
    number = 0
    while len(found) < count:
        number += 1
        new = one(number)
        singles = [one(count + 9 * number + extra) for extra in range(9)]
        found += [week(new, at) for at in range(26)] + singles
    check = validator("Event")
    for made in found[:500]:
        check(made)
    return found[:count]


def serve(count: int, partial: bool, port: Connection) -> None:
    """The server: every page rendered before the first request. `partial` gives what the field mask asks for."""
    from calsight_google.translate import FIELDS
    from fakes.google import masked, pages_of, parse_mask

    mask = parse_mask(FIELDS)
    pages = [masked(page, mask) if partial else page for page in pages_of(resources(count), PAGE)]
    bodies = [json.dumps(page).encode() for page in pages]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            first = self.path.partition("pageToken=")[2].partition("&")[0]
            body = bodies[int(first or 0) // PAGE]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    port.send((server.server_port, sum(map(len, bodies))))
    server.serve_forever()


def read(port: int) -> tuple[float, float, int, int]:
    """(seconds to read, seconds to translate, events, pages)."""
    from google.oauth2.credentials import Credentials
    from googleapiclient.discovery import build

    from calsight import Calendar
    from calsight_google.translate import FIELDS, Translator

    endpoint = {"api_endpoint": f"http://127.0.0.1:{port}/calendar/v3/"}
    service = build("calendar", "v3", credentials=Credentials("token"), client_options=endpoint, cache_discovery=False)
    translator = Translator(Calendar(id="ana@example.com", zone="Europe/Berlin"))
    reading = translating = 0.0
    events = pages = 0
    page: dict[str, str] = {}
    while True:
        began = time.perf_counter()
        answer = (
            service.events()
            .list(calendarId="primary", singleEvents=True, maxResults=PAGE, fields=FIELDS, **page)
            .execute()
        )
        between = time.perf_counter()
        found = translator.page(answer["items"], increment=False)
        ended = time.perf_counter()
        reading, translating = reading + between - began, translating + ended - between
        events, pages = events + len(found.events), pages + 1
        if "nextPageToken" not in answer:
            service.close()
            return reading, translating, events, pages
        page = {"pageToken": answer["nextPageToken"]}


def peak(port: int) -> float:
    """The most that Python holds while the pages are read and dropped one after the other (MB)."""
    tracemalloc.start()
    read(port)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    context = get_context("spawn")
    print(f"{'answers':<10}{'events':>8}{'pages':>7}{'MB':>7}{'read s':>9}", end="")
    print(f"{'translate s':>13}{'µs/event':>10}{'ratio':>7}{'peak MB':>9}")
    for name, partial, many in (("whole", False, count), ("partial", True, count), ("partial", True, 2 * count)):
        receiver, sender = context.Pipe(duplex=False)
        server = context.Process(target=serve, args=(many, partial, sender), daemon=True)
        server.start()
        port, size = receiver.recv()
        read(port)  # everything is imported and connected
        reading, translating, events, pages = min((read(port) for _ in range(RUNS)), key=lambda run: run[0] + run[1])
        print(
            f"{name:<10}{events:>8}{pages:>7}{size / 1e6:>7.1f}{reading:>9.3f}{translating:>13.3f}"
            f"{translating / events * 1e6:>10.1f}{translating / reading:>7.2f}{peak(port):>9.1f}"
        )
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
