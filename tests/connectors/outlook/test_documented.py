"""The answers that Microsoft documents, given to the connector over HTTP as they stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from calsight import Window
from calsight.errors import PayloadInvalidError
from calsight_outlook import OutlookConnector
from fakes.csdl import ABSENT, PAYLOADS
from fakes.graph import FakeGraph
from fakes.server import Answer, Trouble

pytestmark = pytest.mark.skipif(not PAYLOADS.exists(), reason=ABSENT)

Connect = Callable[..., OutlookConnector]
EVER = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
FOLDER = PAYLOADS / "graph"
LISTS = [
    "get-groups-calendarview-startdatetime-enddatetime.json",
    "get-groups-events.json",
    "get-me-calendar-calendarview-startdatetime-enddatetime.json",
    "get-me-calendar-events-filter-startswith-subject.json",
    "get-me-calendar-events.json",
    "get-me-calendarview-startdatetime-enddatetime.json",
    "get-me-events-instances-startdatetime-enddatetime-select-subject-bodyprevi.json",
    "get-me-events-select-subject-body-bodypreview-organizer-attendees-start-en.json",
]


def body(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))["response"]["body"]  # type: ignore[no-any-return]


def given(graph: FakeGraph, path: str, answer: dict[str, Any]) -> None:
    graph.trouble(Trouble(Answer.json(answer)), path=path)


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_is_an_event_or_a_problem(graph: FakeGraph, connect: Connect, name: str) -> None:
    connector = connect(keeps=False)
    (calendar,) = connector.calendars("")
    answer = body(name)
    if "@odata.nextLink" in answer:
        given(graph, "/calendarView", answer)
        with pytest.raises(PayloadInvalidError, match="another host"):  # Microsoft's own, which is not where we asked
            list(connector.fetch(calendar, EVER))
        del answer["@odata.nextLink"]
    given(graph, "/calendarView", answer)
    (page,) = connector.fetch(calendar, EVER)
    ids = [one["id"] for one in answer["value"] if {"id", "start", "end"} <= one.keys()]
    assert [event.id for event in page.events] == list(dict.fromkeys(ids))  # one example has an id twice
    assert len(ids) + len(page.problems) == len(answer["value"])


def test_the_first_page_of_a_delta_round_is_not_the_whole(graph: FakeGraph, connect: Connect) -> None:
    connector = connect()
    (calendar,) = connector.calendars("")
    given(graph, "/delta", body("get-me-calendarview-delta-startdatetime-enddatetime.json"))
    pages = list(connector.fetch(calendar, EVER))
    codes = [problem.code for page in pages for problem in page.problems]
    assert codes.count("read_as_a_whole") == 1  # its next page is said to be on another host
    assert pages[-1].state is None


def test_the_list_of_calendars(graph: FakeGraph, connect: Connect) -> None:
    given(graph, "/calendars", body("get-me-calendars.json"))
    (calendar,) = connect().calendars("calendar")
    assert (calendar.id, calendar.owner) == ("me/AAMkAGI2TGuLAAA=", ("samanthab@contoso.com",))


def test_schedules_in_the_zone_that_they_are_given_in(graph: FakeGraph, connect: Connect) -> None:
    given(graph, "/getSchedule", body("post-me-calendar-getschedule.json"))
    window = Window(datetime(2019, 3, 15, 12, tzinfo=UTC), datetime(2019, 3, 16, 6, tzinfo=UTC))
    busy = connect().free_busy(["AdeleV@contoso.com", "meganb@contoso.com", "else@contoso.com"], window)
    noon = Window(datetime(2019, 3, 15, 19, tzinfo=UTC), datetime(2019, 3, 15, 21, tzinfo=UTC))
    assert busy["AdeleV@contoso.com"] == [noon]
    assert len(busy["meganb@contoso.com"] or ()) == 5
    assert busy["else@contoso.com"] is None
