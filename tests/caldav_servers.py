"""Real CalDAV servers on loopback, started by the tests: Radicale, Xandikos, Cyrus, and sabre/dav on PHP.

`make caldav-servers` installs the last two where that may be done (make test and make check do so by themselves); a server that
cannot be had is skipped with the reason. Each test gets a user of its own.
"""

from __future__ import annotations

import base64
import hashlib
import imaplib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
import requests
from icalendar import Calendar, Event
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from api_support import free_port

PASSWORD = "s3cret-pass"
PHP = Path(__file__).parent / "caldav_server.php"
SABRE = Path("/usr/share/doc/php-sabre-dav/examples/sql")
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


@dataclass
class Real:
    """A server that runs. `user` makes a new user, or one of that name.

    `stale` is the answer to a strange sync token (None: it has no tokens).
    Some know no addresses of their users; one `tells` neither whose a calendar is, nor of which zone.
    """

    name: str
    user: Callable[..., Home]
    stale: int | None = 403
    knows_addresses: bool = True
    tells: bool = True


#: A process ends when nobody writes to it any more, also where the tests are killed: Cyrus would live on, and busily.
_WHILE_WE_LIVE = '"$@" & server=$!; cat >/dev/null; kill $server; wait $server'


@contextmanager
def started(command: list[str], **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block."""
    words = ["sh", "-c", _WHILE_WE_LIVE, "sh", *command]
    quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, **quiet, **more) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(_PATIENCE)


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


def _script(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@contextmanager
def radicale(folder: Path, *more: str) -> Iterator[Real]:
    """Radicale, from PyPI; `more` are users that it knows besides."""
    pytest.importorskip("radicale", reason="Radicale is not installed: pip install radicale")
    port, names = free_port(), ["ana@example.com", *(f"user{number}@example.com" for number in range(200))]
    users = folder / "users"
    users.write_text("".join(f"{name}:{PASSWORD}\n" for name in dict.fromkeys([*names, *more])))
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": users,
        "auth-htpasswd-encryption": "plain",
        "auth-delay": 0,
        "storage-filesystem-folder": folder / "data",
        "logging-level": "critical",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    fresh = iter(names[1:])

    def user(name: str = "") -> Home:
        name, url = (
            (name if name in more else f"{name}@example.com") if name else next(fresh),
            f"http://127.0.0.1:{port}/",
        )
        return Home(url, name, f"{url}{name}/")

    with started([_script("radicale"), "--config", "", *words]) as process:
        listening(port, process)
        yield Real("radicale", user, 403, knows_addresses=False)


@contextmanager
def xandikos(folder: Path) -> Iterator[Real]:
    """Xandikos, from PyPI. It has one user."""
    pytest.importorskip("xandikos", reason="Xandikos is not installed: pip install xandikos")
    port, name = free_port(), "user0"
    users = folder / "users"
    users.write_text(f"{name}:{{SHA}}{base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()}\n")
    command = [
        *(_script("xandikos"), "serve", "-d", str(folder / "data"), "--state-dir", str(folder / "state"), "--defaults"),
        *("--current-user-principal", f"/{name}/", "-l", "localhost", "-p", str(port), "--autocert"),
        *("--htpasswd", str(users), "--no-detect-systemd"),
    ]
    url = f"https://localhost:{port}/"

    def user(_: str = "") -> Home:
        made = Home(url, name, f"{url}{name}/calendars/", ca_file=str(folder / "state/certs/selfsigned.crt"))
        listed = ET.fromstring(made.ask("PROPFIND", made.home, Depth="1").content)
        for response in listed.iter("{DAV:}response"):  # what earlier tests made
            found = urljoin(url, response.findtext("{DAV:}href"))
            if found not in (made.home, f"{made.home}calendar/"):
                assert made.ask("DELETE", found).ok
        return made

    with started(command) as process:
        listening(port, process)
        yield Real("xandikos", user, 412, knows_addresses=False, tells=False)


@contextmanager
def sabre(folder: Path) -> Iterator[Real]:
    """sabre/dav on PHP, from Debian; what Nextcloud is made of. It wants Digest."""
    if shutil.which("php") is None or not SABRE.is_dir():
        pytest.skip("sabre/dav is not installed: make caldav-servers")
    port, numbers = free_port(), count()
    (folder / "server.php").write_text(PHP.read_text())
    db = sqlite3.connect(folder / "db.sqlite")
    for name in ("calendars", "principals", "users"):
        db.executescript((SABRE / f"sqlite.{name}.sql").read_text())
    db.execute("PRAGMA journal_mode = WAL")
    url = f"http://127.0.0.1:{port}/"

    def user(name: str = "") -> Home:
        name = name or f"user{next(numbers)}"
        digest = hashlib.md5(f"{name}:SabreDAV:{PASSWORD}".encode()).hexdigest()
        db.execute("INSERT INTO principals (uri, email, displayname) VALUES (?, ?, ?)",
                   (f"principals/{name}", f"{name}@example.com", name))  # fmt: skip
        db.execute("INSERT INTO users (username, digesta1) VALUES (?, ?)", (name, digest))
        db.commit()
        auth = requests.auth.HTTPDigestAuth(name, PASSWORD)
        return Home(url, name, f"{url}calendars/{name}/", auth=auth)

    with started(["php", "-S", f"127.0.0.1:{port}", "server.php"], cwd=folder) as process:
        listening(port, process)
        yield Real("sabre", user, None)
    db.close()


_CYRUS = """\
configdirectory: {0}/conf
proc_path: {0}/proc
mboxname_lockpath: {0}/lock
defaultpartition: default
partition-default: {0}/spool
sievedir: {0}/sieve
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {0}/sasldb2
sasl_mech_list: PLAIN
httpmodules: caldav
unixhierarchysep: yes
autocreate_users: anyone
autocreate_quota: 0
caldav_allowscheduling: {1}
calendar_user_address_set: example.com
"""
_SERVICES = """\
START {{
  recover cmd="/usr/sbin/cyrus ctl_cyrusdb -C {0}/imapd.conf -r"
}}
SERVICES {{
  imap cmd="imapd -C {0}/imapd.conf" listen="127.0.0.1:{1}" prefork=0
  http cmd="httpd -C {0}/imapd.conf" listen="127.0.0.1:{2}" prefork=0
}}
EVENTS {{
}}
"""


@contextmanager
def cyrus(folder: Path, *, scheduling: bool = False) -> Iterator[Real]:
    """Cyrus, from Debian; what Fastmail runs."""
    if not Path("/usr/sbin/cyrmaster").exists() or shutil.which("saslpasswd2") is None:
        pytest.skip("Cyrus is not installed: make caldav-servers")
    if os.getuid() != 0:
        pytest.skip("Cyrus changes to a user of its own, which only root may do")
    imap, http, numbers = free_port(), free_port(), count()
    with tempfile.TemporaryDirectory(
        prefix="cyrus"
    ) as short:  # the names of its sockets must be short, and its user may enter
        home = Path(short)
        home.chmod(0o755)
        for part in ("conf/db", "conf/socket", "conf/user", "spool", "proc", "lock", "sieve"):
            (home / part).mkdir(parents=True)
        (home / "imapd.conf").write_text(_CYRUS.format(home, "yes" if scheduling else "no"))
        (home / "cyrus.conf").write_text(_SERVICES.format(home, imap, http))
        realm = ["-f", str(home / "sasldb2"), "-u", socket.gethostname()]

        def user(name: str = "") -> Home:
            name = name or f"user{next(numbers)}"
            subprocess.run(["saslpasswd2", "-p", "-c", *realm, name], input=PASSWORD.encode(), check=True)
            shutil.chown(home / "sasldb2", "cyrus", "mail")
            with imaplib.IMAP4("127.0.0.1", imap) as mail:  # it makes a user's home at the first login
                mail.login(name, PASSWORD)
            url = f"http://127.0.0.1:{http}/dav/"
            made = Home(url, name, f"{url}calendars/user/{name}/")
            made.ask("PROPFIND", url, Depth="0")
            return made

        subprocess.run(["saslpasswd2", "-p", "-c", *realm, "nobody"], input=PASSWORD.encode(), check=True)
        subprocess.run(["chown", "-R", "cyrus:mail", str(home)], check=True)
        command = [
            *("/usr/sbin/cyrmaster", "-C", f"{home}/imapd.conf", "-M", f"{home}/cyrus.conf", "-p", f"{home}/pid", "-D")
        ]
        with started(command) as process:
            listening(imap, process)
            listening(http, process)
            yield Real("cyrus", user, 403)


SERVERS: dict[str, Callable[[Path], Any]] = {
    "radicale": radicale,
    "xandikos": xandikos,
    "cyrus": cyrus,
    "sabre": sabre,
}
