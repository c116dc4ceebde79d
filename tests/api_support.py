"""What the tests of connectors that ask a service share: a time, a browser, a certificate, and what failing runs say."""

from __future__ import annotations

import json
import logging
import random
import socket
import threading
import time
import traceback
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from calsight import CalendarEvent, Window
from calsight.errors import CalsightError
from calsight.kit.retry import RetryPolicy
from calsight.protocols import Connector
from fakes.server import Answer, Server, Trouble

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
#: Eight weeks.
WINDOW = Window(MONDAY - timedelta(hours=9), MONDAY + timedelta(weeks=8))
JSON = {"Content-Type": "application/json"}
#: What may pass: answers of whoever stands before the service, that break off, or that make no sense.
BROKEN = [
    Trouble(Answer(504, {}, b"<html>Bad gateway</html>")),
    Trouble(cut_after=0),
    Trouble(cut_after=10),
    Trouble(Answer(200, JSON, b"{")),
    Trouble(Answer(200, JSON, b"\xff\xfe\x00")),
    Trouble(Answer(200, JSON, b"")),
]


class Waits:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def policy(self) -> RetryPolicy:
        return RetryPolicy(clock=self.clock, sleep=self.sleep, chance=lambda: 0.5)


@contextmanager
def user_who(visit: Callable[[str], object], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A browser whose user does this with each address, in a thread of its own. Gives the addresses."""
    visited: list[str] = []
    threads: list[threading.Thread] = []

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            visited.append(url)
            threads.append(threading.Thread(target=visit, args=(url,)))
            threads[-1].start()
            return True

    monkeypatch.setattr(webbrowser, "get", lambda using=None: Browser())
    monkeypatch.setattr(webbrowser, "open", Browser().open)
    # MSAL looks once a second whether the browser has come back; this user is quicker.
    often = SimpleNamespace(time=time.time, sleep=lambda seconds: time.sleep(seconds / 100))
    monkeypatch.setattr("msal.oauth2cli.authcode.time", often)
    yield visited
    for thread in threads:
        thread.join()


def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any."""

    def none(using: object = None) -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)


def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is known any more."""

    def no_network(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)


def free_port() -> int:
    """A port of this machine where nobody listens; none of those that the system gives to whoever connects meanwhile."""
    chance = random.SystemRandom()
    while True:
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", chance.randrange(20_000, 32_000)))
            return int(free.getsockname()[1])


@dataclass(frozen=True)
class Certificate:
    """A key and its self-signed certificate (PEM)."""

    private: str
    public: str
    certificate: str


def self_signed(name: str, *extensions: tuple[x509.ExtensionType, bool]) -> Certificate:
    """Made anew, good for a hundred years. An extension comes with whether it is critical."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2126, 1, 1, tzinfo=UTC))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    pem = serialization.Encoding.PEM
    return Certificate(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
        key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo).decode(),
        builder.sign(key, hashes.SHA256()).public_bytes(pem).decode(),
    )


def name_of(trouble: Trouble) -> str:
    """What pytest calls a test of it."""
    answer = trouble.answer
    return f"{answer.status}-{answer.body[:9]!r}" if answer else f"cut-{trouble.cut_after}"


def said_while_failing(
    server: Server,
    failures: Sequence[Trouble],
    paths: Sequence[str],
    connector: Callable[[], Connector],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> list[str]:
    """All that runs say, on every channel and level, while each failure in turn meets the requests for each path."""
    said: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for failure, path in product(failures, paths):
            server.troubles.clear()
            server.trouble(*[failure] * 3, path=path)
            reader = connector()
            try:
                (calendar,) = reader.calendars("")
                pages = list(reader.fetch(calendar, WINDOW))
                said += [problem.text for page in pages for problem in page.problems]
            except CalsightError as error:
                said += ["".join(traceback.format_exception(error))]
    said += [record.getMessage() + str(record.exc_info) for record in caplog.records]
    said += capfd.readouterr()
    assert len(said) > len(failures)
    return said


def said(event: CalendarEvent, name: str) -> Any:
    """What an event says, as the `says` of a payload of our own has it (`data/entries.json` of a connector)."""
    match name:
        case "people":
            return [f"{one.address} {one.partstat}" for one in event.attendees]
        case "kinds":
            return [one.cutype for one in event.attendees]
        case "guests":
            return [one.guests for one in event.attendees]
        case "organizer":
            return event.organizer and event.organizer.address
        case "hidden":
            return event.participants_hidden
        case "conference":
            return list(event.conference)
        case "start" | "end" | "original_start":
            return getattr(event, name).isoformat()
        case _:
            return getattr(event, name)


def own_payloads(folder: Path) -> list[Any]:
    """The payloads of our own beside a connector's tests, as parameters."""
    found = json.loads((folder / "data/entries.json").read_text(encoding="utf-8"))
    return [pytest.param(one["entry"], one["says"], id=one["why"]) for one in found]
