"""The demo's calendars: what they must show, whatever the seed and the day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest

from calsight import pipeline
from calsight.core.model.meetings import Kind
from calsight.demo import SITUATIONS, DemoCalendar, invent, write
from calsight.settings.file import Settings

SUNDAY = datetime(2026, 11, 22, 23, tzinfo=UTC)
LEVELS = {
    "little_time_low_interest": "at_risk",
    "little_time_high_interest": "watch",
    "much_time_low_interest": "at_risk",
    "much_time_high_interest": "ok",
}


def judged(calendar: DemoCalendar, as_of: datetime, folder: Path) -> pipeline.Judgement:
    (path,) = write([calendar], folder)
    return pipeline.judge(pipeline.read(path, as_of=as_of, settings=Settings(), cache=False))


@pytest.fixture(scope="module")
def on_sunday(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pipeline.Judgement]:
    """All four, judged as of `SUNDAY`."""
    folder = tmp_path_factory.mktemp("demo")
    return {situation: judged(invent(situation, as_of=SUNDAY), SUNDAY, folder) for situation in SITUATIONS}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_owner_gets_the_level_of_their_situation(situation: str, on_sunday: dict[str, pipeline.Judgement]) -> None:
    report = pipeline.report(on_sunday[situation])

    assert report.flag.level == LEVELS[situation]
    assert report.problems == []
    assert report.exposure.silent_weeks == 0


@pytest.mark.parametrize(
    ("situation", "as_of", "seed"),
    [
        ("little_time_low_interest", datetime(2026, 1, 1, 0, tzinfo=UTC), 2),  # inside a week that two years share
        ("little_time_high_interest", datetime(2026, 3, 30, 8, tzinfo=UTC), 4),  # Monday; the clocks have just changed
        ("much_time_low_interest", datetime(2026, 3, 30, 8, tzinfo=UTC), 5),
        ("much_time_high_interest", datetime(2024, 2, 29, 15, tzinfo=UTC), 7),
    ],
)
def test_whatever_the_day_and_the_seed(situation: str, as_of: datetime, seed: int, tmp_path: Path) -> None:
    report = pipeline.report(judged(invent(situation, as_of=as_of, seed=seed), as_of, tmp_path))

    assert report.flag.level == LEVELS[situation]
    assert report.problems == []


@pytest.mark.parametrize("situation", ["much_time_low_interest", "much_time_high_interest"])  # Google's, Outlook's
def test_the_same_seed_and_moment_give_the_same_bytes_and_another_seed_other_weeks(situation: str) -> None:
    once = invent(situation, as_of=SUNDAY, seed=7)

    assert invent(situation, as_of=SUNDAY, seed=7) == once
    assert invent(situation, as_of=SUNDAY, seed=8).ics != once.ics


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_text_is_well_formed_and_looks_like_its_producer(situation: str) -> None:
    ics = invent(situation, as_of=SUNDAY).ics
    calendar = icalendar.Calendar.from_ical(ics)
    events = calendar.walk("VEVENT")

    assert all(len(line) <= 75 for line in ics.split(b"\r\n"))
    assert not [error for component in calendar.walk() for error in component.errors]
    assert {str(event["UID"]) for event in events if "RRULE" in event}
    organised = [event for event in events if "ORGANIZER" in event and "ATTENDEE" in event]
    listed = [str(event["ORGANIZER"]) in map(str, _list(event["ATTENDEE"])) for event in organised]
    if "Google" in calendar["PRODID"]:
        # Google lists the organizer, save where somebody organises for others and where a platform invites.
        assert listed.count(False) <= 2
        assert calendar["X-WR-TIMEZONE"].startswith("Europe/")
    else:
        assert not any(listed)
        assert "OOF" in {event["X-MICROSOFT-CDO-BUSYSTATUS"] for event in events}
        assert {zone["TZID"] for zone in calendar.walk("VTIMEZONE")} <= {"GMT Standard Time", "Romance Standard Time"}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def test_the_four_together_hold_what_real_calendars_hold(on_sunday: dict[str, pipeline.Judgement]) -> None:
    meetings = [meeting for judgement in on_sunday.values() for meeting in judgement.meetings]
    reasons = Counter(meeting.reason for meeting in meetings)

    assert set(Kind) == {meeting.kind for meeting in meetings}
    assert {
        "two_people",
        "title_says_so",
        "many_people",
        "many_people_remote",
        "alone",
        "cancelled",
        "declined",
        "all_day",
        "free",
        "out_of_office",
        "during_absence",
        "not_attending",
        "participants_unknown",
        "automated",
    } <= set(reasons)
    moved = [m for m in meetings if m.event.original_start not in (None, m.event.start)]
    assert len(moved) >= 5


@pytest.mark.parametrize("situation", SITUATIONS)
def test_entries_fill_enough_of_the_working_time_for_it_to_be_known(
    situation: str, on_sunday: dict[str, pipeline.Judgement]
) -> None:
    made = pipeline.report(on_sunday[situation])
    hours = made.hours
    working = 40 * made.exposure.weeks

    filled = (hours.one_to_one + hours.group + hours.conference_call + hours.solo + hours.unknown) / working
    if situation.startswith("little_time"):
        assert filled > 0.75
    else:
        assert 0.3 < filled < 0.5


def test_write_makes_the_folder_and_one_file_an_owner(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo"
    calendars = [invent(situation, as_of=SUNDAY) for situation in SITUATIONS]

    written = write(calendars, folder)

    assert [path.name for path in written] == [
        "viktor.lang.ics",
        "amara.diallo.ics",
        "theo.lindqvist.ics",
        "ines.moreau.ics",
    ]
    assert [path.read_bytes() for path in written] == [calendar.ics for calendar in calendars]


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        invent("much_time_high_interest", as_of=datetime(2026, 1, 1))
