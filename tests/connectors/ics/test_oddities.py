"""One data file per oddity; its expectations are here. Times are UTC; the calendar's reader lives in New York."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calsight import Attendee, CuType, Organizer, PartStat, ShowAs, Status, Window
from calsight.errors import PayloadInvalidError
from ics_support import DATA, SUMMER, calendar_of, on_both_roads, read


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- zones ----------------------------------------------------------------------------------------------------------


def test_a_windows_zone_name_is_known():
    event = read("windows_zone")["a"]
    assert (event.start, event.zone) == (at("2026-06-08 08:00"), "Europe/Berlin")


def test_a_customized_zone_is_read_from_its_definition_and_named_after_a_zone_of_the_same_clock():
    event = read("customized_zone")["a"]
    assert event.start == at("2026-06-08 08:00")
    same, berlin = ZoneInfo(event.zone), ZoneInfo("Europe/Berlin")
    assert all(same.utcoffset(day) == berlin.utcoffset(day) for day in (datetime(2026, m, 1) for m in range(1, 13)))


def test_a_custom_zone_of_one_calendar_is_not_known_to_the_next(tmp_path):
    other = (DATA / "customized_zone.ics").read_bytes().replace(b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0500")
    (tmp_path / "other.ics").write_bytes(other)
    read("customized_zone")
    assert read(tmp_path / "other.ics")["a"].start == at("2026-06-08 05:00")


def test_an_unknown_zone_floats_and_is_reported():
    reading = read("unknown_zone")
    assert reading["a"].start == at("2026-06-08 14:00")  # ten o'clock in New York
    assert reading.codes == ["unknown_zone"]
    assert "Nowhere/Town" in reading.problems[0].text


def test_a_globally_unique_zone_ends_in_a_known_name():
    assert read("globally_unique_zone")["a"].zone == "Europe/Berlin"


def test_a_zone_whose_rule_would_run_for_ever_is_no_zone():
    assert read("endless_zone").codes == ["unknown_zone"]


def test_utc_and_floating_times_are_meant_in_x_wr_timezone():
    reading = read("x_wr_timezone", Window(at("2026-03-01"), at("2026-07-01")))
    assert reading.calendar.zone == "Europe/Berlin"
    assert (reading["single"].start, reading["single"].zone) == (at("2026-06-08 08:00"), "Europe/Berlin")
    assert reading["floating"].start == at("2026-06-09 08:00")
    # Ten o'clock on both sides of the change.
    assert reading.starts("series") == ["2026-03-23 09:00", "2026-03-30 08:00"]


def test_floating_times_are_the_readers_where_the_calendar_has_no_zone():
    event = read("floating")["a"]
    assert (event.start, event.zone) == (at("2026-06-08 14:00"), "America/New_York")


def test_floating_times_and_days_are_in_the_only_zone_beside_utc_that_the_calendar_defines():
    reading = read("one_zone")
    assert reading.calendar.zone == "Europe/Berlin"
    assert reading["a"].start == at("2026-06-08 08:00")
    assert reading["b"].start == at("2026-06-09 22:00")


@pytest.mark.parametrize(
    ("written", "start"),
    [
        (";TZID=Europe/Berlin:2026-06-08T10:00:00", "2026-06-08 08:00"),
        (";TZID=Europe/Berlin:2026-06-08 10:00", "2026-06-08 08:00"),
        (";TZID=Europe/Berlin:20260608T1000", "2026-06-08 08:00"),
        (";TZID=Europe/Berlin:2026-06-08T10:00:00.000+02:00", "2026-06-08 08:00"),
        (":2026-06-08T10:00:00+02:00", "2026-06-08 08:00"),
        (":20260608T033000-0430", "2026-06-08 08:00"),
        (":20260608t080000z", "2026-06-08 08:00"),
        (":20260608T240000Z", "2026-06-09 00:00"),
        (":20260608T080060Z", "2026-06-08 08:00"),
        (";VALUE=DATE:2026-06-08", "2026-06-08 04:00"),
    ],
)
def test_a_time_may_be_written_in_any_form_of_iso_8601(written, start):
    found = on_both_roads(calendar_of("UID:a", f"DTSTART{written}", "DURATION:P1D"))
    assert ([f"{event.start:%Y-%m-%d %H:%M}" for event in found.events], found.codes) == ([start], [])


@pytest.mark.parametrize("written", ["2026-06-08T25:00:00", "2026-06-08T24:01:00", "2026-13-08T10:00:00", "2026-06"])
def test_what_is_no_time_is_none(written):
    found = on_both_roads(calendar_of("UID:a", f"DTSTART:{written}", "DURATION:P1D"))
    assert (found.events, found.codes) == ([], ["bad_entry"])


# --- starts and ends ------------------------------------------------------------------------------------------------


def test_all_day_entries_run_from_midnight_to_midnight_in_the_calendars_zone():
    reading = read("all_day", Window(at("2026-06-01"), at("2026-12-01")))
    assert all(event.all_day and event.zone == "Europe/Berlin" for event in reading.events)
    assert (reading["one"].start, reading["one"].duration) == (at("2026-06-09 22:00"), timedelta(days=2))
    assert reading["no-end"].duration == timedelta(days=1)
    assert reading["across-clock-change"].duration == timedelta(hours=25)
    assert len(reading.events) == 6


def test_an_all_day_entry_that_ends_on_the_day_it_starts_lasts_that_day():
    assert read("all_day")["same-day"].duration == timedelta(days=1)


def test_a_date_with_a_zone_is_still_a_day():
    event = read("all_day")["with-zone"]
    assert event.all_day
    assert event.start == at("2026-06-14 22:00")


def test_a_date_start_with_a_time_end():
    event = read("mixed_types")["a"]
    assert (event.start, event.end) == (at("2026-06-09 22:00"), at("2026-06-10 12:00"))


def test_an_end_before_the_start_is_kept_for_the_core_to_judge():
    reading = read("negative")
    assert reading["a"].duration == timedelta(minutes=-30)
    assert [event.duration for event in reading.of("b")] == [timedelta(minutes=-30)] * 2
    assert reading.starts("b") == ["2026-06-01 10:00", "2026-06-08 10:00"]


@pytest.mark.parametrize(
    ("uid", "minutes"), [("no-end", 0), ("duration", 45), ("broken-duration", 0), ("broken-end", 0), ("other-zone", 30)]
)
def test_ends_of_all_kinds(uid, minutes):
    assert read("ends")[uid].duration == timedelta(minutes=minutes)


# --- recurrence -----------------------------------------------------------------------------------------------------


def test_moved_cancelled_and_declined_occurrences():
    plain, moved, cancelled, declined = read("overrides").of("weekly")
    assert plain.start == plain.original_start == at("2026-06-01 08:00")
    assert (moved.start, moved.original_start) == (at("2026-06-09 13:00"), at("2026-06-08 08:00"))
    assert (moved.title, moved.sequence) == ("Planning, moved", 1)
    assert cancelled.status is Status.CANCELLED
    assert declined.status is Status.CONFIRMED
    assert [attendee.partstat for attendee in declined.attendees] == [PartStat.ACCEPTED, PartStat.DECLINED]
    assert {event.series for event in (plain, moved, cancelled, declined)} == {"weekly"}


def test_an_override_without_its_master_is_an_occurrence_of_its_series():
    event = read("orphan_override")["gone"]
    assert (event.start, event.original_start, event.series) == (at("2026-06-09 13:00"), at("2026-06-08 08:00"), "gone")


def test_this_and_future_moves_the_rest_and_keeps_their_places_in_the_series():
    events = read("this_and_future").of("weekly")
    assert [f"{event.start:%d %H:%M}" for event in events] == ["01 08:00", "08 08:00", "15 12:00", "22 12:00"]
    assert [f"{event.original_start:%d %H:%M}" for event in events] == ["01 08:00", "08 08:00", "15 08:00", "22 08:00"]
    assert [event.title for event in events] == ["Planning", "Planning", "Planning, later", "Planning, later"]
    assert events[-1].duration == timedelta(hours=1)


@pytest.mark.parametrize(
    ("uid", "starts"),
    [
        ("other-zone", ["2026-06-01 08:00", "2026-06-09 09:00", "2026-06-15 08:00", "2026-06-22 08:00"]),
        ("date", ["2026-06-01 10:00", "2026-06-09 10:00", "2026-06-15 10:00", "2026-06-22 10:00"]),
        ("time", ["2026-05-31 22:00", "2026-06-08 22:00", "2026-06-14 22:00", "2026-06-21 22:00"]),
    ],
)
def test_recurrence_id_in_another_zone_or_of_another_type_still_replaces_its_occurrence(uid, starts):
    assert read("recurrence_id_types").starts(uid) == starts


def test_an_occurrence_moved_out_of_or_into_the_window_counts_once_at_its_new_time():
    reading = read("moved_across_window")
    assert reading.starts("out") == ["2026-06-01 08:00", "2026-06-15 08:00", "2026-06-22 08:00"]
    assert reading.starts("in") == ["2026-06-10 08:00"]


def test_a_reused_uid_is_two_meetings():
    assert [event.title for event in read("reused_uid").of("1")] == ["Budget", "Interview"]


def test_a_later_revision_replaces_the_earlier_one():
    event = read("revisions")["1"]
    assert (event.start, event.sequence) == (at("2026-06-09 10:00"), 2)


@pytest.mark.parametrize("uid", ["date", "local", "exchange", "utc"])
def test_until_in_all_its_forms_includes_the_last_occurrence(uid):
    assert len(read("until", Window(at("2026-05-30"), at("2026-07-01"))).of(uid)) == 3


def test_exclusions_by_time_and_by_day_and_additional_dates():
    reading = read("exclusions")
    assert reading.starts("dates") == ["2026-06-01 08:00", "2026-06-22 08:00"]
    assert reading.starts("day") == ["2026-06-01 10:00", "2026-06-15 10:00", "2026-06-22 10:00"]
    assert reading.starts("rdate") == ["2026-06-01 12:00", "2026-06-05 07:00"]


def test_what_exchange_and_google_write_outside_the_standard():
    reading = read("exchange_blanks", Window(at("2026-05-30"), at("2026-07-01")))
    assert len(reading.of("a")) == 4
    assert len(reading.of("birthday")) == 2


# --- damage ---------------------------------------------------------------------------------------------------------


def test_a_damaged_entry_costs_itself_only_and_is_named():
    reading = read("damaged")
    assert {event.uid for event in reading.events} == {"good", "odd-line", "", "half"}
    assert {problem.uid for problem in reading.problems} == {"no-such-day", "no-start", "bad-rule", "half"}
    assert set(reading.codes) == {"bad_entry"}
    assert all(problem.source == "damaged.ics" for problem in reading.problems)


def test_an_interval_of_nought_is_one():
    assert read("interval").starts("still") == ["2026-06-01 10:00", "2026-06-08 10:00", "2026-06-15 10:00"]


def test_an_entry_that_lasts_until_the_end_of_time_is_one():
    found = read("until_9999")
    assert found.starts("days") == ["2019-12-31 23:00"]
    assert found.starts("times") == ["2020-01-01 10:00"]
    assert found.problems == []


def test_endless_rules_are_bounded_and_reported():
    reading = read("endless")
    assert {problem.uid for problem in reading.problems} == {"secondly", "minutely", "many"}
    assert set(reading.codes) == {"endless_rule"}
    assert len(reading.of("never")) == 1  # the 30th of February never comes; its own start stands
    assert len(reading.of("fine")) == 3


def test_a_file_that_breaks_off_inside_an_entry_is_refused():
    with pytest.raises(PayloadInvalidError, match=r"truncated\.ics.*breaks off.*again"):
        read("truncated")


def test_marks_in_lower_case_or_folded_are_found():
    assert {event.title for event in read("odd_marks").events} == {"Lower case", "Folded"}


def test_alarms_are_not_the_entry():
    event = read("alarms")["a"]
    assert (event.title, event.attendees, event.location) == ("Planning", (), "Room 1")


@pytest.mark.parametrize(
    ("name", "words"),
    [("todo_only", "only tasks"), ("freebusy_only", "free/busy"), ("empty_calendar", "the calendar is empty")],
)
def test_a_calendar_without_events_says_so(name, words):
    reading = read(name)
    assert reading.events == []
    assert reading.codes == ["no_events"]
    assert words in reading.problems[0].text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("login_page", "web page"),
        ("picture", "binary"),
        ("nothing", "empty"),
        ("contacts", "contacts"),
        ("text", "not an iCalendar file"),
    ],
)
def test_what_is_no_calendar_is_refused_with_what_it_is(name, words):
    with pytest.raises(PayloadInvalidError, match=words):
        read(name)


@pytest.mark.parametrize("name", ["utf8_bom", "utf16", "cp1252", "lone_returns", "cut_character"])
def test_charsets(name):
    event = read(name)["a"]
    assert event.title == "Grüße an Jörg – Café"
    assert event.attendees[0].name == "Jörg Müller"


# --- people ---------------------------------------------------------------------------------------------------------


def test_a_charset_is_guessed_beside_a_line_of_any_length(tmp_path):
    path = tmp_path / "work.ics"
    text = (DATA / "cp1252.ics").read_bytes()
    path.write_bytes(text.replace(b"END:VCALENDAR", b"X-PICTURE:" + b"A" * 900_000 + b"\r\nEND:VCALENDAR"))
    assert [event.title for event in read(path).events] == [event.title for event in read("cp1252").events]


def test_names_with_commas_and_quotes_and_answers_nobody_knows():
    event = read("people")["commas"]
    assert event.organizer == Organizer("ana@example.com", "Berger, Ana")
    assert event.attendees == (
        Attendee("ANA@example.com", "Berger, Ana", PartStat.ACCEPTED, is_organizer=True),
        Attendee("bo@example.com", "Lind, Bo", PartStat.TENTATIVE, optional=True),
        Attendee("dan@example.com", 'Dan O"Hara"'),
        # icalendar gives this line up; its person must not be lost.
        Attendee("cleo@example.com", "Cleo", PartStat.DECLINED),
    )


def test_rooms_groups_guests_and_people_who_are_only_informed():
    assert read("people")["kinds"].attendees == (
        Attendee("room1@example.com", "Room 1", cutype=CuType.ROOM),
        Attendee("beamer@example.com", cutype=CuType.RESOURCE),
        Attendee("team@example.com", cutype=CuType.GROUP),
        Attendee("eve@example.com", cutype=CuType.UNKNOWN, guests=2),
    )


def test_people_without_a_mail_address():
    finn, gus, hal = read("people")["no-mail"].attendees
    assert (finn.name, finn.address) == ("Finn Ek", "/o=Example/ou=Site/cn=Recipients/cn=finn")
    assert (gus.name, gus.address) == ("Gus", "")
    assert hal.address == "hal@example.com"


# --- other fields ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uid", "links"),
    [
        ("google", ("https://meet.google.com/abc-defg-hij",)),
        ("rfc7986", ("https://video.example.com/room/1",)),
        ("teams", ("https://teams.microsoft.com/l/meetup-join/19%3ameeting_x",)),
        ("text", ("https://zoom.us/j/123456789",)),
        ("none", ()),
    ],
)
def test_ways_into_a_meeting(uid, links):
    assert read("conference")[uid].conference == links


@pytest.mark.parametrize(
    ("uid", "show_as"),
    [
        ("busy", ShowAs.BUSY),
        ("transparent", ShowAs.FREE),
        ("oof", ShowAs.OUT_OF_OFFICE),
        ("tentative", ShowAs.TENTATIVE),
        ("intended", ShowAs.OUT_OF_OFFICE),
        ("elsewhere", ShowAs.WORKING_ELSEWHERE),
    ],
)
def test_what_the_entry_does_to_its_owners_time(uid, show_as):
    assert read("show_as")[uid].show_as is show_as


@pytest.mark.parametrize(
    ("uid", "private"), [("private", True), ("confidential", True), ("public", False), ("busy", False)]
)
def test_private_entries(uid, private):
    assert read("show_as")[uid].private is private


def test_a_cancellation_cancels():
    assert read("method_cancel")["a"].status is Status.CANCELLED


def test_exchange_publishes_entries_without_their_people():
    reading = read("exchange_published")
    assert reading["a"].participants_hidden
    assert not reading["b"].participants_hidden
    assert reading.calendar.organizer_listed is False


def test_a_google_busy_feed_names_its_own_address_only():
    reading = read("google_busy_feed")
    assert reading.calendar.owner == ("ana@example.com",)
    assert reading.calendar.names_people is False
    assert reading["a"].participants_hidden
    assert not reading["b"].participants_hidden  # it shows its title; that it names nobody is said by the calendar


def test_private_entries_without_details_hide_their_people():
    reading = read("private_busy")
    assert [reading[uid].participants_hidden for uid in "abc"] == [True, False, True]


def test_what_is_known_of_a_google_calendar():
    calendar = read("google").calendar
    assert calendar.owner == ("ana@example.com",)
    assert calendar.organizer_listed is True
    assert calendar.names_people is True
    assert calendar.last_sign == at("2026-06-10 12:00")
    assert "Google" in calendar.producer


def test_outlook_names_the_owner():
    calendar = read("outlook_owner").calendar
    assert (calendar.owner, calendar.owner_name) == (("ana@example.com",), "Ana Berger")
    assert calendar.names_people is False


def test_the_calendar_is_one_object_and_says_so_on_each_page():
    reading = read("overrides")
    assert {id(event.calendar) for event in reading.events} == {id(reading.calendar)}


def test_the_window_is_half_open():
    only = read("negative", Window(at("2026-06-08 10:00"), SUMMER.end))
    assert {event.uid for event in only.events} == {"a", "b"}
    assert read("negative", Window(SUMMER.start, at("2026-06-01 10:00"))).events == []
