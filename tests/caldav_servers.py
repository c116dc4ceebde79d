"""Real CalDAV servers on loopback, started by the tests: Radicale, Xandikos, Cyrus, sabre/dav on PHP, DAViCal and SOGo.

`make caldav-servers` installs the last four where that may be done (make test and make check do so by themselves); one that
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from requests.auth import HTTPDigestAuth

from api_support import free_port
from caldav_homes import PASSWORD, Home, Real, listening, started
from caldav_postgres import davical, sogo

PHP = Path(__file__).parent / "caldav_server.php"
SABRE = Path("/usr/share/doc/php-sabre-dav/examples/sql")


def _script(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


#: To each what is their own; besides, everybody may read what is called team.
_RIGHTS = """\
[root]
user: .+
collection:
permissions: R
[own]
user: .+
collection: {user}(/.*)?
permissions: RrWw
[team]
user: .+
collection: [^/]+/team(/.*)?
permissions: r
"""


@contextmanager
def radicale(folder: Path, *more: str) -> Iterator[Real]:
    """Radicale, from PyPI; `more` are users that it knows besides."""
    pytest.importorskip("radicale", reason="Radicale is not installed: pip install radicale")
    port, names = free_port(), ["ana@example.com", *(f"user{number}@example.com" for number in range(200))]
    users = folder / "users"
    users.write_text("".join(f"{name}:{PASSWORD}\n" for name in dict.fromkeys([*names, *more])))
    (folder / "rights").write_text(_RIGHTS)
    options = {
        "rights-type": "from_file",
        "rights-file": folder / "rights",
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

        def share(owner: Home, calendar: str, reader: Home) -> None:
            assert owner.user != reader.user
            assert calendar.endswith("/team/")

        yield Real("radicale", user, knows_addresses=False, keeps_kinds=False, share=share)


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
        yield Real("xandikos", user, knows_addresses=False, tells=False, keeps_zone=False, keeps_kinds=False)


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
        auth = HTTPDigestAuth(name, PASSWORD)
        return Home(url, name, f"{url}calendars/{name}/", auth=auth)

    with started(["php", "-S", f"127.0.0.1:{port}", "server.php"], cwd=folder) as process:
        listening(port, process)
        yield Real("sabre", user, syncs=False)
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

        def share(owner: Home, calendar: str, reader: Home) -> None:
            name = f"#calendars/{calendar.rstrip('/').rpartition('/')[2]}"
            with imaplib.IMAP4("127.0.0.1", imap) as mine:
                mine.login(owner.user, PASSWORD)
                assert mine.setacl(f'"{name}"', reader.user, "lrs9")[0] == "OK"
            with imaplib.IMAP4("127.0.0.1", imap) as theirs:
                theirs.login(reader.user, PASSWORD)
                assert theirs.subscribe(f'"Other Users/{owner.user}/{name}"')[0] == "OK"

        subprocess.run(["saslpasswd2", "-p", "-c", *realm, "nobody"], input=PASSWORD.encode(), check=True)
        subprocess.run(["chown", "-R", "cyrus:mail", str(home)], check=True)
        command = [
            *("/usr/sbin/cyrmaster", "-C", f"{home}/imapd.conf", "-M", f"{home}/cyrus.conf", "-p", f"{home}/pid", "-D")
        ]
        with started(command) as process:
            listening(imap, process)
            listening(http, process)
            yield Real("cyrus", user, share=share, lists_shared=True)


SERVERS: dict[str, Callable[[Path], Any]] = {
    "radicale": radicale,
    "xandikos": xandikos,
    "cyrus": cyrus,
    "sabre": sabre,
    "davical": davical,
    "sogo": sogo,
}


def those(*names: str) -> list[Any]:
    """The parameters of the fixture `real`: these, or all. Where xdist groups tests (`--dist loadgroup`), each starts once."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(f"caldav-{name}")) for name in names or SERVERS]
