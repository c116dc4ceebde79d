"""What `calsight doctor` says before anyone trusts a report."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

import calsight
from calsight import pipeline
from calsight.core.model.events import Calendar
from calsight.pipeline.diagnosis import diagnose
from calsight.reading.event_lines import event_line
from calsight.testing import event

WORK = Calendar(
    id="work", name="work", zone="UTC", producer="Example", owner=("ana@example.com",),
    last_sign=datetime(2026, 6, 27, tzinfo=UTC),
)  # fmt: skip


def diagnosis_of(*events, settings=None):
    return diagnose(
        pipeline.read(list(events), as_of=date(2026, 6, 28), settings=settings or {"work": {"zone": "UTC"}})
    )


def every_week(*people):
    """Eight weeks with a meeting each, up to the last."""
    days = (date(2026, 6, 24) - timedelta(weeks=n) for n in range(8))
    return [event(*people, uid=f"u{day}", at=f"{day} 10:00", calendar=WORK) for day in days]


def test_a_calendar_with_people_can_be_judged_and_nothing_is_wanting():
    found = diagnosis_of(*every_week("ana", "bo"))

    assert found.judgeable
    assert found.owner is not None
    assert found.owner.addresses == ("ana@example.com",)
    assert found.advice == ()
    (calendar,) = found.calendars
    assert (calendar.producer, calendar.occurrences, calendar.with_people) == ("Example", 8, 8)


def test_what_is_called_judgeable_is_judged():
    few = diagnosis_of(event("ana", "bo", at="2026-06-24 10:00", calendar=WORK))
    enough = every_week("ana", "bo")

    assert not few.judgeable
    assert [reason.code for reason in few.reasons] == ["insufficient_weeks"]
    assert calsight.analyze(enough, as_of=date(2026, 6, 28), settings={}, cache=False).flag.level != "insufficient_data"
    assert diagnosis_of(*enough).judgeable


def test_a_calendar_without_people_cannot_and_says_what_would_help():
    found = diagnosis_of(event(at="2026-06-24 10:00", calendar=replace(WORK, owner=())))

    assert not found.judgeable
    assert any("No entry lists people" in line for line in found.advice)


def test_rooms_are_no_people():
    found = diagnosis_of(event(rooms=["room-1"], at="2026-06-24 10:00", calendar=WORK))

    assert found.calendars[0].with_people == 0


def test_an_unknown_owner_is_asked_for_instead_of_raised():
    unnamed = replace(WORK, owner=())
    pairs = [("bo", "cy"), ("di", "ed"), ("fi", "gus")]
    events = [event(*pair, uid=f"u{n}", at="2026-06-24 10:00", calendar=unnamed) for n, pair in enumerate(pairs)]

    found = diagnosis_of(*events)

    assert found.owner is None
    assert not found.judgeable
    assert "--me" in found.owner_trouble
    assert found.advice[0] == found.owner_trouble


def test_a_stale_export_is_named_with_its_date():
    stale = replace(WORK, last_sign=datetime(2026, 5, 3, tzinfo=UTC))

    found = diagnosis_of(event("ana", "bo", at="2026-04-28 10:00", calendar=stale))

    assert any("2026-05-03" in line for line in found.advice)


@pytest.mark.parametrize(("days", "stale"), [(13, False), (14, True)])
def test_an_export_is_stale_from_a_fortnight_on(days: int, stale: bool):
    seen = replace(WORK, last_sign=datetime(2026, 6, 28, 23, 59, 59, tzinfo=UTC) - timedelta(days=days))

    found = diagnosis_of(event("ana", "bo", at="2026-06-02 10:00", calendar=seen))

    assert any("newest sign of life" in line for line in found.advice) is stale


@pytest.mark.parametrize(("open_too", "said"), [(3, False), (2, True)])
def test_more_than_one_in_four_that_hides_people_is_many(open_too: int, said: bool):
    events = [event("ana", "bo", uid=f"open{n}", at=f"2026-06-2{n} 10:00", calendar=WORK) for n in range(open_too)]
    hidden = event("ana", uid="hidden", at="2026-06-24 12:00", participants_hidden=True, calendar=WORK)

    assert any("hide who takes part" in line for line in diagnosis_of(*events, hidden).advice) is said


def test_an_empty_window_is_said():
    found = diagnosis_of(event("ana", "bo", at="2020-04-28 10:00", calendar=WORK))

    assert not found.judgeable
    assert any("Nothing lies inside the window" in line for line in found.advice)


def test_hidden_participants_are_pointed_out():
    events = [
        event("ana", uid=f"u{n}", at=f"2026-06-2{n} 10:00", participants_hidden=True, calendar=WORK)
        for n in range(1, 4)
    ]

    assert any("hide who takes part" in line for line in diagnosis_of(*events).advice)


def test_a_calendar_that_ended_a_year_ago_is_told_its_last_day(tmp_path):
    path = tmp_path / "old.jsonl"
    lines = [json.dumps(event_line(one)) for one in every_week("ana", "bo")]
    path.write_text("\n".join(lines), encoding="utf-8")
    asked = {"settings": {"work": {"zone": "UTC"}}, "cache": False}
    sentence = (
        "The newest entry of this calendar is of 24 June 2026, before the days of this report begin. Export it anew, or "
        "judge the weeks up to that day (--as-of 2026-06-24)."
    )
    later = pipeline.read(path, as_of="2027-06-28", **asked)

    assert [reason.text for reason in diagnose(later).reasons] == [sentence]
    assert sentence in [reason.text for reason in pipeline.report(pipeline.judge(later)).flag.reasons]
    assert pipeline.read(path, as_of="2026-06-24", **asked).newest is None


EMPTY = """
from calsight import Calendar
from calsight.protocols import Page
class Empty:
    def __init__(self, context): pass
    def calendars(self, reference): return [Calendar(id=reference, owner=("ana@example.com",))]
    def fetch(self, calendar, window, *, state=None, progress=None, cancel=None): yield Page()
"""


def test_an_empty_calendar_behind_a_long_address_is_no_file(install):
    """`calsight.pipeline.read` looks for the newest entry in files alone, and asks no service for ten years more."""
    install("empty", "plug_empty", EMPTY, connectors="empty = plug_empty:Empty")
    found = pipeline.read(f"empty:{'x' * 300}", as_of="2026-06-28", settings={}, cache=False)
    assert (found.events, found.newest) == ([], None)
