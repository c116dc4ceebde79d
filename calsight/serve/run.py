"""Running an application on a port of this machine."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from calsight.errors import UsageError

#: Seconds in which the head of a request must be there.
HEAD = 15.0
_CONNECTIONS = 128


class Prompt(H11Protocol):
    """HTTP whose heads have a deadline, which uvicorn's do not: a client that never ends one would keep its connection."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin, and wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take a piece; a head that has come whole ends the wait."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._late = self.loop.call_later(HEAD, self.transport.close)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one. Raises `UsageError` where there is none to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(_CONNECTIONS)
    except OSError as error:
        found.close()
        raise UsageError(f"{host}:{port} cannot be listened on: {error.strerror or error}. Try --port 0.") from None
    return found


def server_of(app: ASGIApp) -> uvicorn.Server:
    """A server that logs no address and no query, says nothing of itself, and ends promptly."""
    config = uvicorn.Config(
        app,
        http=Prompt,
        ws="none",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


def _end(number: int, _: object) -> None:
    """End as a program does, which takes its workers' semaphores back, and with the status of a signal."""
    raise SystemExit(128 + number)


def serve_forever(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Run an application until somebody stops it. Raises `UsageError` where it cannot listen there."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)  # which uvicorn sends on to us once it has ended
    server_of(app).run(sockets=[listening(host, port)])
