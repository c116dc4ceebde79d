"""Payloads: what Graph may say by its published types, those of our own after them, and those that Microsoft documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api_support import MONDAY, own_payloads, said
from calsight import Window
from calsight_outlook.translate import SELECT, Translator
from calsight_outlook.zones import iana
from fakes.csdl import ABSENT, PAYLOADS, NotConformingError, known, published
from fakes.graph_items import event
from outlook_support import BO, CALENDAR, translated

EVER = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def test_every_property_asked_for_is_documented() -> None:
    assert set(SELECT.split(",")) <= known().properties("event").keys()


@pytest.mark.skipif(not PAYLOADS.exists(), reason=ABSENT)
def test_the_names_and_types_that_are_kept_here_are_the_published_ones() -> None:
    csdl = published()
    assert csdl
    for name, kind in known().types.items():
        there = csdl.types[name]
        assert (kind.base, kind.members) == (there.base, there.members)
        assert kind.properties.items() <= there.properties.items()


@pytest.mark.parametrize(
    "wrong",
    [
        {"subjekt": "x"},
        {"showAs": "out"},
        {"isAllDay": "true"},
        {"start": {"dateTime": None, "timeZone": "UTC"}},
        {"attendees": [{"mail": "x"}]},
        {"attendees": {"emailAddress": None}},
        {"createdDateTime": "2026-03-02"},
        {"reminderMinutesBeforeStart": 1.5},
        {"@odata.colour": "red"},
    ],
    ids=str,
)
def test_the_fake_cannot_say_what_microsoft_cannot(wrong: dict[str, Any]) -> None:
    csdl = known()
    csdl.check(event("a", MONDAY, 30, BO), "graph.event")
    with pytest.raises(NotConformingError):
        csdl.check(event("a", MONDAY, 30, BO) | wrong, "graph.event")


@pytest.mark.parametrize(("entry", "says"), own_payloads(Path(__file__).parent))
def test_what_graph_may_answer_says_what_it_says(entry: dict[str, Any], says: dict[str, Any]) -> None:
    known().check(entry, "graph.event")
    made = translated(entry)
    assert {name: said(made, name) for name in says} == says


def documented() -> Iterator[dict[str, Any]]:
    """Every event resource in the shared payloads."""

    def look(node: Any) -> Iterator[dict[str, Any]]:
        for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            yield from look(part)
        if (
            isinstance(node, dict)
            and isinstance(node.get("start"), dict)
            and "subject" in node
            and "scheduleId" not in node
        ):
            yield node

    for path in sorted((PAYLOADS / "graph").glob("*.json")):
        yield from look(json.loads(path.read_text(encoding="utf-8"))["response"]["body"])


@pytest.mark.skipif(not PAYLOADS.exists(), reason=ABSENT)
def test_documented_payloads_are_read() -> None:
    """What has an id becomes an event with its times, its title and everybody on its list."""
    seen = 0
    for resource in documented():
        found = Translator(CALENDAR, home="Europe/Berlin").page([resource], EVER)
        if "id" not in resource or "end" not in resource:
            continue
        (made,) = found.events
        named = ZoneInfo(iana(resource["start"]["timeZone"]) or "UTC")
        assert made.start == datetime.fromisoformat(resource["start"]["dateTime"]).replace(tzinfo=named)
        assert made.title == resource["subject"]
        assert [one.address for one in made.attendees] == [
            one["emailAddress"]["address"] for one in resource.get("attendees", ())
        ]
        assert made.series == resource.get("seriesMasterId")
        seen += 1
    assert seen >= 10
