"""Event resources → events: every field that docs/meaning.md needs, and the payloads that others documented."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import fastjsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_support import MONDAY, own_payloads, said
from calsight import Attendee, Calendar, CuType, EventType, Organizer, PartStat, ShowAs, Status
from calsight_google.translate import FIELDS, BadEntryError, Translator
from fakes.google_api import discovery, parse_mask, validator
from fakes.google_items import item, person
from google_support import ANA, BO

BERLIN = Calendar(id="ana@example.com", name="Work", zone="Europe/Berlin", producer="google")
SHARED = Path(__file__).parents[3] / "../shared"


def event(resource: dict[str, Any], role: str = "owner") -> Any:
    return Translator(BERLIN, role).event(resource)


def test_a_plain_meeting() -> None:
    made = event(
        item(
            "abc",
            MONDAY,
            45,
            BO,
            ANA,
            zone="Europe/Paris",
            summary="Catch-up",
            location="Café",
            sequence=3,
            created="2026-01-05T08:00:00.000Z",
            updated="2026-02-01T09:30:00.500+01:00",
        )
    )
    assert (made.uid, made.id, made.key) == ("abc@google.com", "abc", "abc")
    assert (made.start, made.end, made.zone) == (MONDAY, MONDAY + timedelta(minutes=45), "Europe/Paris")
    assert made.start.tzinfo is UTC
    assert (made.title, made.location, made.sequence) == ("Catch-up", "Café", 3)
    assert made.organizer == Organizer("bo@example.com", "Bo")
    assert made.attendees == (
        Attendee("bo@example.com", "Bo", PartStat.ACCEPTED, is_organizer=True),
        Attendee("ana@example.com", "Ana", PartStat.ACCEPTED, is_me=True),
    )
    assert made.created == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert made.updated == datetime(2026, 2, 1, 8, 30, 0, 500_000, tzinfo=UTC)
    assert (made.series, made.original_start, made.status) == (None, None, Status.CONFIRMED)
    assert (made.show_as, made.event_type, made.private) == (ShowAs.BUSY, EventType.DEFAULT, False)
    assert not made.participants_hidden
    assert made.calendar is BERLIN


def test_an_attendee_with_everything() -> None:
    guest = person("x@example.com", "X", "tentative", optional=True, additionalGuests=2)
    room = person("room@resource.calendar.google.com", "Room 4", "accepted", resource=True)
    (made, place) = event(item("a", MONDAY, 30) | {"attendees": [guest, room]}).attendees
    assert made == Attendee("x@example.com", "X", PartStat.TENTATIVE, optional=True, guests=2)
    assert place.cutype is CuType.RESOURCE


@pytest.mark.parametrize(
    ("answer", "partstat"),
    [
        ("accepted", PartStat.ACCEPTED),
        ("declined", PartStat.DECLINED),
        ("tentative", PartStat.TENTATIVE),
        ("needsAction", PartStat.NEEDS_ACTION),
        ("something new", PartStat.NEEDS_ACTION),
        (None, PartStat.NEEDS_ACTION),
    ],
)
def test_answers(answer: str | None, partstat: PartStat) -> None:
    guest = {"email": "x@example.com"} | ({"responseStatus": answer} if answer else {})
    assert event(item("a", MONDAY) | {"attendees": [guest]}).attendees[0].partstat is partstat


def test_an_attendee_without_address_is_known_by_name() -> None:
    assert event(item("a", MONDAY) | {"attendees": [{"displayName": "Bo"}]}).attendees == (Attendee(name="Bo"),)


class TestTimes:
    def test_an_all_day_event_is_midnight_to_midnight_where_the_calendar_is(self) -> None:
        made = event(item("a", MONDAY) | {"start": {"date": "2026-03-28"}, "end": {"date": "2026-03-30"}})
        assert made.all_day
        assert made.zone == "Europe/Berlin"
        assert made.start == datetime(2026, 3, 27, 23, tzinfo=UTC)
        assert made.end == datetime(2026, 3, 29, 22, tzinfo=UTC)  # 47 hours: the clock changed

    def test_an_occurrence_that_was_moved_keeps_where_it_was(self) -> None:
        was = {"dateTime": "2026-03-09T10:00:00+01:00", "timeZone": "Europe/Berlin"}
        made = event(item("s_1", MONDAY) | {"recurringEventId": "s", "originalStartTime": was})
        assert made.series == "s"
        assert made.original_start == datetime(2026, 3, 9, 9, tzinfo=UTC)

    def test_an_all_day_occurrence(self) -> None:
        days = {"start": {"date": "2026-03-02"}, "end": {"date": "2026-03-03"}}
        made = event(
            item("s_1", MONDAY) | days | {"recurringEventId": "s", "originalStartTime": {"date": "2026-03-02"}}
        )
        assert made.original_start == made.start

    def test_an_occurrence_without_its_original_start_has_its_start(self) -> None:
        assert event(item("s_1", MONDAY) | {"recurringEventId": "s"}).original_start == MONDAY

    def test_a_time_without_offset_is_in_its_zone(self) -> None:
        local = {"dateTime": "2026-07-01T10:00:00", "timeZone": "America/New_York"}
        assert event(item("a", MONDAY) | {"start": local}).start == datetime(2026, 7, 1, 14, tzinfo=UTC)

    @pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "GMT+1", "x" * 300])
    def test_an_unknown_zone_is_no_zone(self, zone: str) -> None:
        made = event(item("a", MONDAY) | {"start": {"dateTime": MONDAY.isoformat(), "timeZone": zone}})
        assert made.start == MONDAY
        assert made.zone in ("", "Europe/Berlin")

    def test_a_creation_time_that_cannot_be(self) -> None:
        """Entries that were imported come with year 0000."""
        assert event(item("a", MONDAY, created="0000-12-30T00:00:00.000Z")).created is None
        assert event(item("a", MONDAY, created="0001-01-01T00:00:00+05:00")).created is None


class TestWhatItIs:
    @pytest.mark.parametrize(
        ("kind", "event_type"),
        [
            ("outOfOffice", EventType.OUT_OF_OFFICE),
            ("focusTime", EventType.FOCUS_TIME),
            ("workingLocation", EventType.WORKING_LOCATION),
            ("birthday", EventType.BIRTHDAY),
            ("fromGmail", EventType.DEFAULT),
            ("default", EventType.DEFAULT),
            ("something new", EventType.DEFAULT),
        ],
    )
    def test_event_types(self, kind: str, event_type: EventType) -> None:
        assert event(item("a", MONDAY, eventType=kind)).event_type is event_type

    def test_free_and_tentative(self) -> None:
        made = event(item("a", MONDAY, transparency="transparent", status="tentative"))
        assert (made.show_as, made.status) == (ShowAs.FREE, Status.TENTATIVE)

    def test_links_come_from_all_fields_once(self) -> None:
        meet = "https://meet.google.com/abc-defg-hij"
        points = [
            {"entryPointType": "video", "uri": meet},
            {"entryPointType": "phone", "uri": "tel:+49-30-123456"},
            {"entryPointType": "more", "uri": "https://tel.meet/abc-defg-hij?pin=1"},
            {"entryPointType": "sip"},
        ]
        made = event(
            item(
                "a",
                MONDAY,
                hangoutLink=meet,
                conferenceData={"entryPoints": points},
                description='<a href="https://zoom.us/j/123456789">Join</a>, agenda: https://example.com/agenda',
            )
        )
        assert made.conference == (meet, "tel:+49-30-123456", "https://zoom.us/j/123456789")

    def test_a_conference_that_is_still_being_made(self) -> None:
        assert event(item("a", MONDAY, conferenceData={"createRequest": {"requestId": "x"}})).conference == ()


class TestHiddenParticipants:
    @pytest.mark.parametrize(
        ("fields", "role", "hidden"),
        [
            ({}, "owner", False),
            ({"attendeesOmitted": True}, "owner", True),
            ({"guestsCanSeeOtherGuests": True}, "owner", False),
            ({"guestsCanSeeOtherGuests": False}, "owner", True),
            (
                {"guestsCanSeeOtherGuests": False, "organizer": {"email": "ana@example.com", "self": True}},
                "owner",
                False,
            ),
            ({"attendees": [], "organizer": {"email": "ana@example.com", "self": True}}, "owner", False),
            ({"visibility": "private", "attendees": []}, "owner", False),
            ({"visibility": "private", "attendees": []}, "writer", False),
            ({"visibility": "private", "attendees": []}, "reader", True),
            ({"visibility": "confidential", "attendees": []}, "writerWithoutPrivateAccess", True),
            ({"visibility": "private"}, "reader", False),
            ({"visibility": "public", "attendees": []}, "reader", False),
            ({}, "freeBusyReader", True),
        ],
    )
    def test_when_they_are(self, fields: dict[str, Any], role: str, hidden: bool) -> None:
        assert event(item("a", MONDAY, 30, BO, ANA) | fields, role).participants_hidden is hidden

    @pytest.mark.parametrize("visibility", ["private", "confidential"])
    def test_private(self, visibility: str) -> None:
        assert event(item("a", MONDAY, visibility=visibility)).private


class TestPages:
    def test_what_is_cancelled_is_gone_in_an_increment(self) -> None:
        gone = {"id": "a", "status": "cancelled"}
        page = Translator(BERLIN).page([gone, item("b", MONDAY)], increment=True)
        assert page.removed == ["a"]
        assert [one.key for one in page.events] == ["b"]
        assert Translator(BERLIN).page([gone], increment=False).events == []

    def test_a_cancelled_entry_with_its_times_is_a_cancelled_event(self) -> None:
        """Google does not list them in a full fetch; one that is listed is not dropped silently."""
        page = Translator(BERLIN).page([item("a", MONDAY, 30, ANA, BO, status="cancelled")], increment=False)
        assert [one.status for one in page.events] == [Status.CANCELLED]

    def test_equal_people_are_one_object(self) -> None:
        page = Translator(BERLIN).page([item(f"e{n}", MONDAY, 30, ANA, BO) for n in range(50)], increment=False)
        assert len({id(guest) for one in page.events for guest in one.attendees}) == 2
        assert len({id(one.organizer) for one in page.events}) == 1

    def test_how_many_people_are_remembered_has_a_bound(self) -> None:
        translator = Translator(BERLIN)
        for number in range(10_000):
            translator.event(item("a", MONDAY, 30, person(f"p{number}@example.com"), BO))
        assert 0 < len(translator._attendees) <= 4096
        assert len(translator._organizers) <= 4096

    @pytest.mark.parametrize(
        "damage",
        [
            {"id": None},
            {"id": 3},
            {"start": None},
            {"start": {}},
            {"start": {"dateTime": "yesterday"}},
            {"start": {"date": "2026-02-30"}},
            {"end": "text"},
            {"summary": ["Salary"]},
            {"attendees": [None]},
            {"attendees": [{"email": {"Salary": 1}}]},
            {"attendees": 7},
            {"organizer": "Salary"},
            {"conferenceData": {"entryPoints": [3]}},
            {"description": 3},
            {"iCalUID": 5},
            {"sequence": "Salary"},
        ],
        ids=str,
    )
    def test_a_damaged_entry_is_a_problem_that_tells_nothing(self, damage: dict[str, Any]) -> None:
        page = Translator(BERLIN).page([item("a", MONDAY, 30, ANA, BO) | damage, item("b", MONDAY)], increment=False)
        assert [one.key for one in page.events] == ["b"]
        (problem,) = page.problems
        assert problem.code == "bad_entry"
        assert "Salary" not in problem.text
        assert problem.source == "Work"

    def test_what_is_missing_is_named(self) -> None:
        with pytest.raises(BadEntryError, match="it has no end"):
            event({key: value for key, value in item("a", MONDAY).items() if key != "end"})


def test_every_field_asked_for_is_documented_and_used() -> None:
    known = discovery()["schemas"]["Event"]["properties"]
    asked = parse_mask(FIELDS)["items"]
    assert asked.keys() <= known.keys()
    source = (Path(__file__).parents[3] / "connectors/calsight_google/translate.py").read_text()
    assert [name for name in asked if f'"{name}"' not in source] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "2026-03-02", MONDAY.isoformat()]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["date", "dateTime", "email"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(sorted(parse_mask(FIELDS)["items"])), JSON, max_size=6), st.booleans())
def test_nothing_breaks_a_page(damage: dict[str, Any], increment: bool) -> None:
    """Whatever a field holds, the entry is an event, gone, or a Problem, and the next one is read."""
    page = Translator(BERLIN).page([item("a", MONDAY, 30, ANA, BO) | damage, item("b", MONDAY)], increment=increment)
    assert page.events[-1].key == "b"
    assert len(page.events) - 1 + len(page.problems) + len(page.removed) >= (damage.get("status") != "cancelled")


# --- payloads of our own, after Google's published schema ---------------------------------------------------------------------


@pytest.mark.parametrize(("entry", "says"), own_payloads(Path(__file__).parent))
def test_what_google_may_answer_says_what_it_says(entry: dict[str, Any], says: dict[str, Any]) -> None:
    validator("Event")(entry)
    made = event(entry)
    assert {name: said(made, name) for name in says} == says


# --- payloads that others documented ----------------------------------------------------------------------------------------


def documented() -> list[dict[str, Any]]:
    """Every event resource in the shared payloads, wherever it stands in a file."""
    found: list[dict[str, Any]] = []

    def look(node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                look(part)
        elif isinstance(node, dict):
            if isinstance(node.get("start"), dict) and ("date" in node["start"] or "dateTime" in node["start"]):
                found.append(node)
            for part in node.values():
                look(part)

    for path in sorted((SHARED / "payloads/google").rglob("*.json")):
        look(json.loads(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared, which is not here")
def test_documented_payloads_are_read() -> None:
    """What is valid by Google's own schema and has an id becomes an event with just those times."""
    seen = 0
    for resource in documented():
        page = Translator(BERLIN).page([resource], increment=False)
        if page.problems:
            assert "id" not in resource or "end" not in resource
            continue
        if not page.events:
            assert resource["status"] == "cancelled"
            continue
        (made,) = page.events
        start = resource["start"]
        if "date" in start:
            assert made.all_day
            assert made.start.astimezone(ZoneInfo(made.zone)).date().isoformat() == start["date"]
        elif datetime.fromisoformat(start["dateTime"]).tzinfo:
            assert made.start == datetime.fromisoformat(start["dateTime"])
        assert made.title == resource.get("summary", "")
        assert len(made.attendees) == len(resource.get("attendees", ()))
        seen += 1
    assert seen > 50


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared, which is not here")
def test_the_shared_contract_names_the_same_fields() -> None:
    """The discovery document of the client package is not older than the one that the facts were gathered from."""
    other = json.loads((SHARED / "payloads/contracts/google-calendar.v3.discovery.json").read_text(encoding="utf-8"))
    asked = parse_mask(FIELDS)["items"].keys()
    assert asked <= other["schemas"]["Event"]["properties"].keys()


def test_the_fake_cannot_say_what_google_cannot() -> None:
    check = validator("Event")
    check(item("a", MONDAY, 30, ANA, BO))
    for wrong in ({"sumary": "x"}, {"sequence": "3"}, {"attendees": [{"mail": "x"}]}, {"start": {"date": "soon"}}):
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            check(item("a", MONDAY, 30) | wrong)
