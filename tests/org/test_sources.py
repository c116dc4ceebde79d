"""Everything that an organisation's mailboxes are read from, each from the real thing: files, tables, services on loopback."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import calsight_outlook.connector
from api_support import self_signed
from calsight.core.model.options import Options
from calsight.errors import SourceError, UsageError
from calsight.org.columns import REASONS
from calsight.org.doctor import diagnose
from calsight.org.ingest import Ingest, Ingested, _spool, ingest
from calsight.org.out import OrgDiagnosis
from calsight.org.people import read_members
from calsight.org.pseudonyms import read_key
from fakes import graph_items
from fakes.google import READ, FakeGoogle
from fakes.google_items import item, person
from fakes.graph import FakeGraph
from fakes.login import CLIENT, TENANT, FakeLogin
from org_support import DAY

ANA, BO, CY = (f"{name}@example.com" for name in ("ana", "bo", "cy"))
WHEN = datetime(2026, 6, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


def taken_in(root: Path, *sources: str, people: tuple[str, ...] = (ANA, BO, CY), **sections: Any) -> Ingested:
    (root / "people.csv").write_text("\n".join(["address", *people]))
    members, key = read_members(root / "people.csv", ()), read_key(root / "key", root / "dir")
    return ingest(Ingest(sources, root / "dir", (), 26, DAY, sections=sections, processes=1), members, key)


def kinds(root: Path) -> list[str]:
    """The row of core's table for each person's own lines, by what their own copy says of the company."""
    own = pl.read_parquet(root / "dir/attendance/*.parquet").filter(pl.col("own") == 1).sort("start_s", "person")
    columns = own.select("company", "alone", "pair", "many").rows()
    return [REASONS[row[1 + min(row[0], 2)]] for row in columns]


def report_of(root: Path) -> OrgDiagnosis:
    """What the doctor says: it analyses all that there is."""
    return diagnose(root / "dir", Options())


# Files


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//invented//EN
BEGIN:VEVENT
UID:one@example.com
DTSTAMP:20260601T000000Z
DTSTART:20260602T090000Z
DTEND:20260602T093000Z
SUMMARY:Talk
ORGANIZER:mailto:ana@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@example.com
END:VEVENT
END:VCALENDAR
"""


def test_a_folder_of_calendar_files_a_person_each(tmp_path: Path) -> None:
    (tmp_path / "in/more").mkdir(parents=True)
    (tmp_path / f"in/{ANA}.ics").write_text(ICS.replace("\n", "\r\n"))
    (tmp_path / f"in/more/{BO}").mkdir()
    (tmp_path / f"in/more/{BO}/calendar.ics").write_text(ICS.replace("\n", "\r\n"))
    (tmp_path / "in/stranger@example.org.ics").write_text(ICS)
    done = taken_in(tmp_path, str(tmp_path / "in"))
    assert (done.mailboxes, done.missing, done.strangers, done.entries) == (2, 1, 1, 2)
    assert kinds(tmp_path) == ["two_people", "two_people"]


def test_a_broken_calendar_file_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / f"in/{ANA}.ics").write_text(ICS)
    (tmp_path / f"in/{BO}.ics").write_text("no calendar at all")
    (tmp_path / f"in/{CY}.jsonl").write_text("{}\n")
    done = taken_in(tmp_path, str(tmp_path / "in"))
    assert done.entries == 1
    assert {problem.code for problem in done.problems} <= {"unreadable_mailbox", "bad_entry"}
    assert len(done.problems) == 2
    assert "@" not in " ".join(problem.text for problem in done.problems)


def event(owner: str, *people: str) -> dict[str, Any]:
    lines = [{"address": one, "partstat": "accepted", "is_organizer": one == people[0]} for one in people]
    return {
        "schema": "calsight.event/1",
        "uid": "one",
        "start": "2026-06-02T09:00:00Z",
        "end": "2026-06-02T09:30:00Z",
        "organizer": {"address": people[0]},
        "attendees": lines,
        "calendar": {"id": owner, "name": "calendar", "owner": [owner], "names_people": True},
    }


def test_lines_that_belong_to_nobody_are_told_and_packed_files_are_read(tmp_path: Path) -> None:
    lines = [json.dumps(event(one, ANA, BO)) for one in (ANA, BO)]
    with gzip.open(tmp_path / "all.jsonl.gz", "wt") as file:
        file.write("\n".join([*lines, "no json", json.dumps({"uid": "x"})]))
    done = taken_in(tmp_path, str(tmp_path / "all.jsonl.gz"))
    assert (done.mailboxes, done.entries) == (2, 2)
    (problem,) = done.problems
    assert (problem.code, problem.count) == ("bad_entry", 2)
    (tmp_path / "cut.jsonl.gz").write_bytes((tmp_path / "all.jsonl.gz").read_bytes()[:-20])
    with pytest.raises(SourceError, match="cut off or no gzip"):
        taken_in(tmp_path, str(tmp_path / "cut.jsonl.gz"))


def test_what_a_killed_run_left_of_parted_lines_is_gone_at_the_next_start(tmp_path: Path) -> None:
    left = _spool(tmp_path / "dir") / "0.jsonl"  # outside of the folder, for its owner alone
    left.write_text(json.dumps(event(ANA, ANA, CY)))
    assert left.parent.stat().st_mode & 0o777 == 0o700
    assert not left.is_relative_to(tmp_path / "dir")
    (tmp_path / "all.jsonl").write_text(json.dumps(event(BO, ANA, BO)))
    assert taken_in(tmp_path, str(tmp_path / "all.jsonl")).mailboxes == 1
    assert not left.parent.exists()


# Tables


def table(root: Path, **more: list[Any]) -> Path:
    columns: dict[str, list[Any]] = {
        "meeting": ["a", "a", "b", "b", "b", "c"],
        "address": [ANA, BO, ANA, BO, "x@example.org", CY],
        "start": [WHEN] * 2 + [WHEN + timedelta(hours=2)] * 3 + [WHEN.replace(tzinfo=None)],
        "end": [WHEN + timedelta(minutes=30)] * 2 + [WHEN + timedelta(hours=3)] * 3 + [WHEN + timedelta(hours=1)],
        "response": ["accepted"] * 5 + [None],
        "organizer": [True, False, True, False, False, None],
    }
    columns["start"][-1] = WHEN
    pl.DataFrame(columns | more).write_parquet(root / "attendance.parquet")
    return root / "attendance.parquet"


def test_own_attendance_as_parquet(tmp_path: Path) -> None:
    done = taken_in(tmp_path, str(table(tmp_path)))
    assert (done.mailboxes, done.entries, done.strangers, done.problems) == (3, 5, 1, ())
    assert sorted(kinds(tmp_path)) == ["alone", "many_people", "many_people", "two_people", "two_people"]


def test_own_attendance_says_what_else_it_knows(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        cancelled=[True] * 2 + [False] * 4,
        event_type=["default"] * 5 + ["focus_time"],
        online=[True] * 6,
        own=[True, True, True, False, None, True],
    )
    assert taken_in(tmp_path, str(path)).entries == 4
    assert sorted(kinds(tmp_path)) == ["cancelled", "cancelled", "focus_time", "many_people_remote"]


@pytest.mark.parametrize(
    ("columns", "said"), [({"meeting": [1]}, "has no column address, start, end"), (None, "as Parquet")]
)
def test_a_table_that_is_none_gets_a_sentence(tmp_path: Path, columns: dict[str, Any] | None, said: str) -> None:
    path = tmp_path / "attendance.parquet"
    path.write_bytes(b"PAR1") if columns is None else pl.DataFrame(columns).write_parquet(path)
    with pytest.raises(SourceError, match=said):
        taken_in(tmp_path, str(path))


def test_words_that_are_on_no_list_are_problems_of_the_lines(tmp_path: Path) -> None:
    done = taken_in(tmp_path, str(table(tmp_path, show_as=["whatever"] + ["busy"] * 5)))
    assert [problem.code for problem in done.problems] == ["bad_entry"]
    assert done.entries == 4


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-06-02T09:00:00Z", "2026-06-02T08:00:00Z", ["no_duration"]),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", ["two_people"]),
        ("2026-06-02T09:00:00Z", "9999-12-31T23:59:59+00:00", ["two_people"]),
        ("0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z", []),
        ("9999-12-31T00:00:00Z", "9999-12-31T23:00:00Z", []),
        ("2026-06-02T09:00:00", "2026-06-02T09:30:00", None),
        ("2026-13-45T09:00:00Z", "2026-06-02T09:30:00Z", None),
    ],
)
def test_nonsense_of_a_clock_costs_that_entry_at_most(
    tmp_path: Path, start: str, end: str, said: list[str] | None
) -> None:
    good = event(ANA, ANA, BO) | {"uid": "good", "start": "2026-06-02T05:00:00Z", "end": "2026-06-02T05:30:00Z"}
    lines = [good, event(ANA, ANA, BO) | {"start": start, "end": end}]
    (tmp_path / f"{ANA}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = taken_in(tmp_path, str(tmp_path / f"{ANA}.jsonl"))
    assert sorted(kinds(tmp_path)) == sorted(["two_people", *(said or [])])
    assert [problem.code for problem in done.problems] == ([] if said is not None else ["bad_entry"])
    made = report_of(tmp_path)
    assert made.mailboxes == 1


# psoxy


def hashed(name: str) -> dict[str, str]:
    return {"scope": "email", "domain": "example.com", "hash": name}


def test_googles_events_in_psoxys_output(tmp_path: Path) -> None:
    """Pseudonymous addresses, once as objects, once as the text of these; titles left out."""

    def line(me: str) -> str:
        people = [
            {"email": hashed(one), "responseStatus": "accepted", "self": one == me, "organizer": one == "AnA"}
            for one in ("AnA", "bo")
        ]
        found = item("one", WHEN, 30)
        del found["summary"]
        found |= {"attendees": people, "organizer": {"email": json.dumps(hashed("AnA")), "self": me == "AnA"}}
        return json.dumps(found)

    (tmp_path / "part-0.ndjson").write_text("\n".join([line("AnA"), line("bo"), line("bo")[:-5]]))
    done = taken_in(tmp_path, str(tmp_path / "part-0.ndjson"))
    assert (done.mailboxes, done.entries, done.strangers) == (2, 2, 0)
    assert kinds(tmp_path) == ["two_people", "two_people"]
    assert [problem.code for problem in done.problems] == ["bad_entry"]


# Services, over the list of people


@pytest.fixture
def google(tmp_path: Path) -> Iterator[tuple[FakeGoogle, dict[str, Any]]]:
    """A domain of three with a service account that may act for each; and the settings for it."""
    with FakeGoogle() as fake:
        for one in (BO, CY):
            fake.add_person(one)
        made, account = self_signed("invented"), "robot@invented.iam.gserviceaccount.com"
        fake.service_accounts[account] = (made.certificate, frozenset(READ.split()))
        content = {
            "type": "service_account",
            "client_email": account,
            "private_key": made.private,
            "token_uri": f"{fake.url}/token",
        }
        (tmp_path / "robot.json").write_text(json.dumps(content))
        yield (
            fake,
            {"api_endpoint": fake.url, "service_account": str(tmp_path / "robot.json"), "subject": "each"},
        )


def test_google_with_domain_wide_delegation(tmp_path: Path, google: tuple[FakeGoogle, dict[str, Any]]) -> None:
    fake, section = google
    for me in (ANA, BO):
        people = [person(one, self=one == me) for one in (ANA, BO)]
        fake.put(me, item("one", WHEN, 30, *people))
    done = taken_in(tmp_path, "google", people=(ANA, BO, CY, "dan@example.com"), google=section)
    assert (done.mailboxes, done.entries) == (4, 2)
    assert kinds(tmp_path) == ["two_people", "two_people"]
    (problem,) = done.problems  # dan is nobody in this domain
    assert problem.code == "unreadable_mailbox"
    assert "dan" not in problem.text


def test_the_same_day_a_service_is_not_asked_again(tmp_path: Path, google: tuple[FakeGoogle, dict[str, Any]]) -> None:
    fake, section = google
    assert taken_in(tmp_path, "google", google=section).read == 3
    fake.put(ANA, item("late", WHEN, 30, person(ANA, self=True), person(BO)))
    assert taken_in(tmp_path, "google", google=section).read == 0


def test_graph_as_an_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeGraph() as graph, FakeLogin(graph) as login:
        monkeypatch.setattr(calsight_outlook.connector, "_session", login.session)
        graph.add_user(BO, "Bo", calendar="bos")
        login.mailboxes = (ANA, BO)
        guests = [graph_items.guest(one, answer="accepted") for one in (ANA, BO)]
        graph.put("work", graph_items.event("one", WHEN, 30, guests[1], organizer=graph_items.who(ANA)))
        graph.put(
            "bos", graph_items.event("two", WHEN, 30, guests[1], organizer=graph_items.who(ANA), answer="accepted")
        )
        section = {
            "api_endpoint": graph.url,
            "client_id": CLIENT,
            "client_secrets": login.secret,
            "authority": f"https://login.microsoftonline.com/{TENANT}",
        }
        done = taken_in(tmp_path, "outlook", outlook=section)
        asked = [request.path for request in login.requests if request.path.endswith("/token")]
    assert (done.mailboxes, done.entries) == (3, 2)
    assert kinds(tmp_path) == ["two_people", "two_people"]
    assert [problem.code for problem in done.problems] == ["unreadable_mailbox"]  # cy's may not be read
    assert len(asked) == 1  # one sign-in for all mailboxes


def test_two_ingests_at_once_into_one_folder(tmp_path: Path) -> None:
    import sqlite3

    path = table(tmp_path)
    taken_in(tmp_path, str(path))
    running = sqlite3.connect(tmp_path / "dir/ingest.lock", isolation_level=None)
    running.execute("BEGIN EXCLUSIVE")
    with pytest.raises(UsageError, match="Another ingest fills"):
        taken_in(tmp_path, str(path))
    running.close()
    taken_in(tmp_path, str(path))
