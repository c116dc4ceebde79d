"""Processes that die in the middle of their work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import requests

from calsight.reading.store import Store
from fakes.server import Request, Server

TESTS = Path(__file__).parent
posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and forkserver are POSIX")


def forkserver(*modules: str) -> ForkServerContext:
    """Starts processes quickly: they have loaded these modules already, and what all tests of connectors need.

    There is one server of forks for all tests of a run, so it loads what any of them needs. Python before 3.14 does not tell it
    where the modules of the tests are; the environment does.
    """
    context = multiprocessing.get_context("forkserver")
    ours = ("calsight.reading.store", "calsight.testing", "calsight_caldav.dav", "calsight_ics", "requests")
    theirs = ("pytest", "hypothesis.stateful", "pydantic.dataclasses", "pydantic.type_adapter", "keyring.backend",
              "fastjsonschema", "tenacity", "tenacity.asyncio", "_strptime", "zipp")  # fmt: skip
    of_tests = ("api_support", "google_sync", "outlook_sync", "caldav_support", "fakes.caldav", "keyring_support")
    context.set_forkserver_preload([*ours, *theirs, *of_tests, *modules])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(TESTS), *([before] if before else [])])
    try:
        ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return context


def die_at_statement(number: int) -> Callable[[], int]:
    """From now on this process dies (SIGKILL) before the so-many-th SQL statement; with 0 it lives.

    Gives a function that says how many there have been.
    """
    seen = 0

    def count(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def opened(*arguments: Any, **named: Any) -> sqlite3.Connection:
        db = connect(*arguments, **named)
        db.set_trace_callback(count)
        return db

    connect, sqlite3.connect = sqlite3.connect, opened  # type: ignore[assignment]
    return lambda: seen


def die_at_request(number: int, *, after: bool = False) -> Callable[[], int]:
    """From now on this process dies (SIGKILL) before it sends the so-many-th request, or `after` it has the answer's head.

    Gives a function that says how many there have been.
    """
    seen = 0

    def sent(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        nonlocal seen
        seen += 1
        if seen == number and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = send(self, request, **options)
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    send, requests.Session.send = requests.Session.send, sent  # type: ignore[method-assign]
    return lambda: seen


@contextmanager
def killing(server: Server, process: BaseProcess, die_in: int, die_while: int) -> Iterator[None]:
    """The server kills the process before it answers request `die_in`, or after the first part of answer `die_while`."""
    count = 0

    def before(number: int, request: Request) -> None:
        nonlocal count
        count += 1
        if count == die_in:
            process.kill()

    def while_sending(request: Request, sent: int) -> None:
        if sent > 0 and count == die_while:
            process.kill()

    server.storm, server.while_sending = before, while_sending
    try:
        yield
    finally:
        server.storm, server.while_sending = (lambda number, request: None), (lambda request, sent: None)


def copied(store: Store, folder: Path) -> None:
    """A copy of what a store has kept."""
    folder.mkdir()
    if store.path.exists():
        db, copy = sqlite3.connect(store.path), sqlite3.connect(folder / store.path.name)
        db.backup(copy)
        copy.close()
        db.close()
