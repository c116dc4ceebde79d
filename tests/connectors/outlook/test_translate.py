"""One event resource → one event, property by property; and pages of them, damaged ones too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_support import MONDAY, WINDOW
from calsight import Attendee, CalendarEvent, CuType, Organizer, PartStat, ShowAs, Status, Window
from calsight_outlook.translate import SELECT, Found, Translator, joined, uid
from calsight_outlook.zones import iana
from fakes.graph_items import ME, all_day, event, guest, series, uid_of, when, who
from outlook_support import BO, CALENDAR, translated

FROM_BO = {"organizer": who("bo@example.com", "Bo"), "isOrganizer": False}


def test_a_plain_meeting() -> None:
    made = translated(event("a", MONDAY, 30, BO, subject="Plan", location={"displayName": "Fjord"}))
    assert made == CalendarEvent(
        uid="a@outlook",
        start=MONDAY,
        end=MONDAY + timedelta(minutes=30),
        zone="Europe/Berlin",
        title="Plan",
        organizer=Organizer(ME, "Ana", is_me=True),
        attendees=(Attendee("bo@example.com", "Bo", PartStat.ACCEPTED),),
        location="Fjord",
        created=datetime(2020, 1, 1, tzinfo=UTC),
        updated=datetime(2020, 1, 1, tzinfo=UTC),
        id="a",
        calendar=CALENDAR,
    )


class TestPeople:
    def test_a_room_is_a_resource(self) -> None:
        (room,) = translated(
            event("a", MONDAY, 30, guest("fjord@example.com", "Fjord", "accepted", "resource"))
        ).attendees
        assert room.cutype is CuType.RESOURCE

    def test_optional_guests(self) -> None:
        (one,) = translated(event("a", MONDAY, 30, guest("bo@example.com", kind="optional"))).attendees
        assert one.optional

    @pytest.mark.parametrize(
        ("answer", "partstat"),
        [
            ("accepted", PartStat.ACCEPTED),
            ("organizer", PartStat.ACCEPTED),
            ("tentativelyAccepted", PartStat.TENTATIVE),
            ("declined", PartStat.DECLINED),
            ("notResponded", PartStat.NEEDS_ACTION),
            ("none", PartStat.NEEDS_ACTION),
            ("unknownFutureValue", PartStat.NEEDS_ACTION),
        ],
    )
    def test_answers(self, answer: str, partstat: PartStat) -> None:
        (one,) = translated(event("a", MONDAY, 30, guest("bo@example.com", answer=answer))).attendees
        assert one.partstat is partstat

    def test_a_name_that_is_the_address_is_no_name(self) -> None:
        (one,) = translated(event("a", MONDAY, 30, guest("bo@example.com"))).attendees
        assert one.name == ""

    def test_ones_own_answer_is_the_events(self) -> None:
        """In a guest's copy the list does not know it."""
        item = event("a", MONDAY, 30, guest(ME, "Ana"), BO, organizer=FROM_BO["organizer"], answer="declined")
        mine, _ = translated(item).attendees
        assert (mine.partstat, mine.is_me) == (PartStat.DECLINED, True)

    def test_one_may_be_invited_by_another_address_of_ones_own(self) -> None:
        other = guest("Ana.Novak@example.com", "Ana")
        (mine,) = translated(event("a", MONDAY, 30, other, answer="accepted", **FROM_BO)).attendees
        assert (mine.partstat, mine.is_me) == (PartStat.ACCEPTED, True)

    def test_one_may_be_invited_through_a_group(self) -> None:
        team = guest("team@example.com", "Team")
        listed = translated(event("a", MONDAY, 30, team, answer="declined", **FROM_BO)).attendees
        assert listed[1:] == (Attendee(ME, partstat=PartStat.DECLINED, is_me=True),)
        assert listed[0].cutype is CuType.GROUP  # whatever it is, it is nobody else

    def test_of_several_lines_nobody_knows_which_is_the_group(self) -> None:
        listed = translated(
            event("a", MONDAY, 30, guest("team@example.com"), BO, answer="accepted", **FROM_BO)
        ).attendees
        assert [one.cutype for one in listed[:2]] == [CuType.INDIVIDUAL] * 2

    def test_the_room_is_not_how_one_was_invited(self) -> None:
        room = guest("fjord@example.com", "Fjord", "accepted", "resource")
        listed = translated(event("a", MONDAY, 30, room, answer="accepted", **FROM_BO)).attendees
        assert listed[0].cutype is CuType.RESOURCE

    @pytest.mark.parametrize(
        ("organizer", "guests", "flag", "mine"),
        [
            (who(ME, "Ana"), [BO], False, True),  # a copy of one's own meeting
            (who("Ana.Novak@example.com"), [BO], False, True),
            (who("bo@example.com", "Bo"), [guest(ME)], True, False),  # a mailbox that was moved
            (who("bo@example.com", "Bo"), [guest("ana.novak@example.com")], True, False),
            (who("a.novak@old.example", "Ana Novak"), [guest(ME)], True, True),  # an old address of one's own
            (who("a.novak@old.example"), [BO], True, True),
            (who("bo@example.com", "Bo"), [guest(ME)], False, False),
            (who("/o=ExchangeLabs/ou=x/cn=Recipients/cn=1-ana", "Ana"), [BO], True, True),
        ],
    )
    def test_who_organises_where_the_flag_and_the_addresses_differ(
        self, organizer: dict[str, Any], guests: list[dict[str, Any]], flag: bool, mine: bool
    ) -> None:
        item = event("a", MONDAY, 30, *guests, organizer=organizer, isOrganizer=flag)
        made = translated(item, calendar=replace(CALENDAR, owner_name="Ana Novak"))
        assert made.organizer is not None
        assert made.organizer.is_me is mine

    def test_exchange_s_own_addresses_are_none(self) -> None:
        """Somebody listed by both is one person."""
        inside = "/O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP/CN=RECIPIENTS/CN=0123-BO"
        twice = event("a", MONDAY, 30, BO, guest(inside, "Bo"), guest(inside.replace("BO", "CY"), "Cy"))
        assert [(one.address, one.name) for one in translated(twice).attendees] == [
            ("bo@example.com", "Bo"),
            ("", "Cy"),
        ]

    def test_nobody_is_added_to_an_appointment_of_ones_own(self) -> None:
        assert translated(event("a", MONDAY)).attendees == ()

    def test_without_known_addresses_the_list_is_as_it_is(self) -> None:
        item = event("a", MONDAY, 30, BO, answer="accepted", **FROM_BO)
        assert len(translated(item, calendar=replace(CALENDAR, owner=())).attendees) == 1

    def test_equal_people_are_one_object(self) -> None:
        translator = Translator(CALENDAR)
        first, second = (translator.event(event(name, MONDAY, 30, BO)) for name in "ab")
        assert first.attendees[0] is second.attendees[0]
        assert first.organizer is second.organizer

    def test_how_many_people_are_remembered_has_a_bound(self) -> None:
        translator = Translator(CALENDAR)
        for number in range(9000):
            translator.event(
                event("a", MONDAY, 30, guest(f"p{number}@example.com"), organizer=who(f"o{number}@x.example"))
            )
        assert len(translator._attendees) <= 4096
        assert len(translator._organizers) <= 4096


class TestTimes:
    def test_an_all_day_event_is_midnight_to_midnight_where_the_mailbox_is(self) -> None:
        made = translated(all_day("a", "2026-03-28", 2))
        zone = ZoneInfo("Europe/Berlin")
        assert (made.start, made.end) == (datetime(2026, 3, 28, tzinfo=zone), datetime(2026, 3, 30, tzinfo=zone))
        assert made.end - made.start == timedelta(hours=47)
        assert (made.all_day, made.zone) == (True, "Europe/Berlin")

    def test_an_all_day_event_that_is_given_as_it_is_stored(self) -> None:
        """Not what Graph does today; it must not become another day if it does tomorrow."""
        start = datetime(2026, 3, 10, tzinfo=ZoneInfo("Europe/Berlin"))
        made = translated(event("a", start, 1440, isAllDay=True))
        assert made.start == start

    def test_an_all_day_event_in_a_named_zone(self) -> None:
        times = {
            name: {"dateTime": f"2026-03-{day}T00:00:00", "timeZone": "Pacific Standard Time"}
            for name, day in [("start", 10), ("end", 11)]
        }
        made = translated(event("a", MONDAY, isAllDay=True) | times)
        assert made.start == datetime(2026, 3, 10, tzinfo=ZoneInfo("Europe/Berlin"))

    def test_all_day_in_the_middle_of_the_day_is_no_sense(self) -> None:
        found = Translator(CALENDAR, home="Europe/Berlin").page([event("a", MONDAY, 60, isAllDay=True)], WINDOW)
        assert "does not begin or end at midnight" in found.problems[0].text

    def test_another_zone_than_asked_for(self) -> None:
        start = {"dateTime": "2026-03-02T10:00:00.0000000", "timeZone": "W. Europe Standard Time"}
        assert translated(event("a", MONDAY, 60) | {"start": start}).start == MONDAY

    def test_a_zone_that_nobody_knows(self) -> None:
        start = {"dateTime": "2026-03-02T10:00:00", "timeZone": "Customized Time Zone"}
        found = Translator(CALENDAR).page([event("a", MONDAY) | {"start": start}], WINDOW)
        assert "time zone that nobody knows" in found.problems[0].text

    @pytest.mark.parametrize(
        ("name", "zone"),
        [
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("Europe/Lisbon", "Europe/Lisbon"),
            ("UTC", ""),
            ("tzone://Microsoft/Utc", ""),
            ("tzone://Microsoft/Custom", ""),
            ("Customized Time Zone", ""),
            ("../etc/passwd", ""),
            ("", ""),
        ],
    )
    def test_zone_names(self, name: str, zone: str) -> None:
        assert iana(name) == zone

    def test_an_event_of_an_unknown_zone_is_seen_in_the_mailboxs(self) -> None:
        assert translated(event("a", MONDAY, zone="Customized Time Zone")).zone == "Europe/Berlin"

    def test_the_year_1_is_unknown(self) -> None:
        made = translated(event("a", MONDAY, createdDateTime="0001-01-01T00:00:00Z", lastModifiedDateTime=None))
        assert (made.created, made.updated) == (None, None)

    def test_an_occurrence_that_was_moved_keeps_where_it_was(self) -> None:
        moved = event(
            "s.1",
            MONDAY + timedelta(days=1),
            type="exception",
            seriesMasterId="s",
            originalStart="2026-03-02T09:00:00Z",
        )
        made = translated(moved)
        assert (made.series, made.original_start, made.start) == ("s", MONDAY, MONDAY + timedelta(days=1))

    def test_an_all_day_occurrence(self) -> None:
        one = all_day("s.1", "2026-03-10", type="occurrence", seriesMasterId="s", originalStart="2026-03-10T00:00:00Z")
        made = translated(one)
        assert made.original_start == made.start


class TestWhatItIs:
    @pytest.mark.parametrize(
        ("given", "show_as"),
        [
            ("free", ShowAs.FREE),
            ("tentative", ShowAs.TENTATIVE),
            ("busy", ShowAs.BUSY),
            ("oof", ShowAs.OUT_OF_OFFICE),
            ("workingElsewhere", ShowAs.WORKING_ELSEWHERE),
            ("unknown", ShowAs.BUSY),
            (None, ShowAs.BUSY),
        ],
    )
    def test_show_as(self, given: str | None, show_as: ShowAs) -> None:
        assert translated(event("a", MONDAY, showAs=given)).show_as is show_as

    def test_cancelled(self) -> None:
        assert translated(event("a", MONDAY, isCancelled=True)).status is Status.CANCELLED

    @pytest.mark.parametrize(
        ("sensitivity", "private"), [("normal", False), ("personal", False), ("private", True), ("confidential", True)]
    )
    def test_private(self, sensitivity: str, private: bool) -> None:
        assert translated(event("a", MONDAY, sensitivity=sensitivity)).private is private

    def test_links_come_from_all_properties_once(self) -> None:
        teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x/0?context=y"
        zoom = "https://us02web.zoom.us/j/81234567890?pwd=x"
        made = translated(
            event(
                "a",
                MONDAY,
                onlineMeeting={"joinUrl": teams},
                onlineMeetingUrl=teams,
                body={"contentType": "text", "content": f"Join <{teams}> or {zoom}\nHelp: https://zoom.us/help"},
            )
        )
        assert made.conference == (teams, zoom)

    def test_a_text_in_html_is_read_too(self) -> None:
        zoom = "https://us02web.zoom.us/j/81234567890"
        body = {"contentType": "html", "content": f'<p><a href="{zoom}">here</a></p>'}
        assert translated(event("a", MONDAY, body=body)).conference == (zoom,)


class TestHiddenParticipants:
    @pytest.mark.parametrize(
        ("item", "options", "hidden"),
        [
            (event("a", MONDAY), {}, False),
            (event("a", MONDAY, 30, BO, hideAttendees=True), {}, False),
            (event("a", MONDAY, hideAttendees=True, **FROM_BO), {}, True),
            (event("a", MONDAY) | {"organizer": None, "isOrganizer": False}, {}, True),
            (event("a", MONDAY, sensitivity="private"), {}, False),
            (event("a", MONDAY, sensitivity="private"), {"sees_private": False}, True),
            (event("a", MONDAY, 30, BO, sensitivity="private"), {"sees_private": False}, False),
        ],
    )
    def test_when_they_are(self, item: dict[str, Any], options: dict[str, Any], hidden: bool) -> None:
        assert translated(item, **options).participants_hidden is hidden


class TestUid:
    def test_occurrences_share_their_series(self) -> None:
        """Exchange writes the day of an occurrence into its id (microsoft-graph-docs#17479)."""
        plain = uid_of(7)
        dated = plain[:32] + "07EA0302" + plain[40:]
        assert uid(dated) == uid(dated.lower()) == uid(plain) == plain

    def test_another_systems_is_unwrapped(self) -> None:
        """MS-OXCICAL 2.1.3.1.1.20.26, with the example of that document's kind."""
        data = b"vCal-Uid" + bytes([1, 0, 0, 0]) + b"abc123@google.com\0"
        wrapped = (
            f"040000008200E00074C5B7101A82E00800000000{'0' * 32}{len(data).to_bytes(4, 'little').hex()}{data.hex()}"
        )
        assert uid(wrapped.upper()) == "abc123@google.com"

    @pytest.mark.parametrize("text", ["", "abc@google.com", "040000008200E00074C5B7101A82E008", "x" * 200])
    def test_others_are_left_alone(self, text: str) -> None:
        assert uid(text) == text

    def test_without_one_the_series_or_the_id_stands_in(self) -> None:
        assert translated(event("a", MONDAY, iCalUId=None)).uid == "a"
        assert translated(event("s.1", MONDAY, iCalUId=None, seriesMasterId="s", type="occurrence")).uid == "s"


def test_a_bare_occurrence_has_all_of_its_master_but_the_time() -> None:
    master = series(event("s", MONDAY, 30, BO, subject="Weekly"), "weekly monday", 3)
    later = MONDAY + timedelta(weeks=1)
    bare = {
        "id": "s.2",
        "type": "occurrence",
        "seriesMasterId": "s",
        "start": when(later),
        "end": when(later + timedelta(minutes=30)),
    }
    made = translated(joined(bare, master))
    assert (made.id, made.series, made.title, made.start) == ("s.2", "s", "Weekly", later)
    assert made.original_start == later
    assert made.attendees == translated(master).attendees


class TestPages:
    def test_only_what_touches_the_window(self) -> None:
        window = Window(MONDAY, MONDAY + timedelta(days=1))
        items = [
            event("before", MONDAY - timedelta(hours=1), 60),
            event("in", MONDAY),
            event("over", MONDAY - timedelta(hours=1), 90),
        ]
        assert [one.id for one in Translator(CALENDAR).page(items, window).events] == ["in", "over"]

    def test_in_an_increment_what_is_outside_or_damaged_is_gone(self) -> None:
        items = [event("outside", MONDAY - timedelta(weeks=9)), event("bad", MONDAY) | {"start": {}}]
        found = Translator(CALENDAR).page(items, WINDOW, increment=True)
        assert found.removed == ["outside", "bad"]
        assert len(found.problems) == 1

    @pytest.mark.parametrize(
        "damage",
        [
            {"start": None},
            {"start": "2026-03-02"},
            {"start": {"dateTime": "soon", "timeZone": "UTC"}},
            {"start": {"dateTime": 3, "timeZone": "UTC"}},
            {"id": None},
            {"subject": ["x"]},
            {"attendees": 3},
            {"attendees": ["x"]},
            {"attendees": [{"emailAddress": "x"}]},
            {"organizer": "x"},
            {"location": "x"},
            {"originalStart": "soon", "seriesMasterId": "s"},
            {"body": "x"},
        ],
        ids=str,
    )
    def test_a_damaged_entry_is_a_problem_that_tells_nothing(self, damage: dict[str, Any]) -> None:
        item = event("a", MONDAY, 30, BO, subject="Salary") | damage
        found = Translator(CALENDAR).page([item, event("b", MONDAY)], WINDOW)
        assert [one.id for one in found.events] == ["b"]
        (problem,) = found.problems
        assert problem.code == "bad_entry"
        assert "Salary" not in problem.text
        assert "@example.com" not in problem.text


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["", "a", "UTC", "2026-03-02", "2026-03-02T09:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["dateTime", "timeZone", "address", "emailAddress", "response"]), inner, max_size=2
        )
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(SELECT.split(",")), JSON, max_size=6), st.booleans())
def test_nothing_breaks_a_page(damage: dict[str, Any], increment: bool) -> None:
    """Whatever a property holds, the entry is an event, outside, gone, or a Problem, and the next one is read."""
    found: Found = Translator(CALENDAR).page(
        [event("a", MONDAY, 30, BO) | damage, event("b", MONDAY)], WINDOW, increment=increment
    )
    assert found.events[-1].id == "b"
    assert len(found.events) + len(found.problems) <= 2
