"""A server on loopback that does whatever a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answering(BaseHTTPRequestHandler):
    """One request; `answer` says all of it."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        self.server.answer(self)  # type: ignore[attr-defined]

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer; `_` in the name of a header is `-`."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """`seen` holds the paths that were asked for."""

    daemon_threads = True

    def __init__(self, answer: Callable[[Answering], None]) -> None:
        self.seen: list[str] = []
        self.answer = answer
        super().__init__(("127.0.0.1", 0), Answering)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what is tested."""

    def url(self, path: str, *, user: str = "") -> str:
        return f"http://{user}127.0.0.1:{self.server_port}{path}"


@contextmanager
def serving(answer: Callable[[Answering], None]) -> Iterator[Server]:
    """The server, for as long as the block runs."""
    with Server(answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
