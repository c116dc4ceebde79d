"""429 calendars of other projects' test suites: each is read, and agrees with icalendar + recurring-ical-events.

The corpus lies beside the project; without it these tests skip.
"""

from collections import Counter
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from ics_support import ALL_TIME, ours, read, upstream_occurrences

CORPUS = Path(__file__).parents[3] / "../shared/corpus/ics"
FILES = sorted(CORPUS.rglob("*.ics")) if CORPUS.is_dir() else []
HOME = "Europe/Berlin"

pytestmark = [
    pytest.mark.skipif(not FILES, reason="the corpus of calendars (../shared/corpus/ics) is not here"),
    pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed"),
]

#: Where we differ from recurring-ical-events on purpose; each has a test of its own in test_oddities.py.
DIFFERS = {
    "calendar_labs_same_day_dtend.ics": "an all-day entry that ends on its own day lasts that day",
    "rrule-exdate-mismatch.ics": "an all-day entry that ends on its own day lasts that day",
    "icalendar/tests/calendars/example.ics": "an all-day entry that ends on its own day lasts that day",
    "ProdID1.ics": "an all-day entry that ends on its own day lasts that day",
    "event_d_same_start_end.ics": "an all-day entry that ends on its own day lasts that day",
    "docs/tutorials/example.ics": "UNTIL as a date includes that day",
    "rrule_until_only_date.ics": "UNTIL as a date includes that day",
    "cest.ics": "UNTIL of an all-day series is midnight in UTC (Exchange)",
    "recurrenceid_ms.ics": "UNTIL of an all-day series is midnight in UTC (Exchange)",
    "recurring_override.ics": "UNTIL of an all-day series is midnight in UTC (Exchange)",
    "Duration1.ics": "a date with a zone is a day",
    "TimeZone3.ics": "a date with a zone is a day",
    "Parameter2.ics": "an empty UID is none: two meetings",
    "event_dt_multi_uid.ics": "a reused UID is two meetings",
    "HourlyUntil1.ics": "UNTIL without a zone is local to its start",
    "testdata/rrule-monthly.ics": "a series that names a day of another is a copy of it",
    "test_data/multi_attendee_response.ics": "a reply is an answer, no meeting",
    "test_data/response.ics": "a reply is an answer, no meeting",
    "event_dt_mixed_awareness.ics": "a time in UTC is in UTC whatever TZID stands beside it",
    "YearlyByWeekNo2.ics": "BYWEEKNO alone takes the weekday from the start",
    "YearlyByWeekNo3.ics": "BYWEEKNO alone takes the weekday from the start",
    "Recurrence/DailyInterval1.ics": "an entry lasts as long on the night on which clocks change",
    "Recurrence/HourlyInterval1.ics": "an entry lasts as long on the night on which clocks change",
    "tz_windows_format.ics": "a Windows zone name wins over what a calendar defines under it",
}
#: Rules of minutes and seconds would take upstream minutes; ours says so in a Problem.
ENDLESS = ("Secondly", "Minutely", "Hourly1", "HourlyInterval2", "DailyByHour")


def name(path):
    return path.relative_to(CORPUS).as_posix()


def test_every_calendar_is_read_without_a_traceback_and_in_time(capsys):
    read_entries = skipped = 0
    causes = Counter()
    slow = []
    for path in FILES:
        started = process_time()
        reading = read(path, ALL_TIME, HOME)
        if process_time() - started > 2:
            slow.append(name(path))
        entries = path.read_bytes().upper().count(b"BEGIN:VEVENT")
        lost = sum(problem.count for problem in reading.problems)
        read_entries += max(0, entries - lost)
        skipped += lost
        causes.update(
            {problem.text.partition("left out: ")[2] or problem.code: problem.count for problem in reading.problems}
        )
        assert lost <= entries
    with capsys.disabled():
        print(f"\n{len(FILES)} calendars: {read_entries} entries read, {skipped} left out")  # noqa: T201
        for cause, count in causes.most_common():
            if count:
                print(f"  {count:4} {cause}")  # noqa: T201
    assert slow == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_occurrences_agree_with_recurring_ical_events(path):
    if any(word in path.name for word in ENDLESS):
        pytest.skip("a rule that upstream cannot expand in reasonable time")
    reading = read(path, ALL_TIME, HOME)
    try:
        expected = upstream_occurrences(path.read_bytes(), ALL_TIME, ZoneInfo(reading.calendar.zone or HOME))
    except Exception as error:  # noqa: BLE001 - any of theirs: one bad entry costs them the whole file
        pytest.skip(f"upstream cannot expand this file: {type(error).__name__}")
    found = ours(reading.events)
    lost = {problem.uid for problem in reading.problems if problem.count}
    expected = Counter({moment: count for moment, count in expected.items() if moment[0] not in lost})
    if any(name(path).endswith(odd) for odd in DIFFERS):
        assert found != expected, "no longer differs: take it off the list"
    else:
        assert found == expected
