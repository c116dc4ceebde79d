"""The CalDAV servers that keep their calendars in PostgreSQL, each in one of its own: DAViCal and SOGo."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest

from api_support import free_port
from caldav_homes import PASSWORD, Home, Real, listening, started

ROUTER = Path(__file__).parent / "caldav_davical.php"
#: Where `make caldav-servers` unpacks DAViCal, without the web server that its package wants.
DAVICAL = Path(sys.prefix) / "davical/usr"
_SOGO = Path("/usr/sbin/sogod")


def _as_user(name: str) -> list[str]:
    """What makes a command run as somebody who may do less; these servers do not run as root."""
    if os.getuid() != 0:
        return []
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups", "env", "HOME=/tmp"]


@contextmanager
def _postgres(database: str) -> Iterator[Callable[..., None]]:
    """PostgreSQL with a database; what is given takes psql's arguments. Its `port` is where it listens on loopback."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or shutil.which("psql") is None:
        pytest.skip("PostgreSQL is not installed: make caldav-servers")
    programs, port = found[-1].parent, free_port()
    with tempfile.TemporaryDirectory(prefix="pg") as short:  # the name of its socket must be short
        folder, postgres = Path(short), _as_user("postgres")
        if postgres:
            shutil.chown(folder, "postgres")
        make = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        subprocess.run([*postgres, programs / "initdb", "-D", folder / "data", *make], check=True, capture_output=True)

        def psql(*words: object, database: str = database) -> None:
            who = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
            subprocess.run([*who, *map(str, words), database], check=True, capture_output=True)

        fast = [word for name in ("fsync", "full_page_writes", "synchronous_commit") for word in ("-c", f"{name}=off")]
        command = [
            *postgres,
            str(programs / "postgres"),
            "-D",
            str(folder / "data"),
            "-p",
            str(port),
            "-k",
            short,
            *fast,
        ]
        with started([*command, "-c", "listen_addresses=127.0.0.1"], end="INT") as process:
            listening(port, process)
            _until_ready(programs, port, process)
            psql("-c", f"CREATE DATABASE {database} TEMPLATE template0", database="postgres")
            psql.port = port  # type: ignore[attr-defined]
            yield psql


def _until_ready(programs: Path, port: int, process: subprocess.Popen[bytes]) -> None:
    """It listens a little before it answers."""
    while subprocess.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False).returncode:
        assert process.poll() is None, "PostgreSQL ended"
        os.sched_yield()


# --- DAViCal ------------------------------------------------------------------------------------------------------------------


@contextmanager
def davical(folder: Path) -> Iterator[Real]:
    """DAViCal on PHP, from Debian."""
    share = next((one for one in (DAVICAL / "share", Path("/usr/share")) if (one / "davical").is_dir()), None)
    if share is None or shutil.which("php") is None:
        pytest.skip("DAViCal is not installed: make caldav-servers")
    port, numbers = free_port(), count()
    with _postgres("davical") as psql, ExitStack() as stack:
        psql("-c", "CREATE ROLE davical_app LOGIN")
        tables = ["awl/dba/awl-tables", "awl/dba/schema-management", "davical/dba/davical", "davical/dba/caldav_functions",
                  "davical/dba/rrule_functions", "davical/dba/views/dav_principal", "davical/dba/supported_locales",
                  "davical/dba/base-data"]  # fmt: skip
        psql("-v", "ON_ERROR_STOP=0", *(word for one in tables for word in ("-f", share / f"{one}.sql")))
        psql("-c", "GRANT ALL ON ALL TABLES IN SCHEMA public TO davical_app",
             "-c", "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO davical_app")  # fmt: skip
        shutil.copytree(share / "davical", folder / "davical", symlinks=True)
        (folder / "davical/config").mkdir(exist_ok=True)
        database = f"host=127.0.0.1 port={psql.port} dbname=davical user=davical_app"  # type: ignore[attr-defined]
        (folder / "davical/config/config.php").write_text(f"<?php $c->pg_connect[] = '{database}';\n")
        shutil.copy(ROUTER, folder / "davical/htdocs/router.php")
        options = {"include_path": f".:{share}/awl/inc:{folder}/davical/inc", "display_errors": "0", "log_errors": "0"}
        driver = next(iter((DAVICAL / "lib/php").glob("*/pdo_pgsql.so")), None)
        if driver is not None:
            options["extension"] = str(driver)
        words = [word for name, value in options.items() for word in ("-d", f"{name}={value}")]
        command = ["php", *words, "-S", f"127.0.0.1:{port}", "router.php"]
        process = stack.enter_context(started(command, cwd=folder / "davical/htdocs"))
        listening(port, process)

        def user(name: str = "") -> Home:
            name = name or f"user{next(numbers)}"
            values = f"'{name}', '**{PASSWORD}', '{name}@example.com', '{name}', 1, true, '/{name}/'"
            columns = "username, password, email, fullname, type_id, user_active, dav_name"
            psql("-c", f"INSERT INTO dav_principal ({columns}) VALUES ({values})")
            url = f"http://127.0.0.1:{port}/caldav.php/"
            return Home(url, name, f"{url}{name}/")

        def share(owner: Home, calendar: str, reader: Home) -> None:
            which = f"SELECT collection_id FROM collection WHERE dav_name = '{calendar.partition('/caldav.php')[2]}'"
            who = "SELECT principal_id FROM dav_principal WHERE username = '{}'"
            rights = "privilege_to_bits(ARRAY['read', 'read-free-busy'])"
            values = f"({who.format(owner.user)}), ({which}), ({who.format(reader.user)}), {rights}, false"
            psql("-c", "INSERT INTO grants (by_principal, by_collection, to_principal, privileges, is_group) "
                 f"VALUES ({values})")  # fmt: skip

        yield Real("davical", user, exact=False, keeps_zone=False, share=share)


# --- SOGo ---------------------------------------------------------------------------------------------------------------------


@contextmanager
def sogo(folder: Path) -> Iterator[Real]:
    """SOGo, from Debian. Its memcached is one of its own, too."""
    if not _SOGO.exists() or shutil.which("memcached") is None:
        pytest.skip("SOGo is not installed: make caldav-servers")
    port, cache, numbers = free_port(), free_port(), count()
    with _postgres("sogo") as psql, tempfile.TemporaryDirectory(prefix="sogo") as home, ExitStack() as stack:
        table = "CREATE TABLE users (c_uid text PRIMARY KEY, c_name text, c_password text, c_cn text, mail text)"
        psql("-c", table)
        less = _as_user("sogo")
        if less:
            less[-1] = f"HOME={home}"
            shutil.chown(home, "sogo")
        memcached = ["memcached", "-l", "127.0.0.1", "-p", str(cache), "-U", "0", *(["-u", "sogo"] if less else [])]
        listening(cache, stack.enter_context(started(memcached)))
        at = f"postgresql://postgres@127.0.0.1:{psql.port}/sogo"  # type: ignore[attr-defined]
        source = f'type = sql; id = directory; viewURL = "{at}/users"; canAuthenticate = YES; isAddressBook = NO; '
        settings = {
            "WOPort": f"127.0.0.1:{port}",
            "WOWorkersCount": "3",
            "WONoDetach": "YES",
            "WOLogFile": "-",
            "WOPidFile": f"{home}/pid",
            "SOGoProfileURL": f"{at}/profiles",
            "OCSFolderInfoURL": f"{at}/folders",
            "OCSSessionsFolderURL": f"{at}/sessions",
            "SOGoUserSources": f"({{ {source} userPasswordAlgorithm = plain; }})",
            "SOGoAuthenticationMethod": "SQL",
            "SOGoMailDomain": "example.com",
            "SOGoTimeZone": "Europe/Berlin",
            "SOGoMemcachedHost": f"127.0.0.1:{cache}",
            "SOGoAppointmentSendEMailNotifications": "NO",
        }
        words = [word for name, value in settings.items() for word in (f"-{name}", value)]
        process = stack.enter_context(started([*less, str(_SOGO), *words], end="KILL"))  # TERM waits for its children
        listening(port, process)

        def user(name: str = "") -> Home:
            name = name or f"user{next(numbers)}"
            psql("-c", f"INSERT INTO users VALUES ('{name}', '{name}', '{PASSWORD}', '{name}', '{name}@example.com')")
            url = f"http://127.0.0.1:{port}/SOGo/dav/"
            return Home(url, name, f"{url}{name}/Calendar/")

        def share(owner: Home, calendar: str, reader: Home) -> None:
            kind, ours = "application/xml; charset=utf-8", 'xmlns="urn:inverse:params:xml:ns:inverse-dav"'
            added = f'<acl-query {ours}><add-user user="{reader.user}"/></acl-query>'
            rights = f'<acl-query {ours}><set-roles user="{reader.user}"><PublicViewer/></set-roles></acl-query>'
            for who, body in ((owner, added), (owner, rights), (reader, f"<subscribe {ours}/>")):
                assert who.ask("POST", calendar, f'<?xml version="1.0"?>{body}', Content_Type=kind).ok

        yield Real(
            "sogo",
            user,
            exact=False,
            never_forgets=True,
            keeps_zone=False,
            keeps_kinds=False,
            share=share,
            lists_shared=True,
        )
