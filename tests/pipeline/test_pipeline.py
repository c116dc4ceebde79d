"""From sources to a report, the whole road."""

import inspect
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import calsight
from calsight import pipeline
from calsight.core.model.events import Calendar, EventType, ShowAs
from calsight.core.model.meetings import Kind
from calsight.errors import OwnerNotFoundError, UsageError
from calsight.reading import plugins
from calsight.reading.event_lines import event_line
from calsight.reading.plugins import LoadedRule, PluginEntry
from calsight.testing import event

AS_OF = date(2026, 6, 28)  # a Sunday
WORK = Calendar(id="work", name="work", zone="UTC", owner=("ana@example.com",), names_people=True)
NOTHING_OF_MINE = {"work": {"zone": "UTC"}}


def weeks_of(people, *, count=26, calendar=WORK, hour=10):
    """One meeting of `people` every Tuesday of the last `count` weeks."""
    tuesday = datetime(2026, 6, 23, hour, tzinfo=UTC)
    return [event(*people, at=tuesday - timedelta(weeks=week), calendar=calendar) for week in range(count)]


def analyze(*sources, **fields):
    return calsight.analyze(*sources, **{"as_of": AS_OF, "settings": NOTHING_OF_MINE, **fields})


def test_a_weekly_one_to_one_is_fine():
    report = analyze(weeks_of(["ana", "bo"]), weeks_of(["ana", "cy"], hour=11), weeks_of(["ana", "bo", "cy"], hour=14))

    assert report.flag.level == "ok"
    assert report.counts.one_to_one == 52
    assert report.counts.group == 26
    assert report.exposure.weeks == pytest.approx(26)
    assert report.hours.one_to_one == 26


def test_meetings_without_a_one_to_one_are_a_risk():
    report = analyze(weeks_of(["ana", "bo", "cy"]))

    assert report.flag.level == "at_risk"
    assert report.flag.probability_low > 0.95
    assert report.counts.one_to_one == 0


def test_where_half_of_the_meetings_hide_who_was_there_nobody_is_at_risk():
    groups = weeks_of(["ana", "bo", "cy"])
    hidden = [replace(each, uid=f"hidden-{each.uid}", participants_hidden=True) for each in weeks_of(["ana"], hour=15)]

    flag = analyze(groups, hidden).flag
    fewer = analyze(groups, hidden[10:12]).flag

    assert (flag.level, fewer.level) == ("watch", "at_risk")
    assert "readings_differ" in {reason.code for reason in flag.reasons}


def test_the_same_meeting_in_two_calendars_counts_once():
    mine = weeks_of(["ana", "bo"])
    again = [replace(each, calendar=replace(WORK, id="copy", name="copy")) for each in mine]

    assert analyze(mine, again).counts.one_to_one == 26


def test_what_is_still_to_come_is_scheduled_and_not_counted():
    coming = event("ana", "bo", uid="next", at="2026-07-07 10:00", calendar=WORK)
    far = event("ana", "bo", uid="far", at="2026-09-07 10:00", calendar=WORK)
    request = {"as_of": AS_OF, "settings": NOTHING_OF_MINE}

    found = {m.event.uid: m for m in calsight.meetings(weeks_of(["ana", "bo"]), coming, far, **request)}

    assert found["next"].held is False
    assert "far" not in found
    assert analyze(weeks_of(["ana", "bo"]), coming).counts.one_to_one == 26


def test_an_occurrence_belongs_to_the_window_by_its_start():
    early = event("ana", "bo", uid="early", at="2026-05-31 23:50", calendar=WORK)
    first = event("ana", "bo", uid="first", at="2026-06-01 00:00", calendar=WORK)
    last = event("ana", "bo", uid="last", at="2026-06-07 23:50", calendar=WORK)
    span = {"start": date(2026, 6, 1), "end": date(2026, 6, 7), "settings": NOTHING_OF_MINE}

    uids = {each.event.uid for each in calsight.meetings(early, first, last, **span)}

    assert uids == {"first", "last"}
    read = calsight.events(early, first, last, **span)
    assert {each.uid for each in read} == {"early", "first", "last"}
    assert analyze(early, first, last, as_of=None, **span).counts.one_to_one == 1  # the last ends a day later


def test_leave_that_began_before_the_window_still_takes_its_days_out():
    leave = event(
        "ana", uid="leave", at="2026-05-20 00:00", minutes=20 * 24 * 60, all_day=True, zone="UTC",
        show_as=ShowAs.OUT_OF_OFFICE, event_type=EventType.OUT_OF_OFFICE, calendar=WORK,
    )  # fmt: skip
    span = {"start": date(2026, 6, 1), "end": date(2026, 6, 28), "as_of": None}

    assert analyze(leave, weeks_of(["ana", "bo"]), **span).exposure.absence_weeks == pytest.approx(6 / 5)


ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Google Inc//Google Calendar 70.9054//EN\r
X-WR-CALNAME:ana@example.com\r
X-WR-TIMEZONE:Europe/Berlin\r
{entries}END:VCALENDAR\r
"""
ENTRY = """BEGIN:VEVENT\r
UID:{uid}\r
DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}\r
DTSTART:{start:%Y%m%dT%H%M%SZ}\r
DTEND:{end:%Y%m%dT%H%M%SZ}\r
SUMMARY:{title}\r
{people}END:VEVENT\r
"""


def entry(uid, start, *people, stamp, title="Talk"):
    lines = "".join(f"ATTENDEE;PARTSTAT=ACCEPTED;CN={who}:mailto:{who}@example.com\r\n" for who in people)
    organizer = f"ORGANIZER;CN={people[0]}:mailto:{people[0]}@example.com\r\n" if people else ""
    end = start + timedelta(minutes=30)
    return ENTRY.format(uid=uid, stamp=stamp, start=start, end=end, title=title, people=organizer + lines)


def weekly_entries(last, count, *people, stamp):
    return [entry(f"{people}-{n}", last - timedelta(weeks=n), *people, stamp=stamp) for n in range(count)]


def written(folder, entries, name="ana.ics"):
    file = folder / name
    file.write_bytes(ICS.format(entries="".join(entries)).encode())
    return file


def test_an_export_that_ends_eight_weeks_ago_is_not_punished_for_them(tmp_path):
    exported = datetime(2026, 5, 2, tzinfo=UTC)
    last = datetime(2026, 4, 28, 10, tzinfo=UTC)
    entries = weekly_entries(last, 18, "ana", "bo", stamp=exported)
    entries += weekly_entries(last + timedelta(days=1), 18, "ana", "cy", stamp=exported)
    booked = entry("next-year", datetime(2027, 1, 5, 10, tzinfo=UTC), "ana", "bo", stamp=exported)

    for each in (entries, [*entries, booked]):  # an appointment far ahead is no sign of life since
        report = analyze(written(tmp_path, each))
        assert report.flag.level == "ok"
        assert report.exposure.weeks == pytest.approx(18)
        assert "source_ends_early" in {reason.code for reason in report.flag.reasons}


def test_a_private_calendar_that_goes_on_does_not_make_a_work_export_look_lonely(tmp_path):
    exported = datetime(2026, 5, 2, tzinfo=UTC)
    last = datetime(2026, 4, 28, 10, tzinfo=UTC)
    work = weekly_entries(last, 18, "ana", "bo", stamp=exported) + weekly_entries(last, 18, "ana", "cy", stamp=exported)
    fresh = datetime(2026, 6, 27, tzinfo=UTC)
    private = weekly_entries(datetime(2026, 6, 24, 18, tzinfo=UTC), 26, stamp=fresh)
    dinner = entry("dinner", datetime(2026, 3, 7, 18, tzinfo=UTC), "ana", "mum", stamp=fresh)
    going_on = entry("new", datetime(2026, 6, 9, 10, tzinfo=UTC), "ana", "bo", stamp=fresh)
    old = written(tmp_path, work)

    report = analyze(old, written(tmp_path, [*private, dinner], "private.ics"), me="ana@example.com")
    assert report.flag.level == "ok"
    assert "source_ends_early" in {reason.code for reason in report.flag.reasons}

    report = analyze(old, written(tmp_path, [*private, going_on], "next.ics"), me="ana@example.com")
    assert report.exposure.weeks > 24  # meetings are kept in the other calendar now: its weeks count


def test_an_export_from_before_the_window_says_so_and_how_to_look_back(tmp_path):
    stamp = datetime(2024, 5, 2, 12, tzinfo=UTC)
    old = written(tmp_path, weekly_entries(datetime(2024, 4, 30, 10, tzinfo=UTC), 9, "ana", "bo", stamp=stamp))

    flag = analyze(old).flag

    assert flag.level == "insufficient_data"
    assert flag.reasons[0].code == "insufficient_ends_before"
    assert "--as-of 2024-05-02" in flag.reasons[0].text


def test_the_zone_is_the_calendars_own(tmp_path):
    stamp = datetime(2026, 6, 28, tzinfo=UTC)
    file = written(tmp_path, weekly_entries(datetime(2026, 6, 23, 10, tzinfo=UTC), 4, "ana", "bo", stamp=stamp))

    report = analyze(file, settings={})

    assert report.owner.zone == "Europe/Berlin"
    assert report.as_of == datetime(2026, 6, 28, 22, tzinfo=UTC)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 25), st.integers(7, 17), st.text("abcdefgh ", max_size=12)), max_size=80))
def test_a_calendar_without_attendee_lists_never_yields_at_risk(tmp_path_factory, busy):
    monday = datetime(2026, 1, 5, tzinfo=UTC)
    stamp = datetime(2026, 6, 28, tzinfo=UTC)
    entries = [
        entry(f"u{n}", monday + timedelta(weeks=week, hours=hour), stamp=stamp, title=f"x{title}")
        for n, (week, hour, title) in enumerate(busy)
    ]

    report = analyze(written(tmp_path_factory.mktemp("calendar"), entries))

    assert report.flag.level == "insufficient_data"
    assert report.flag.probability_low is None


def test_event_lines_give_the_same_report_as_the_calendar_that_they_came_from(tmp_path):
    stamp = datetime(2026, 6, 28, tzinfo=UTC)
    last = datetime(2026, 6, 23, 10, tzinfo=UTC)
    file = written(
        tmp_path,
        weekly_entries(last, 20, "ana", "bo", stamp=stamp)
        + weekly_entries(last + timedelta(hours=2), 20, "ana", "bo", "cy", stamp=stamp),
    )
    kept = tmp_path / "kept.jsonl"
    read = calsight.events(file, as_of=AS_OF, settings=NOTHING_OF_MINE)
    kept.write_text("\n".join(json.dumps(event_line(each)) for each in read))

    assert analyze(kept) == analyze(file)


@pytest.mark.parametrize(
    "source", [None, 5, b"BEGIN:VCALENDAR", {"work.ics": True}], ids=lambda source: type(source).__name__
)
def test_what_is_no_source_is_said(source):
    with pytest.raises(UsageError, match=f"A source is a path.*no {type(source).__name__}"):
        pipeline.read([source], settings=NOTHING_OF_MINE)


def test_the_same_reading_gives_the_same_report_to_the_last_digit():
    judgement = pipeline.judge(pipeline.read(weeks_of(["ana", "bo"]), as_of=AS_OF, settings=NOTHING_OF_MINE))

    assert pipeline.report(judgement).to_json() == pipeline.report(judgement).to_json()


def test_two_people_who_meet_are_two_owners():
    bos = replace(WORK, id="bo", name="bo", owner=("bo@example.com",))
    mine = weeks_of(["ana", "bo"])

    with pytest.raises(OwnerNotFoundError, match=r"two people.*--me") as caught:
        analyze(mine, [replace(each, calendar=bos) for each in weeks_of(["ana", "bo"], hour=15)])
    assert sorted(caught.value.candidates) == ["ana@example.com", "bo@example.com"]


def test_an_address_that_no_invitation_knows_is_asked_about_not_judged():
    flag = analyze(weeks_of(("ana", "bo"), calendar=Calendar(id="file", zone="UTC")), me="anna@example.com").flag

    assert flag.level == "insufficient_data"
    assert flag.reasons[0].code == "insufficient_owner_unlisted"
    assert "26 of 26 invitations do not list it" in flag.reasons[0].text
    assert "ana@example.com (26)" in flag.reasons[0].text


def test_a_former_address_is_asked_about_not_taken_for_a_third_person():
    before = weeks_of(("ana.old", "bo"), hour=9)
    now = weeks_of(("ana", "bo", "cy"), count=13)

    flag = analyze(before, now, me="ana@example.com").flag

    assert flag.level == "insufficient_data"
    assert "ana.old@example.com" in flag.reasons[0].text
    assert analyze(before, now, me=["ana@example.com", "ana.old@example.com"]).flag.level in {"ok", "watch"}


def test_meetings_are_listed_whoever_the_owner_is_said_to_be():
    found = calsight.meetings(weeks_of(("bo", "cy")), me="ana@example.com", as_of=AS_OF, settings=NOTHING_OF_MINE)

    assert len(found) == 26


def test_where_nobody_stands_out_the_likeliest_are_named():
    unnamed = replace(WORK, owner=())
    pairs = [("bo", "cy"), ("di", "ed"), ("fi", "gus"), ("bo", "gus")]
    entries = [event(*pair, calendar=unnamed, uid=f"u{n}", at="2026-06-02 10:00") for n, pair in enumerate(pairs)]

    with pytest.raises(OwnerNotFoundError, match=r"bo@example\.com \(2 of 4\).*--me") as caught:
        analyze(entries)
    assert "bo@example.com" in caught.value.candidates
    assert len(caught.value.candidates) == 3


ENTRY_POINT = PluginEntry("house", "house:rule", "house-rules", "1.0")


def with_rule(monkeypatch, rule):
    monkeypatch.setattr(plugins, "rules", lambda: [LoadedRule(ENTRY_POINT, rule=rule)])


def test_a_companys_rule_decides_before_the_table(monkeypatch):
    from calsight.core.judging.rows import Verdict

    with_rule(monkeypatch, lambda event, presence: Verdict(Kind.SOLO, "house_coffee"))

    assert analyze(weeks_of(["ana", "bo"])).counts.solo == 26


def test_a_rule_that_fails_costs_a_problem_and_not_the_report(monkeypatch):
    def broken(event, presence):
        raise RuntimeError("secret title")

    with_rule(monkeypatch, broken)

    report = analyze(weeks_of(["ana", "bo"]))

    assert report.counts.one_to_one == 26
    (problem,) = report.problems
    assert problem.code == "rule_failed"
    assert "house-rules 1.0" in problem.text
    assert "secret" not in problem.text


def test_nothing_at_all_is_insufficient():
    report = analyze([])

    assert report.flag.level == "insufficient_data"
    assert report.sources == []


def test_the_short_names_take_what_read_takes():
    takes = inspect.signature(pipeline.read).parameters.values()

    assert list(pipeline.Request.__annotations__) == [each.name for each in takes if each.kind is each.KEYWORD_ONLY]


def test_a_call_without_a_source_says_so():
    """It would be a report on nothing; an empty list of events is one, of a calendar that is empty."""
    with pytest.raises(UsageError, match="Name a source"):
        calsight.analyze()
    assert calsight.analyze([], settings={}, cache=False).flag.level == "insufficient_data"
