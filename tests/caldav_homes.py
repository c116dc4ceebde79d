"""What CalDAV servers in tests share: a user and their calendars, and processes that end with the tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
import requests
from icalendar import Calendar, Event
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

PASSWORD = "s3cret-pass"
#: How long a server may take to start (seconds).
_PATIENCE = 30


@dataclass
class Home:
    """A user of a server, and where their calendars are."""

    url: str
    user: str
    home: str
    password: str = PASSWORD
    ca_file: str = ""
    session: requests.Session = field(default_factory=requests.Session, repr=False)
    auth: Any = None

    def __post_init__(self) -> None:
        retries = HTTPAdapter(max_retries=Retry(3, allowed_methods=None))  # Cyrus ends idle connections
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, retries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def ask(self, method: str, url: str, body: bytes | str = b"", **headers: str) -> requests.Response:
        """One request as this user, whatever comes back."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        auth = self.auth or (self.user, self.password)
        return self.session.request(
            method, url, data=data, headers=named, auth=auth, verify=self.ca_file or True, timeout=_PATIENCE
        )

    def make(self, name: str, *, title: str = "", zone: str = "", kind: str = "VEVENT") -> str:
        """A new calendar, and its address."""
        url = f"{self.home}{name}/"
        timezone = f"<c:calendar-timezone><![CDATA[{_vtimezone(zone)}]]></c:calendar-timezone>" if zone else ""
        body = (
            '<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
            f"<d:displayname>{title or name}</d:displayname>{timezone}"
            f'<c:supported-calendar-component-set><c:comp name="{kind}"/></c:supported-calendar-component-set>'
            "</d:prop></d:set></c:mkcalendar>"
        )
        answer = self.ask("MKCALENDAR", url, body, Content_Type="application/xml")
        assert answer.status_code in (200, 201), (answer.status_code, answer.text[:300])
        return url

    def put(self, calendar: str, name: str, data: bytes | str) -> None:
        """Store an entry."""
        answer = self.ask("PUT", f"{calendar}{name}", data, Content_Type="text/calendar; charset=utf-8")
        assert answer.status_code in (200, 201, 204), (answer.status_code, answer.text[:300])

    def delete(self, calendar: str, name: str) -> None:
        """Remove an entry."""
        answer = self.ask("DELETE", f"{calendar}{name}")
        assert answer.status_code in (200, 204), (answer.status_code, answer.text[:300])


def _vtimezone(zone: str) -> str:
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//test//")
    calendar.add("version", "2.0")
    event.add("dtstart", datetime(2026, 6, 1, 9, tzinfo=ZoneInfo(zone)))
    calendar.add_component(event)
    calendar.add_missing_timezones()
    calendar.subcomponents = [part for part in calendar.subcomponents if part.name == "VTIMEZONE"]
    return calendar.to_ical().decode()


#: Gives somebody the right to read a calendar: whose, which (by its address), and to whom.
Share = Callable[[Home, str, Home], None]


@dataclass
class Real:
    """A server that runs. `user` makes a new user, or one of that name.

    syncs            whether it has sync tokens
    exact            whether an increment holds what has changed and no more
    never_forgets    whether it takes any token, and tells all that was ever gone
    knows_addresses  whether it knows those of its users
    tells            whether it says whose a calendar is, and of which zone
    keeps_zone       whether a calendar keeps the zone that it was made with
    keeps_kinds      whether a calendar keeps what it was made to hold: events, or tasks
    share            how a calendar is shared there, where that is possible
    lists_shared     whether those who may read it find it in their home
    """

    name: str
    user: Callable[..., Home]
    syncs: bool = True
    exact: bool = True
    never_forgets: bool = False
    knows_addresses: bool = True
    tells: bool = True
    keeps_zone: bool = True
    keeps_kinds: bool = True
    share: Share | None = None
    lists_shared: bool = False


#: A process ends, with all that it began, when nobody writes to it any more, also where the tests are killed: Cyrus would live
#: on, and busily. The shell leads a group of its own, which the signal goes to.
_WHILE_WE_LIVE = 'trap : TERM INT; "$@" & cat >/dev/null; kill -s {} 0; wait'


@contextmanager
def started(command: list[str], *, end: str = "TERM", **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, by the signal `end`."""
    words = ["sh", "-c", _WHILE_WE_LIVE.format(end), "sh", *command]
    quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, start_new_session=True, **quiet, **more) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


def listening(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process listens; fails where it ends, or takes too long."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.1)  # a refusal takes as long on some systems, no time on others
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        os.sched_yield()
    pytest.fail(f"{process.args!r} did not start")
