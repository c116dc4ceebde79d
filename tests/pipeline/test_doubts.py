"""What can be read in two ways: a verdict that holds in each, and the question that would settle it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import calsight
from calsight import CalendarEvent, Meeting, PartStat, Report
from calsight.core.model.events import Calendar, EventType, Organizer, ShowAs
from calsight.testing import attendee, event

AS_OF = date(2026, 6, 28)  # a Sunday
WORK = Calendar(id="work", name="work", zone="UTC", owner=("ana@example.com",), names_people=True)
MONDAY = datetime(2025, 12, 29, tzinfo=UTC)
COLLEAGUES = ["bo", "cy", "di", "eva", "finn", "gil", "hana", "ivo"]


def at(week: int, day: int = 0, hour: int = 10) -> datetime:
    """A moment of the window's 26 weeks."""
    return MONDAY + timedelta(weeks=week, days=day, hours=hour)


def groups(weeks: Iterable[int] = range(26), day: int = 1) -> list[CalendarEvent]:
    """A single meeting of four a week."""
    return [event("ana", "bo", "cy", "di", at=at(week, day, 15), calendar=WORK, uid=f"g{week}{day}") for week in weeks]


def pairs(*third: str, weeks: Iterable[int] = range(26), day: int = 2, **fields: Any) -> list[CalendarEvent]:
    """A meeting with one colleague in turn each week, with further lines on its list."""
    return [
        event("ana", COLLEAGUES[week % 8], *third, at=at(week, day), calendar=WORK, uid=f"p{week}{day}", **fields)
        for week in weeks
    ]


def report(*entries: Iterable[CalendarEvent], **settings: Any) -> Report:
    return calsight.analyze(*map(list, entries), as_of=AS_OF, settings={"work": {"zone": "UTC"}} | settings)


def meetings(*entries: Iterable[CalendarEvent], **settings: Any) -> list[Meeting]:
    return calsight.meetings(*map(list, entries), as_of=AS_OF, settings={"work": {"zone": "UTC"}} | settings)


def doubts(*entries: Iterable[CalendarEvent], **settings: Any) -> set[tuple[str, str]]:
    """The codes of all doubts, with what the meetings could be."""
    return {(doubt.code.value, doubt.could_be) for one in meetings(*entries, **settings) for doubt in one.doubts}


def asked(made: Report) -> list[tuple[str, str, int, str | None]]:
    return [(question.code, question.about, question.meetings, question.would) for question in made.questions]


class TestCompanion:
    def test_a_third_who_is_on_every_meeting_of_two_is_asked_about(self):
        made = report(groups(), pairs("archive"), pairs("archive", day=3))
        assert made.flag.level == "watch"
        assert "readings_differ" in {reason.code for reason in made.flag.reasons}
        assert asked(made) == [("companion", "archive@example.com", 52, "ok")]
        assert made.questions[0].would_not == "at_risk"

    def test_the_meetings_say_so(self):
        assert doubts(groups(), pairs("archive")) == {("companion", "one_to_one")}

    @pytest.mark.parametrize(("word", "level"), [("assistants", "ok"), ("colleagues", "at_risk")])
    def test_an_answer_settles_it(self, word, level):
        people = {word: ["archive@example.com"]}
        made = report(groups(), pairs("archive"), pairs("archive", day=3), people=people)
        assert (made.flag.level, made.questions) == (level, [])

    def test_meetings_of_three_without_one_are_what_they_are(self):
        threes = [
            event("ana", a, b, at=at(w), calendar=WORK) for w, (a, b) in enumerate([("bo", "cy"), ("di", "eva")] * 13)
        ]
        assert report(groups(), threes).flag.level == "at_risk"


class TestUnknown:
    def hidden(self, **fields: Any) -> list[CalendarEvent]:
        return [replace(one, participants_hidden=True, **fields) for one in pairs()]

    def test_meetings_that_hide_who_was_there_may_be_one_to_ones(self):
        made = report(groups(), self.hidden())
        assert (made.flag.level, asked(made)) == ("watch", [("unknown", "", 26, "ok")])
        assert made.exposure.unknown_weeks > 1
        assert made.exposure.weeks + made.exposure.unknown_weeks == pytest.approx(26)

    def test_long_ones_and_those_in_the_evening_are_taken_for_none(self):
        assert doubts(groups(), [replace(one, end=one.start + timedelta(hours=3)) for one in self.hidden()]) == set()
        late = timedelta(hours=9)
        evening = [replace(one, start=one.start + late, end=one.end + late) for one in self.hidden()]
        assert doubts(groups(), evening) == set()

    def test_the_owner_may_say_that_they_are_none(self):
        made = report(groups(), self.hidden(), answers={"unknown": "no"})
        assert made.flag.level == "at_risk"
        assert made.exposure.weeks == pytest.approx(26)

    def test_or_that_they_are(self):
        made = report(groups(), self.hidden(), answers={"unknown": "yes"})
        assert (made.flag.level, made.counts.one_to_one) == ("ok", 26)


class TestUnanswered:
    def test_what_is_marked_free_and_never_answered_could_be_held(self):
        mine = attendee("ana", partstat=PartStat.NEEDS_ACTION)
        invited = [
            replace(one, organizer=Organizer("bo@example.com"), attendees=(mine, attendee("bo")), show_as=ShowAs.FREE)
            for one in pairs()
        ]
        assert doubts(groups(), invited) == {("unanswered", "one_to_one")}
        assert report(groups(), invited).flag.level == "watch"
        assert report(groups(), invited, answers={"unanswered": "yes"}).counts.one_to_one == 26

    def test_a_one_to_one_that_the_owner_never_answered_could_be_none(self):
        open_line = attendee("ana", partstat=PartStat.NEEDS_ACTION)
        invited = [
            event("bo", attendees=(attendee("bo"), open_line), at=at(w), calendar=WORK, uid=f"u{w}") for w in range(26)
        ]
        made = report(groups(), invited)
        assert made.flag.level in ("ok", "watch")
        assert ("unanswered", "none") in doubts(groups(), invited)
        assert report(groups(), invited, answers={"unanswered": "no"}).counts.one_to_one == 0


class TestDuringAbsence:
    def test_a_single_meeting_for_two_inside_leave_could_be_held(self):
        leave = event(
            "ana", at=at(20), minutes=5 * 24 * 60, all_day=True, event_type=EventType.OUT_OF_OFFICE, uid="leave"
        )
        inside = event("ana", "bo", at=at(20, 2), calendar=WORK, uid="in")
        series = event("ana", "bo", at=at(20, 3), calendar=WORK, uid="se", series="se", original_start=at(20, 3))
        found = {one.event.uid: [d.code.value for d in one.doubts] for one in meetings([leave, inside, series])}
        assert (found["in"], found["se"]) == (["during_absence"], [])


class TestUntitled:
    def test_a_title_that_names_somebody_known_may_be_a_meeting_with_them(self):
        named = [event("ana", title=f"Cy {w}", at=at(w), calendar=WORK, uid=f"t{w}") for w in range(26)]
        assert doubts(groups(), named) == {("untitled", "one_to_one")}

    @pytest.mark.parametrize(
        "title", ["Gym", "Focus", "Lunch", "Report for Cy", "Cy's birthday", "Cy on vacation", "Dentist"]
    )
    def test_others_are_the_owners_own(self, title):
        assert doubts(groups(), [event("ana", title=title, at=at(3), calendar=WORK, uid="own")]) == set()


class TestPersonal:
    def client(self, name: str, weeks: Iterable[int], hour: int = 10) -> list[CalendarEvent]:
        lines = (attendee("ana"), attendee(f"{name}@gmail.com"))
        return [event("ana", attendees=lines, at=at(w, 3, hour), calendar=WORK, uid=f"{name}{w}") for w in weeks]

    def test_many_people_at_public_providers_are_work(self):
        clients = [one for place, name in enumerate(COLLEAGUES) for one in self.client(name, range(place, 26, 8))]
        made = report(groups(), clients)
        assert (made.flag.level, made.counts.one_to_one, made.rate.mean > 0.7) == ("ok", 26, True)

    def test_one_met_again_and_again_beside_colleagues_is_private_and_asked_about(self):
        made = report(groups(), self.client("kim", range(26)))
        assert (made.flag.level, asked(made)) == ("watch", [("personal", "kim@gmail.com", 26, "watch")])

    def test_outside_working_hours_nobody_is_asked(self):
        assert doubts(groups(), self.client("kim", range(26), hour=19)) == set()

    @pytest.mark.parametrize(
        ("people", "level"),
        [({"roles": {"kim@gmail.com": "personal"}}, "at_risk"), ({"colleagues": ["kim@gmail.com"]}, "ok")],
    )
    def test_an_answer_settles_it(self, people, level):
        made = report(groups(), self.client("kim", range(26)), people=people)
        assert (made.flag.level in (level, "watch"), made.questions) == (True, [])
        assert (made.flag.level == "at_risk") == (level == "at_risk")


class TestAway:
    def test_weeks_in_which_only_series_run_on_are_asked_about(self):
        stand_up = [
            event(
                "bo",
                "ana",
                "cy",
                "di",
                at=at(w, 0, 9),
                calendar=WORK,
                uid=f"s{w}",
                series="s",
                original_start=at(w, 0, 9),
            )
            for w in range(26)
        ]
        before = [*groups(range(20)), *groups(range(20), day=2), *pairs(weeks=range(20), day=3)]
        made = report(before, stand_up)
        assert made.exposure.silent_weeks == 6
        assert made.flag.level in ("ok", "watch")
        assert [(code, about) for code, about, _, _ in asked(made)] == [("away", "2026-05-18/2026-06-26")]
        assert made.questions[0].would == "ok"


class TestPlace:
    def test_a_third_who_is_called_like_the_place_is_read_as_a_room(self):
        room = attendee("churchill", name="Churchill")
        met = [replace(one, location="Churchill, 2nd floor", attendees=(*one.attendees, room)) for one in pairs()]
        made = report(groups(), met)
        assert (made.counts.one_to_one, doubts(groups(), met)) == (26, {("place", "none")})

    def test_somebody_who_takes_part_elsewhere_too_is_a_person(self):
        karl = attendee("karl", name="Bo Karl")
        met = [replace(one, location="Bo Karl's office", attendees=(*one.attendees, karl)) for one in pairs()]
        other = event("ana", attendees=(attendee("ana"), karl), at=at(3, 4), calendar=WORK, uid="else")
        assert report(groups(), met, [other]).counts.one_to_one == 1


class TestSameName:
    def test_the_owners_name_on_another_address_is_asked_about(self):
        mine = attendee("ana", name="Ana Example", is_me=True)
        double = attendee("ana.private", name="Ana Example")
        met = [
            event("ana", attendees=(mine, double, attendee(COLLEAGUES[w % 8])), at=at(w, 2), calendar=WORK, uid=f"d{w}")
            for w in range(26)
        ]
        made = report(groups(), met)
        assert (made.flag.level, made.counts.one_to_one) == ("ok", 26)
        assert doubts(groups(), met) == {("same_name", "none")}
        assert "rests_on_doubts" in {reason.code for reason in made.flag.reasons}
        assert [(question.code, question.would, question.would_not) for question in made.questions] == [
            ("same_name", "ok", "at_risk")
        ]


class TestUnread:
    """Entries that could not be read may each have been a one-to-one."""

    def written(self, folder: Path, *damaged: str) -> Path:
        """26 groups of Ana's, and damaged entries that begin on these days."""
        stamp = "DTSTAMP:20260628T000000Z"
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//"]
        for week in range(26):
            start = f"{at(week, 1):%Y%m%dT%H%M%SZ}"
            lines += ["BEGIN:VEVENT", f"UID:g{week}", stamp, f"DTSTART:{start}", "DURATION:PT30M", "SUMMARY:Group"]
            lines += ["ORGANIZER:mailto:ana@example.com"]
            lines += [f"ATTENDEE:mailto:{name}@example.com" for name in ("ana", "bo", "cy")] + ["END:VEVENT"]
        for number, day in enumerate(damaged):
            lines += ["BEGIN:VEVENT", f"UID:d{number}", stamp, f"DTSTART:{day}T99XX", "SUMMARY:Talk", "END:VEVENT"]
        path = folder / "work.ics"
        path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]), "utf-8")
        return path

    def level(self, path: Path) -> tuple[str, set[str]]:
        made = calsight.analyze(
            path, me="ana@example.com", as_of=AS_OF, settings={"work": {"zone": "UTC"}}, cache=False
        )
        return made.flag.level, {reason.code for reason in made.flag.reasons}

    def test_in_the_window_they_keep_the_flag_down(self, tmp_path):
        level, codes = self.level(self.written(tmp_path, *(f"{at(week, 2):%Y%m%d}" for week in range(26))))
        assert (level, "unread_entries" in codes) == ("watch", True)

    def test_before_it_they_say_nothing(self, tmp_path):
        level, codes = self.level(self.written(tmp_path, *[f"2024{month:02}05" for month in range(1, 13)] * 3))
        assert (level, "unread_entries" in codes) == ("at_risk", False)

    def test_where_not_even_the_day_is_known_they_may_be_anywhere(self, tmp_path):
        assert self.level(self.written(tmp_path, *["someday"] * 26))[0] == "watch"
