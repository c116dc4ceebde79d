"""From mailboxes to a folder: only what has changed, in processes, and nothing lost where a run is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calsight.org.columns import REASONS
from calsight.org.dialects import read_graph_lines
from calsight.org.ingest import Ingest, ingest
from calsight.org.people import hours_of, read_members
from calsight.org.pseudonyms import read_key
from org_support import DAY, GROUPINGS, World, invent, take_in


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    return invent(tmp_path_factory.mktemp("organisation"), 12, seed=4)


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    """A copy to change."""
    shutil.copytree(made.root, tmp_path / "organisation")
    return World(tmp_path / "organisation", made.members, made.key, made.done)


def lines(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "attendance/*.parquet").sort("meeting", "person")


def test_what_has_not_changed_is_not_read_again(world: World) -> None:
    before = lines(world.folder)
    again = take_in(world.root).done
    assert (again.read, again.mailboxes, again.entries) == (0, 12, world.done.entries)
    assert lines(world.folder).equals(before)


def test_a_changed_mailbox_is_read_and_the_same_comes_out_as_anew(world: World) -> None:
    path = sorted((world.root / "mailboxes").iterdir())[3]
    rows = path.read_text().splitlines()
    path.write_text("\n".join(rows[: len(rows) // 2]) + "\n")
    os.utime(path, ns=(1, 1))
    done = take_in(world.root).done
    assert 0 < done.read <= 12
    grown = lines(world.folder)
    shutil.rmtree(world.folder)
    take_in(world.root)
    assert lines(world.folder).equals(grown)


def test_a_mailbox_that_is_gone_takes_its_lines_along(world: World) -> None:
    paths = sorted((world.root / "mailboxes").iterdir())
    paths[0].unlink()
    done = take_in(world.root).done
    assert (done.mailboxes, done.missing) == (11, 1)
    gone = world.key.number(paths[0].name.removesuffix(".jsonl"))
    own = lines(world.folder).filter(pl.col("own") == 1)
    assert gone not in own["person"].to_list()
    people = pl.read_parquet(world.folder / "people.parquet")
    assert people.filter(pl.col("person") == gone)["mailbox"].to_list() == [0]


def test_a_week_file_that_is_lost_is_made_anew(world: World) -> None:
    before = lines(world.folder)
    sorted((world.folder / "attendance").iterdir())[5].unlink()
    take_in(world.root)
    assert lines(world.folder).equals(before)


def test_several_processes_give_what_one_gives(made: World, tmp_path: Path) -> None:
    asked = Ingest((str(made.root / "mailboxes"),), tmp_path / "dir", GROUPINGS, 26, DAY, processes=2)
    members = read_members(made.root / "people.csv", GROUPINGS)
    ingest(asked, members, made.key)
    assert lines(tmp_path / "dir").equals(lines(made.folder))


@pytest.mark.parametrize("moment", [4, 6])
def test_what_is_killed_goes_on_and_loses_nothing(made: World, tmp_path: Path, moment: int) -> None:
    """Dies (SIGKILL) while it notes what it read for the so-many-th time: the old note stands, the new one is a draft."""
    code = f"""
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import calsight.org.ingest as ingest, org_support
noted, write = [0], ingest.write_meta
def dies(folder, meta):
    noted[0] += 1
    if noted[0] == {moment}:
        (folder / ".meta.json.draft").write_text("half")
        os.kill(os.getpid(), signal.SIGKILL)
    write(folder, meta)
ingest._MAILBOXES = 5
if len(sys.argv) == 4:
    ingest.write_meta = dies
org_support.take_in(Path(sys.argv[1]))
"""
    root = tmp_path / "organisation"
    shutil.copytree(made.root, root, ignore=shutil.ignore_patterns("dir"))
    command = [sys.executable, "-c", code, str(root), str(Path(__file__).parents[1])]
    assert subprocess.run([*command, "dies"]).returncode == -signal.SIGKILL
    subprocess.run(command, check=True)
    assert lines(root / "dir").equals(lines(made.folder))
    assert not [path for path in (root / "dir").rglob(".*") if path.is_file()]


def test_lines_of_many_are_parted_by_their_owners(made: World, tmp_path: Path) -> None:
    texts = [path.read_text() for path in sorted((made.root / "mailboxes").iterdir())]
    strange = json.loads(texts[0].splitlines()[0])
    strange["calendar"] = {"id": "x", "owner": ["stranger@example.org"]}
    (tmp_path / "all.jsonl").write_text("".join(texts) + json.dumps(strange) + "\n")
    asked = Ingest((str(tmp_path / "all.jsonl"),), tmp_path / "dir", GROUPINGS, 26, DAY, processes=1)
    done = ingest(asked, made.members, made.key)
    assert (done.mailboxes, done.strangers) == (12, 1)
    assert lines(tmp_path / "dir").equals(lines(made.folder))


def test_two_addresses_of_one_person_are_one(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("address,aliases\nana@example.com,ana.b@example.com\nbo@example.com,\n")
    members = read_members(tmp_path / "people.csv", ())
    event = {
        "schema": "calsight.event/1",
        "uid": "one",
        "start": "2026-06-01T10:00:00Z",
        "end": "2026-06-01T10:30:00Z",
        "organizer": {"address": "bo@example.com"},
        "attendees": [{"address": "bo@example.com", "partstat": "accepted"}, {"address": "ana.b@example.com"}],
    }
    (tmp_path / "in").mkdir()
    for owner in ("ana@example.com", "bo@example.com"):
        event["calendar"] = {"id": owner, "owner": [owner], "names_people": True}
        (tmp_path / f"in/{owner}.jsonl").write_text(json.dumps(event))
    key = read_key(tmp_path / "key", tmp_path / "dir")
    ingest(Ingest((str(tmp_path / "in"),), tmp_path / "dir", (), 26, DAY, processes=1), members, key)
    found = lines(tmp_path / "dir")
    assert found["person"].to_list() == sorted(key.number(one) for one in ("ana@example.com", "bo@example.com"))
    assert [REASONS[row] for row in found["pair"]] == ["two_people", "two_people"]


@pytest.mark.parametrize(
    ("country", "subdivision", "known"), [("de", "by", ("DE", "BY")), ("XX", "", ("", "")), ("DE", "XX", ("", ""))]
)
def test_a_country_without_known_holidays_is_told_of_and_left_out(
    tmp_path: Path, country: str, subdivision: str, known: tuple[str, str]
) -> None:
    (tmp_path / "people.csv").write_text(f"address,country,subdivision\nana@example.com,{country},{subdivision}\n")
    members = read_members(tmp_path / "people.csv", ())
    (ana,) = members.everyone
    assert (ana.country, ana.subdivision) == known
    told = [problem.text for problem in members.problems]
    assert len(told) == (not any(known))
    assert all(text.startswith("Line 2 ") and "no public holidays are known" in text for text in told)


def test_hours_are_written_as_people_write_them() -> None:
    assert hours_of("09:00-17:00")["friday"] == ("09:00-17:00",)
    assert hours_of("monday=08:00-12:00+13:00-16:00; tuesday=09:00-12:00") == {
        "monday": ("08:00-12:00", "13:00-16:00"),
        "tuesday": ("09:00-12:00",),
    }
    with pytest.raises(ValueError, match="weekday"):
        hours_of("someday=09:00-12:00")
    with pytest.raises(ValueError, match="09:00-17:00"):
        hours_of("nine to five")


# Microsoft Graph Data Connect, and psoxy


def graph(answer: str = "declined", **said: Any) -> bytes:
    def word(kind: str, value: str) -> str:
        return f"microsoft.graph.{kind}'{value}'"

    person = {"name": "", "address": "ana@example.com"}
    event = {
        "iCalUId": "u1",
        "subject": "x",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "showAs": word("freeBusyStatus", "busy"),
        "type": word("eventType", "singleInstance"),
        "start": {"dateTime": "2026-03-03T10:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-03T10:30:00.0000000", "timeZone": "UTC"},
        "organizer": {"emailAddress": person},
        "responseStatus": {"response": word("responseType", "organizer")},
        "attendees": [
            {
                "type": word("attendeeType", "required"),
                "status": {"response": word("responseType", answer)},
                "emailAddress": {"address": address},
            }
            for address in ("bo@example.com", "cy@example.com")
        ],
        "puser": "ana@example.com",
    }
    return json.dumps(event | said).encode()


@pytest.mark.parametrize(
    ("said", "zone", "hour"),
    [
        ("2026-03-02T09:00:00.0000000", "UTC", 9),
        ("2026-03-02T09:00:00.0000000", "Europe/Berlin", 8),
        ("2026-03-02T09:00:00.0000000Z", "Europe/Berlin", 9),
        ("2026-03-02T09:00:00.0000000-05:00", "Europe/Berlin", 14),
    ],
)
def test_a_time_of_graph_is_of_its_offset_or_else_of_the_zone_beside_it(said: str, zone: str, hour: int) -> None:
    moment = {"dateTime": said, "timeZone": zone}
    (event,), _ = read_graph_lines([graph(start=moment, end=moment)], ("ana@example.com",))
    assert event.start == datetime(2026, 3, 2, hour, tzinfo=UTC)


def test_graphs_words_are_read_with_their_lists_and_without() -> None:
    events, problems = read_graph_lines([graph()], ("ana@example.com",))
    assert problems == []
    assert [str(line.partstat) for line in events[0].attendees] == ["declined", "declined"]
    plain, _ = read_graph_lines([graph(showAs="oof", attendees="[]")], ("ana@example.com",))
    assert str(plain[0].show_as) == "oof"
    assert plain[0].attendees == ()


def test_a_word_on_none_of_graphs_lists_is_a_problem_and_no_guess() -> None:
    events, problems = read_graph_lines([graph(answer="perhapsLater"), b"{}", b"nothing"], ("ana@example.com",))
    assert events == []
    assert "says 'perhapslater'" in problems[0].text
    assert [problem.code for problem in problems] == ["bad_entry"] * 3


def test_a_guest_of_graph_answers_with_their_own_answer_and_series_have_no_master() -> None:
    master = graph(type="seriesMaster")
    guest = graph(
        isOrganizer=False, responseStatus={"response": "tentativelyAccepted"}, type="occurrence", seriesMasterId="s"
    )
    events, _ = read_graph_lines([master, guest], ("bo@example.com",))
    (event,) = events
    (me,) = [line for line in event.attendees if line.is_me]
    assert (str(me.partstat), event.series) == ("tentative", "s")


def test_pseudonymous_addresses_of_psoxy_are_people() -> None:
    address = {"scope": "email", "domain": "example.com", "hash": "AbC12"}
    line = graph(attendees=[{"emailAddress": {"address": address}}, {"emailAddress": {"address": json.dumps(address)}}])
    (event,), _ = read_graph_lines([line], ("ana@example.com",))
    assert {one.address for one in event.attendees} == {"abc12@example.com"}


def test_lines_of_graph_data_connect_are_ingested(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("address\nana@example.com\nbo@example.com\n")
    (tmp_path / "part-00.json").write_bytes(graph(answer="accepted") + b"\n")
    members, key = read_members(tmp_path / "people.csv", ()), read_key(tmp_path / "key", tmp_path / "dir")
    done = ingest(Ingest((str(tmp_path / "part-00.json"),), tmp_path / "dir", (), 26, DAY, processes=1), members, key)
    assert (done.mailboxes, done.entries) == (1, 1)
    assert lines(tmp_path / "dir")["own"].to_list().count(1) == 1


def test_a_connector_reads_everybody_on_the_list(tmp_path: Path, install: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
from datetime import UTC, datetime
from calsight import Calendar, CalendarEvent
from calsight.protocols import Page
class Fake:
    def __init__(self, context): pass
    def calendars(self, reference): return [Calendar(id=reference, name="c", owner=(reference,), names_people=True)]
    def fetch(self, calendar, window, *, progress=None, cancel=None):
        start, end = datetime(2026, 6, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 10, tzinfo=UTC)
        yield Page(events=(CalendarEvent(f"u{calendar.id}", start, end, calendar=calendar),))
"""
    install("calsight-directory", "fakedirectory", code, connectors="directory = fakedirectory:Fake")
    (tmp_path / "people.csv").write_text("address\nana@example.com\nbo@example.com\n")
    members, key = read_members(tmp_path / "people.csv", ()), read_key(tmp_path / "key", tmp_path / "dir")
    done = ingest(Ingest(("directory",), tmp_path / "dir", (), 26, DAY, processes=1), members, key)
    assert (done.mailboxes, done.missing, done.entries) == (2, 0, 2), done.problems
