"""What is kept on this machine may be damaged, taken, or find no room: it heals, or one sentence says what to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from api_support import MONDAY
from calsight import Calendar, Window
from calsight.errors import StoreError, out_of_memory
from calsight.protocols import ConnectorContext
from calsight.reading import store as store_module
from calsight.reading.store import Store
from calsight.testing import event
from calsight_caldav import CaldavConnector
from calsight_google import GoogleConnector
from calsight_ics import IcsConnector
from calsight_outlook import OutlookConnector
from cli.conftest import AS_OF, Ran
from hostile.attacks import one
from hostile.machine import little_room
from hostile.servers import Answering, Server, serving
from kill_support import posix

Cli = Callable[..., Ran]
WINDOW = Window(MONDAY - timedelta(weeks=1), MONDAY + timedelta(weeks=52))

# --- copies of what servers answered ----------------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Says only once what its calendar holds, to whoever has a copy."""
    monkeypatch.setenv("NO_PROXY", "*")

    def answer(request: Answering) -> None:
        known = request.headers.get("If-None-Match") == '"1"'
        request.say(304 if known else 200, b"" if known else one(b"SUMMARY:Ana"), ETag='"1"')

    with serving(answer) as running:
        yield running


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def altered(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Ana", b"Bob").replace(b'"1"', b'"2"'))


def json(path: Path) -> None:
    path.write_bytes(b'cc=4,{"response": {"headers": 7, "status": "x"}, "vary": null}')


def another_version(path: Path) -> None:
    path.write_bytes(b"cc=99," + path.read_bytes()[5:])


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "x").write_text("x")


def nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere") / "at all")


def gone(path: Path) -> None:
    path.unlink()


DAMAGE = [cut, emptied, zeros, altered, json, another_version, folder, nowhere, gone]


def titles(server: Server, cache: Path) -> list[str]:
    connector = IcsConnector(ConnectorContext(settings={}, zone="UTC", cache_dir=cache))
    (calendar,) = connector.calendars(server.url("/x.ics"))
    return [event.title for page in connector.fetch(calendar, WINDOW) for event in page.events]


@pytest.mark.parametrize("part", ["body", "head", "both"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_copy_is_fetched_anew_and_kept_again(
    server: Server, tmp_path: Path, damage: Callable[[Path], None], part: str
) -> None:
    assert titles(server, tmp_path) == ["Ana"]
    for path in [path for path in (tmp_path / "ics").rglob("*") if path.is_file()]:
        if part == "both" or (path.suffix == ".body") is (part == "body"):
            damage(path)
    assert [titles(server, tmp_path), titles(server, tmp_path)] == [["Ana"], ["Ana"]]


@pytest.mark.parametrize("place", ["cache", "cache/ics"])
def test_a_cache_that_is_no_folder_costs_the_copy(server: Server, tmp_path: Path, place: str) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("")
    assert titles(server, tmp_path / "cache") == ["Ana"]


# --- the store --------------------------------------------------------------------------------------------------------

WORK = Calendar(id="work", name="Work")


class Kept:
    """A connector whose calendar does not change: the second time it has nothing to say."""

    incremental = True

    def calendars(self, reference: str) -> list[Calendar]:
        return [WORK]

    def fetch(self, calendar: Calendar, window: Window, *, state: bytes | None = None, **_: object):  # type: ignore[no-untyped-def]
        from calsight.protocols import Page

        events = [] if state else [event("ana", "bo", at=MONDAY, title="Ana", id="a", calendar=calendar)]
        yield Page(events=events, state=b"1", increment=bool(state), calendar=calendar)


def stored(store: Store) -> list[str]:
    return [one.title for page in store.read("kept", Kept(), WORK, WINDOW) for one in page.events]  # type: ignore[arg-type]


def sql(*statements: str) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            for statement in statements:
                db.execute(statement)
            db.commit()

    return run


def shorter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def middle(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))


BROKEN = {
    "cut": shorter,
    "zeros": zeros,
    "zeros inside": middle,
    "a folder": folder,
    "without a table": sql("DROP TABLE events"),
    "another table": sql("DROP TABLE events", "CREATE TABLE events (x)"),
    "of another version": sql("PRAGMA user_version = 9"),
    "bodies cut": sql("UPDATE events SET body = substr(body, 1, 9)"),
    "bodies of numbers": sql("UPDATE events SET body = 7"),
    "bodies of nothing": sql("UPDATE events SET body = x'ff00'"),
    "events that are none": sql("UPDATE events SET body = '{}'"),
    "naive times": sql("UPDATE events SET body = replace(cast(body as text), 'Z\"', '\"')"),
    "facts": sql("UPDATE calendars SET facts = '[]'"),
    "a window without end": sql("UPDATE calendars SET window_end = 9e999"),
    "a window of words": sql("UPDATE calendars SET window_end = 'never'"),
    "a state of words": sql("UPDATE calendars SET state = 'x'"),
    "problems": sql("INSERT INTO problems (calendar, uid, body) SELECT id, 'u', 'x' FROM calendars"),
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
def test_a_damaged_store_heals_or_is_named(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    store = Store(tmp_path)
    assert stored(store) == ["Ana"]
    damage(store.path)
    said = ""
    try:
        assert stored(store) == ["Ana"]
    except StoreError as error:
        said = str(error)
    assert not said or (str(store.path) in said and "--no-cache" in said)


def test_a_store_that_another_process_holds_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BUSY_SECONDS", 0.01)
    store = Store(tmp_path)
    assert stored(store) == ["Ana"]
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"locked.*--no-cache"):
            stored(store)
    assert stored(store) == ["Ana"]


@posix
@pytest.mark.parametrize("room", [0, 4_000, 20_000])
def test_a_full_disk_is_named_and_leaves_what_was_there(tmp_path: Path, room: int) -> None:
    for store in (Store(tmp_path / "new"), Store(tmp_path / "old")):
        if "old" in str(store.path):
            assert stored(store) == ["Ana"]
        with little_room(room), pytest.raises(StoreError, match=r"cannot be used.*--no-cache"):
            stored(store)
        assert stored(store) == ["Ana"]


@posix
def test_a_store_where_nothing_may_be_written_is_named(tmp_path: Path) -> None:
    for folder in (Path("/proc/calsight"), tmp_path / "file" / "x"):
        (tmp_path / "file").write_text("")
        with pytest.raises(StoreError, match=r"cannot be used.*--no-cache"):
            stored(Store(folder))


# --- little memory ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="a system that holds no process to an address space")
@pytest.mark.parametrize("most", [30, 60])
def test_where_a_library_finds_no_room_one_sentence_says_so(most: int) -> None:
    """Pydantic's at 30 MB, NumPy's at 60: whichever is the first that finds none."""
    code = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, ({most} << 20,) * 2); "
        "from calsight.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code, "report", "x.ics"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("calsight: there is not enough memory")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (ImportError("IMPORTANT: …\nOriginal error was: libx.so: failed to map segment from shared object"), True),
        (ImportError("libx.so: cannot open shared object file: Cannot allocate memory"), True),
        (ImportError("libx.so: cannot open shared object file: No such file or directory"), False),
        (ValueError("Cannot allocate memory"), False),
    ],
)
def test_errors_of_too_little_memory_are_known(error: Exception, expected: bool) -> None:
    assert out_of_memory(error) is expected


# --- what calsight keeps, and what others left in its place -----------------------------------------------------------


@posix
@pytest.mark.parametrize("name", ["pipe", "self", "folder", "deep", "large"])
def test_a_history_that_is_none_costs_itself(cli: Cli, calendar: Path, tmp_path: Path, name: str) -> None:
    assert cli("report", calendar, "--as-of", AS_OF).code == 0
    (history,) = tmp_path.rglob("history.jsonl")
    history.unlink()
    if name == "pipe":
        os.mkfifo(history)
    elif name == "self":
        history.symlink_to(history)
    elif name == "folder":
        history.mkdir()
    else:
        history.write_bytes(b"[" * 100_000 + b"\n" if name == "deep" else b"\xff\n" * 100_000)
    assert cli("report", calendar, "--as-of", AS_OF).code == 0
    assert cli("report", calendar, "--as-of", AS_OF, "--html", tmp_path / "page.html").code == 0


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"7", b""])
def test_a_sign_in_that_is_none_is_no_sign_in(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "signin").mkdir()
    for name, kind in {"google": GoogleConnector, "outlook": OutlookConnector, "caldav": CaldavConnector}.items():
        (tmp_path / "signin" / f"{name}.json").write_bytes(content)
        assert kind(ConnectorContext(state_dir=tmp_path)).status().startswith("not signed in")


@posix
def test_a_link_that_leads_to_itself_is_no_place_to_write_to(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "new").symlink_to("there")
    ran = cli("report", calendar, "--as-of", AS_OF, "--markdown", tmp_path / "self")
    assert (ran.code, "cannot be written" in ran.err) == (2, True)
    assert cli("report", calendar, "--as-of", AS_OF, "--markdown", tmp_path / "new").code == 0
    assert (tmp_path / "there").read_text().startswith("---\n")


@posix
@pytest.mark.parametrize("home", [os.devnull, "nowhere", "file"])
def test_a_home_that_is_no_folder_costs_what_would_be_kept(
    cli: Cli, calendar: Path, tmp_path: Path, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / home))
    assert cli("report", calendar, "--as-of", AS_OF).code == 0
    if home != "nowhere":
        ran = cli("keep", "bo@example.com", "--every", "3w")
        assert (ran.code, "cannot be written" in ran.err) == (2, True)


@pytest.mark.parametrize("columns", ["0", "-5", "99999999", "9" * 5000, "²", "wide", ""])
def test_a_width_that_no_screen_has_is_none(
    cli: Cli, calendar: Path, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    usual = cli("people", calendar, "--as-of", AS_OF).out
    monkeypatch.setenv("COLUMNS", columns)
    assert cli("people", calendar, "--as-of", AS_OF).out == usual
