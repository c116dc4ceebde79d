"""A small HTTP server on loopback, and what can go wrong with its answers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def json(cls, value: Any, status: int = 200, **headers: str) -> Answer:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(
            status, {"Content-Type": "application/json", **named}, json.dumps(value, ensure_ascii=False).encode()
        )


@dataclass(frozen=True)
class Trouble:
    """What happens to one request. `answer` replaces the server's; `cut_after` ends the connection after so many bytes."""

    answer: Answer | None = None
    cut_after: int | None = None


@dataclass
class Server:
    """Use it as a context manager; at its end it complains of whatever went wrong inside it.

    troubles        what goes wrong with the next requests whose path ends so; `trouble` adds to them
    storm           called before each other request with its number: what goes wrong with it, if anything
    while_sending   called before each `chunk` of an answer is sent, with the number of bytes that went before
    """

    requests: list[Request] = field(default_factory=list)
    troubles: list[tuple[str, Trouble]] = field(default_factory=list)
    storm: Callable[[int, Request], Trouble | None] = lambda number, request: None
    while_sending: Callable[[Request, int], None] = lambda request, sent: None
    chunk: int = 16_384

    def __post_init__(self) -> None:
        self.broken: list[str] = []
        self.lock = threading.RLock()
        self._server = _Threads(("127.0.0.1", 0), _handler(self))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        assert not self.broken, self.broken

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def trouble(self, *troubles: Trouble, path: str = "") -> None:
        """Let the next requests whose path ends so go wrong, one after the other."""
        self.troubles += [(path, one) for one in troubles]

    def asked(self, path: str) -> list[Request]:
        """The requests whose path ends so."""
        return [request for request in self.requests if request.path.endswith(path)]

    def next_trouble(self, request: Request) -> Trouble | None:
        with self.lock:
            for index, (path, trouble) in enumerate(self.troubles):
                if request.path.endswith(path):
                    del self.troubles[index]
                    return trouble
            return self.storm(len(self.requests), request)


class _Threads(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away (or is killed) is nothing to speak of."""


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length") or 0))
            request = Request(self.command, parts.path, query, headers, body)
            trouble = None
            try:
                with server.lock:
                    server.requests.append(request)
                    trouble = server.next_trouble(request)
                answer = trouble.answer if trouble and trouble.answer else server.answer(request)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test must hear of it
                server.broken.append(f"{request.method} {request.path}: {error!r}")
                answer = Answer(500, {}, b"the fake is broken")
            self._send(request, answer, trouble.cut_after if trouble else None)

        def do_POST(self) -> None:
            self.do_GET()

        def do_DELETE(self) -> None:
            self.do_GET()

        def do_PROPFIND(self) -> None:
            self.do_GET()

        def do_REPORT(self) -> None:
            self.do_GET()

        def _send(self, request: Request, answer: Answer, cut_after: int | None) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            try:
                if cut_after is not None:
                    self.end_headers() if cut_after else self._headers_buffer.clear()
                    self.wfile.write(answer.body[:cut_after])
                    self.wfile.flush()
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                self.end_headers()
                for first in range(0, max(len(answer.body), 1), server.chunk):
                    server.while_sending(request, first)
                    self.wfile.write(answer.body[first : first + server.chunk])
            except OSError:  # the client is gone
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    return Handler
