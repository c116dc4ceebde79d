"""Suggestions and the last week, from a judged calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from calsight import pipeline
from calsight.core.model.events import Calendar, Window
from calsight.errors import NotSignedInError
from calsight.pipeline.suggestions import last_week, suggested, suggestions
from calsight.protocols import ConnectorContext, Page
from calsight.reading import plugins
from calsight.reading.plugins import PluginEntry
from calsight.testing import event

AS_OF = datetime(2026, 6, 28, 22, tzinfo=UTC)  # a Sunday evening
WORK = Calendar(id="work", name="work", zone="UTC", owner=("ana@example.com",), names_people=True)
MONDAY = datetime(2026, 6, 29, tzinfo=UTC)


def weekly(*people: str, weeks: Sequence[int], day: int = 23, hour: int = 10, minutes: float = 30):
    """One meeting every Tuesday, so many weeks ago; or on another day of that week in June."""
    begins = datetime(2026, 6, day, hour, tzinfo=UTC)
    return [event(*people, at=begins - timedelta(weeks=week), minutes=minutes, calendar=WORK) for week in weeks]


#: A team meeting every week, Bo until three weeks ago, Cy and Di all along.
EVENTS = [
    *weekly("ana", "cy", "di", weeks=range(26)),
    *weekly("ana", "bo", weeks=range(3, 26, 2), day=26, hour=12),
    *weekly("bo", "ana", weeks=range(4, 26, 2), day=26, hour=12),
    *weekly("ana", "cy", weeks=range(26), hour=14),
    *weekly("ana", "di", weeks=range(0, 26, 2), hour=15),
]


class Asked:
    """A connector that knows the calendars of others, and remembers what it was asked."""

    questions: list[tuple[Sequence[str], Window]] = []  # noqa: RUF012 - set anew by the fixture
    fails = False

    def __init__(self, context: ConnectorContext) -> None:
        pass

    def calendars(self, reference: str) -> Sequence[Calendar]:
        return [WORK]

    def fetch(self, calendar: Calendar, window: Window, **_: object):
        yield Page(events=EVENTS, calendar=WORK)

    def free_busy(self, people: Sequence[str], window: Window) -> Mapping[str, Sequence[Window] | None]:
        if self.fails:
            raise NotSignedInError("not signed in")
        self.questions.append((tuple(people), window))
        return {"bo@example.com": [Window(MONDAY, MONDAY + timedelta(hours=15))]}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> type[Asked]:
    entry = PluginEntry("asked", "tests:Asked", "tests", "1")
    monkeypatch.setattr(plugins, "connectors", lambda: [entry])
    monkeypatch.setattr(plugins, "make_connector", lambda name, context: Asked(context))
    monkeypatch.setattr(Asked, "questions", [])
    return Asked


def judged(*sources) -> pipeline.Judgement:
    return pipeline.judge(pipeline.read(*sources, as_of=AS_OF, settings={"work": {"zone": "UTC"}}, cache=False))


def test_the_one_who_is_cooling_comes_first_on_the_next_working_morning():
    [bo, *_] = suggestions(judged(EVENTS))
    assert (bo.person.address, bo.why.code) == ("bo@example.com", "suggest_cooling")
    assert bo.slot == (MONDAY + timedelta(hours=9), MONDAY + timedelta(hours=9, minutes=25))
    assert not bo.checked


def test_the_others_calendar_is_asked_through_the_connector(asked):
    [bo, *_] = suggestions(judged("asked"), ask=True)
    [(people, window)] = asked.questions
    assert "bo@example.com" in people
    assert window == Window(MONDAY, MONDAY + timedelta(days=14))
    assert (bo.slot[0], bo.checked) == (MONDAY + timedelta(hours=15), True)


def test_who_is_known_of_by_one_connector_is_not_asked_of_the_next(asked, monkeypatch):
    another = type("Another", (Asked,), {"questions": []})
    ways = {"asked": asked, "another": another}
    monkeypatch.setattr(plugins, "connectors", lambda: [PluginEntry(name, "tests:x", "tests", "1") for name in ways])
    monkeypatch.setattr(plugins, "make_connector", lambda name, context: ways[name](context))
    everybody = {f"{who}@example.com": [] for who in ("bo", "cy", "di")}
    monkeypatch.setattr(asked, "free_busy", lambda self, people, window: self.questions.append(people) or everybody)
    suggestions(judged("asked", "another"), ask=True)
    assert (len(asked.questions), another.questions) == (1, [])


def test_a_connector_that_fails_to_tell_does_not_fail_the_suggestion(asked, monkeypatch):
    monkeypatch.setattr(asked, "fails", True)
    answer = suggested(judged("asked"), ask=True)
    assert answer.found[0].slot is not None
    assert not answer.found[0].checked
    assert answer.refused == ("not signed in",)


def test_nobody_is_asked_unless_the_caller_says_so(asked):
    suggestions(judged("asked"))
    assert asked.questions == []


def test_what_was_handed_over_as_events_has_nobody_to_ask():
    assert all(not each.checked for each in suggestions(judged(EVENTS), ask=True))


def test_a_booked_fortnight_leaves_no_time_and_says_whom_to_meet_all_the_same():
    full = event("ana", at=MONDAY - timedelta(days=1), minutes=60 * 24 * 20, title="Fair", calendar=WORK)
    found = suggestions(judged([*EVENTS, full]))
    assert found
    assert all(each.slot is None for each in found)


def test_the_last_week_is_compared_with_the_report_of_a_week_before():
    week = last_week(judged(EVENTS))
    assert week.held[0].code == "week_held"
    assert week.held[0].values["first"] == "2026-06-15"  # on a Sunday evening, the week is not over
    assert week.held[0].values["one_to_ones"] == 1
    assert week.held[-1].values["names"] == ["Bo"]
    assert week.compared.as_of == AS_OF - timedelta(weeks=1)
    assert week.compared.changes[0].code in {"compare_level", "compare_level_same"}
    assert week.suggestion is not None
    assert week.suggestion.person.address == "bo@example.com"


def test_a_window_of_one_week_still_has_a_week_before():
    events = [each for each in EVENTS if each.start > AS_OF - timedelta(days=8)]
    judgement = pipeline.judge(
        pipeline.read(events, weeks=1, as_of=AS_OF, settings={"work": {"zone": "UTC"}}, cache=False)
    )
    assert last_week(judgement).report.flag.level == "insufficient_data"
