"""One world through every connector: the same meetings, the same report, field by field.

Each calendar writes down what happened in its own way (`world.ics`, `.google`, `.graph`, `.caldav`); what calsight says must
not depend on it. What a calendar has no words for (`UNSAID`) is left out of the file that it is compared with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import calsight
from caldav_servers import SERVERS
from calsight import CalendarEvent, Meeting, PartStat, Report, Status
from calsight.render.meeting_lines import meeting_line
from fakes.google import FakeGoogle
from fakes.graph import WORK, FakeGraph
from world import caldav, google, graph, ics, story

Arguments = dict[str, Any]


@contextmanager
def _ics(folder: Path) -> Iterator[Arguments]:
    path = folder / "ana.ics"
    path.write_bytes(ics.write())
    yield {"sources": str(path), "settings": {}}


@contextmanager
def _google(folder: Path) -> Iterator[Arguments]:
    with FakeGoogle(owner=story.ANA.address, zone=story.ZONE) as fake:
        fake.page_size = 40
        fake.put(story.ANA.address, *google.items())
        section = {"api_endpoint": fake.url, "access_token": fake.token()}
        yield {"sources": "google:primary", "settings": {"connectors": {"google": section}}}


@contextmanager
def _graph(folder: Path) -> Iterator[Arguments]:
    with FakeGraph() as fake:
        fake.page_size = 40
        fake.calendar().entry["owner"]["name"] = story.ANA.name
        graph.fill(fake, WORK)
        section = {"api_endpoint": fake.url, "access_token": fake.token()}
        yield {"sources": "outlook", "settings": {"connectors": {"outlook": section}}}


@contextmanager
def _ics_of_graph(folder: Path) -> Iterator[Arguments]:
    """The file of what Graph has words for."""
    path = folder / "ana.ics"
    path.write_bytes(ics.write(without=graph.UNSAID))
    yield {"sources": str(path), "settings": {}}


#: What a person says of a calendar that does not say whose it is, nor which days are its own.
TOLD = {"me": story.ANA.address, "zone": story.ZONE}


@contextmanager
def _caldav(name: str, folder: Path) -> Iterator[Arguments]:
    """On a real server."""
    with SERVERS[name](Path(tempfile.mkdtemp(dir=folder))) as server, server.user("ana") as home:
        work = home.make("world", zone=story.ZONE if server.tells else "")
        for entry, data in caldav.objects(name).items():
            home.put(work, entry, data)
        section = {"server": home.url, "user": home.user, "password": home.password, "ca_file": home.ca_file}
        told = TOLD if not server.tells else {} if server.keeps_zone else {"zone": story.ZONE}
        yield {"sources": "caldav:world", "settings": {"connectors": {"caldav": section}}, **told}


@contextmanager
def _ics_of_caldav(server: str, told: Arguments, folder: Path) -> Iterator[Arguments]:
    """The file of what the server takes, as the program would write it that wrote the entries."""
    path = folder / "ana.ics"
    path.write_bytes(ics.write(producer=caldav.PRODUCER, without=caldav.UNSAID.get(server, ())))
    yield {"sources": str(path), "settings": {}, **told}


#: The ways to read the world. Each gives what `calsight.analyze` is called with.
WAYS: dict[str, Callable[[Path], AbstractContextManager[Arguments]]] = {
    "ics": _ics,
    "google": _google,
    "ics of graph": _ics_of_graph,
    "graph": _graph,
    "ics of caldav": partial(_ics_of_caldav, "", {}),
    "ics of xandikos": partial(_ics_of_caldav, "", TOLD),
    "ics of cyrus": partial(_ics_of_caldav, "cyrus", {}),
    "ics of davical": partial(_ics_of_caldav, "davical", {"zone": story.ZONE}),
    **{f"caldav on {name}": partial(_caldav, name) for name in SERVERS},
}


def run(given: Arguments, what: Callable[..., Any], **more: Any) -> Any:
    arguments = dict(given)
    return what(arguments.pop("sources"), as_of=story.AS_OF, cache=False, **arguments, **more)


#: A way and the file that it must agree with.
PAIRS = {
    "google": "ics",
    "graph": "ics of graph",
    "caldav on radicale": "ics of caldav",
    "caldav on xandikos": "ics of xandikos",
    "caldav on cyrus": "ics of cyrus",
    "caldav on sabre": "ics of caldav",
    "caldav on davical": "ics of davical",
    "caldav on sogo": "ics of caldav",
}


SOGO = "caldav on sogo"


@dataclass(frozen=True)
class Two:
    """A way to read the world, and the file that it must agree with, as arguments."""

    way: str
    theirs: Arguments
    mine: Arguments


@pytest.fixture(scope="module", params=PAIRS)
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """Each server is started once."""
    way, folder = request.param, tmp_path_factory.mktemp("world")
    with WAYS[way](folder) as theirs, WAYS[PAIRS[way]](folder) as mine:
        yield Two(way, theirs, mine)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="module")
def meetings(folder: Path) -> list[Meeting]:
    with WAYS["ics"](folder) as given:
        return run(given, calsight.meetings)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    with WAYS["ics"](folder) as given:
        return run(given, calsight.analyze)  # type: ignore[no-any-return]


def facts(event: CalendarEvent) -> dict[str, Any]:
    """What an event says, without what belongs to the kind of calendar: its ids, its name."""
    return {
        "uid": event.uid,
        "start": event.start,
        "end": event.end,
        "all_day": event.all_day,
        "zone": event.zone,
        "title": event.title,
        "organizer": event.organizer and event.organizer.address,
        "attendees": sorted((one.address, one.partstat, one.optional, one.guests) for one in event.attendees),
        "recurs": event.series is not None,
        "original_start": event.original_start,
        "status": event.status,
        "show_as": event.show_as,
        "location": event.location,
        "conference": event.conference,
        "private": event.private,
        "hidden": event.participants_hidden,
        "sequence": event.sequence,
        "created": event.created,
        "updated": event.updated,
    }


def by_uid_and_place(events: list[CalendarEvent]) -> dict[tuple[str, Any], dict[str, Any]]:
    return {(event.uid, event.original_start or event.start): facts(event) for event in events}


def as_graph_says(event: dict[str, Any]) -> dict[str, Any]:
    """Graph's lists leave the organizer out, it counts no revisions, and only an answer is tentative."""
    people = [one for one in event["attendees"] if one[0] != event["organizer"] or one[1] is PartStat.DECLINED]
    return event | {"attendees": people, "sequence": 0, "status": Status.CONFIRMED}


def as_sogo_says(event: dict[str, Any]) -> dict[str, Any]:
    """It takes an organizer off some lists."""
    return event | {"attendees": [one for one in event["attendees"] if one[0] != event["organizer"]]}


#: How a service says what was put into it.
HABITS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"graph": as_graph_says, SOGO: as_sogo_says}


def test_the_same_events(two: Two) -> None:
    mine, theirs = (by_uid_and_place(run(one, calsight.events)) for one in (two.mine, two.theirs))
    assert theirs.keys() == mine.keys()
    says = HABITS.get(two.way, lambda event: event)
    for key, event in mine.items():
        assert (says(theirs[key]) if two.way == SOGO else theirs[key]) == says(event)


def test_the_same_meetings(two: Two) -> None:
    mine, theirs = (run(one, calsight.meetings) for one in (two.mine, two.theirs))
    assert len(theirs) == len(mine) > 200
    for other, meeting in zip(theirs, mine, strict=True):
        assert meeting_line(other) | {"source": ""} == meeting_line(meeting) | {"source": ""}


def test_the_same_report(two: Two) -> None:
    mine, theirs = (run(one, calsight.analyze).model_dump(mode="json") for one in (two.mine, two.theirs))
    for one in (theirs, mine):  # what a calendar calls itself, and how it was reached
        del one["sources"][0]["name"], one["settings"]["connectors"]
    assert theirs == mine


def test_the_world_has_something_of_everything(meetings: list[Meeting], report: Report) -> None:
    """Without these the tests above would prove little."""
    assert {meeting.reason for meeting in meetings} >= {
        "declined", "out_of_office", "all_day", "free", "no_duration", "not_attending", "during_absence", "title_says_so",
        "possible_delegate", "alone", "two_people", "many_people_remote", "many_people",
    }  # fmt: skip
    assert {str(meeting.mode) for meeting in meetings} == {"in_person", "remote", "hybrid", "unspecified"}
    assert {str(meeting.scope) for meeting in meetings if meeting.scope} >= {"organisation", "industry", "personal"}
    assert {meeting.held for meeting in meetings} == {True, False, None}
    assert any(meeting.interview for meeting in meetings)
    assert report.flag.level != "insufficient_data"
    assert len(report.relationships) >= 4
    assert report.exposure.absence_weeks > 0
    assert report.problems == []
