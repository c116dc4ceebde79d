"""What turning Graph's pages into events costs, against what reading those pages costs before: HTTP and JSON.

    python -P benchmarks/outlook_calendar.py [EVENTS]

The same measure as `google_calendar.py`, on the same invented calendar: a server in a process of its own serves 20,000 events,
rendered beforehand, on the connector's own page size. One run reads them as the connector does; the time from request to
parsed page and the time that translation takes are summed apart, and their ratio is printed. Memory is the most that Python
holds while pages are read one after the other: it does not grow with their number. (-P, because this folder's `html.py` must
not stand for Python's own.)
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


def resources(count: int) -> list[dict[str, Any]]:
    """A realistic work calendar: 300 colleagues, five and a half on an invitation, a link in half of the texts."""
    from fakes.csdl import published
    from fakes.graph import event, guest

    chance = random.Random(1)
    colleagues = [(f"colleague.{number}@example.com", f"Colleague Number {number}") for number in range(300)]
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    found = []
    for number in range(count):
        people = chance.sample(colleagues, min(1 + int(chance.expovariate(1 / 4)), 60))
        guests = [guest(*who, chance.choice(["accepted", "accepted", "notResponded", "declined"])) for who in people]
        code = "".join(chance.choices("abcdefghij", k=10))
        link = f"https://meet.google.com/{code[:3]}-{code[3:7]}-{code[7:]}"
        words = " ".join(
            chance.choices(["agenda", "notes", "please", "review", "the", "draft", "before", "we", "meet"], k=40)
        )
        found.append(
            event(
                f"{number:026x}",
                start + timedelta(minutes=15 * number),
                30,
                *guests,
                subject=f"Meeting about subject {number % 500}",
                body={"contentType": "text", "content": words + (f"\nJoin: {link}" if number % 2 else "")},
                location={"displayName": "Room 4" if number % 3 == 0 else ""},
                onlineMeeting={"joinUrl": link} if number % 2 else None,
            )
        )
    csdl = published()
    for one in found[:500] if csdl else ():
        csdl.check(one, "graph.event")  # type: ignore[union-attr]
    return found


def serve(count: int, selected: bool, port: Connection) -> None:
    """The server: every page rendered before the first request. `selected` gives what the connector's $select asks for."""
    from calsight_outlook.graph import PAGE
    from calsight_outlook.translate import SELECT

    wanted = {*SELECT.split(","), "@odata.etag"}
    events = resources(count)
    if selected:
        events = [{key: value for key, value in one.items() if key in wanted} for one in events]
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    address = f"http://127.0.0.1:{server.server_port}/v1.0/me/calendarView?page="
    bodies = []
    for first in range(0, count, PAGE):
        link = {"@odata.nextLink": f"{address}{len(bodies) + 1}"} if first + PAGE < count else {}
        bodies.append(json.dumps({"value": events[first : first + PAGE], **link}).encode())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = bodies[int(self.path.partition("page=")[2])]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server.RequestHandlerClass = Handler
    port.send((server.server_port, sum(map(len, bodies))))
    server.serve_forever()


def read(port: int) -> tuple[float, float, int, int]:
    """(seconds to read, seconds to translate, events, pages)."""
    from calsight import Calendar, Window
    from calsight.retry import RetryPolicy
    from calsight.signin import SignIns
    from calsight_outlook.auth import OutlookSettings, Tokens
    from calsight_outlook.graph import Graph, Session, values
    from calsight_outlook.translate import Translator

    ever = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))
    endpoint = f"http://127.0.0.1:{port}/v1.0"
    settings = OutlookSettings.of({"access_token": "token", "api_endpoint": endpoint}, {})
    tokens = Tokens(settings, SignIns(None), Session)
    translator = Translator(Calendar(id="me/work", owner=("ana@example.com",)), home="Europe/Berlin")
    reading = translating = 0.0
    events = pages = 0
    with Session() as session:
        graph = Graph(tokens, session, endpoint, "me", RetryPolicy().begin(), application=False)
        answers = graph.pages(f"{endpoint}/me/calendarView?page=0", asked_for="this calendar")
        while True:
            began = time.perf_counter()
            answer = next(answers, None)
            between = time.perf_counter()
            if answer is None:
                return reading, translating, events, pages
            found = translator.page(values(answer), ever)
            ended = time.perf_counter()
            reading, translating = reading + between - began, translating + ended - between
            events, pages = events + len(found.events), pages + 1


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
    for name, selected, many in (("whole", False, count), ("selected", True, count), ("selected", True, 2 * count)):
        receiver, sender = context.Pipe(duplex=False)
        server = context.Process(target=serve, args=(many, selected, sender), daemon=True)
        server.start()
        port, size = receiver.recv()
        read(port)  # everything is imported and connected
        reading, translating, events, pages = read(port)
        print(
            f"{name:<10}{events:>8}{pages:>7}{size / 1e6:>7.1f}{reading:>9.3f}{translating:>13.3f}"
            f"{translating / events * 1e6:>10.1f}{translating / reading:>7.2f}{peak(port):>9.1f}"
        )
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
