"""Answers to the report's questions: each is kept for what it is, and leads to what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import calsight
from calsight import CalendarEvent, PartStat, Report
from calsight.core.judging.answers import CODES, OF_A_KIND, Answer, answer, days_of
from calsight.core.judging.corrections import Away, Correction, OnePerson, There, ThisPerson, same_subject
from calsight.core.model.events import Attendee, EventType, Organizer, ShowAs
from calsight.core.model.meetings import AWAY, OWNER, DoubtCode
from calsight.core.model.report import Question
from calsight.testing import attendee, event
from pipeline.test_doubts import AS_OF, COLLEAGUES, WORK, at, groups, pairs

Weeks = Iterable[int]


# --- calendars in which one thing is in doubt ---


def third(name: str) -> Any:
    return lambda weeks, day: pairs(name, weeks=weeks, day=day)


def two_thirds(weeks: Weeks, day: int) -> list[CalendarEvent]:
    """Two lines that always come together."""
    return pairs("archive", "office", weeks=weeks, day=day)


def hidden(weeks: Weeks, day: int) -> list[CalendarEvent]:
    return [replace(one, participants_hidden=True) for one in pairs(weeks=weeks, day=day)]


def marked_free(weeks: Weeks, day: int) -> list[CalendarEvent]:
    lines = (attendee("ana", partstat=PartStat.NEEDS_ACTION), attendee("bo"))
    boss = Organizer("bo@example.com")
    return [replace(one, organizer=boss, attendees=lines, show_as=ShowAs.FREE) for one in pairs(weeks=weeks, day=day)]


def never_answered(weeks: Weeks, day: int) -> list[CalendarEvent]:
    mine = attendee("ana", partstat=PartStat.NEEDS_ACTION)
    return [
        event("bo", attendees=(attendee("bo"), mine), at=at(w, day), calendar=WORK, uid=f"n{w}{day}") for w in weeks
    ]


def untitled(weeks: Weeks, day: int) -> list[CalendarEvent]:
    return [event("ana", title=f"Cy {w}", at=at(w, day), calendar=WORK, uid=f"t{w}{day}") for w in weeks]


def on_leave(weeks: Weeks, day: int) -> list[CalendarEvent]:
    """A week of leave now and then, in which somebody was met all the same."""
    chosen = [week for week in weeks if week % 5 == 0]
    leave = [
        event("ana", at=at(w, 0, 0), minutes=5 * 24 * 60, all_day=True, event_type=EventType.OUT_OF_OFFICE, uid=f"l{w}")
        for w in chosen
    ]
    return [*leave, *(event("ana", "bo", at=at(w, day, 11), calendar=WORK, uid=f"d{w}{day}") for w in chosen)]


def lines(*people: Attendee) -> Any:
    return lambda weeks, day: [
        event(
            "ana",
            attendees=(Attendee("ana@example.com", "Ana Lind"), *people, attendee(COLLEAGUES[w % 8])),
            at=at(w, day),
            calendar=WORK,
            uid=f"x{w}{day}{people[0].address}",
        )
        for w in weeks
    ]


def two_of_one_name(weeks: Weeks, day: int) -> list[CalendarEvent]:
    both = (Attendee("mia@example.com", "Mia Roth"), Attendee("mroth@example.org", "Mia Roth"))
    return [
        event("ana", attendees=(attendee("ana"), *both), at=at(w, day), calendar=WORK, uid=f"m{w}{day}") for w in weeks
    ]


def private(weeks: Weeks, day: int) -> list[CalendarEvent]:
    both = (attendee("ana"), attendee("kim@gmail.com"))
    return [event("ana", attendees=both, at=at(w, day, 12), calendar=WORK, uid=f"k{w}{day}") for w in weeks]


def like_a_place(weeks: Weeks, day: int) -> list[CalendarEvent]:
    room = Attendee("blue@example.com", "Blue Lagoon")
    return [
        event(
            "ana",
            attendees=(attendee("ana"), room, attendee(COLLEAGUES[w % 8])),
            at=at(w, day),
            location="Blue Lagoon",
            calendar=WORK,
            uid=f"b{w}{day}",
        )
        for w in weeks
    ]


def stand_up(weeks: Weeks, day: int) -> list[CalendarEvent]:
    """A series that goes on whoever is there."""
    return [
        event(
            "bo", "ana", "cy", "di", at=at(w, day, 9), calendar=WORK, uid=f"s{w}{day}", series="s",
            original_start=at(w, day, 9),
        )
        for w in weeks
    ]  # fmt: skip


DOUBTFUL = {
    "third": third("archive"),
    "another third": third("office"),
    "two thirds": two_thirds,
    "hidden": hidden,
    "marked free": marked_free,
    "never answered": never_answered,
    "untitled": untitled,
    "on leave": on_leave,
    "a double": lines(Attendee("lind@gmail.com", "Ana Lind")),
    "two of one name": two_of_one_name,
    "private": private,
    "like a place": like_a_place,
    "stand-up": stand_up,
}


@dataclass(frozen=True)
class Life:
    """Entries, and what the owner said of them so far."""

    events: tuple[CalendarEvent, ...]
    corrections: tuple[Correction, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def request(self) -> dict[str, Any]:
        return {
            "as_of": AS_OF,
            "settings": {"work": {"zone": "UTC"}, "answers": dict(self.answers)},
            "corrections": self.corrections,
        }

    @property
    def report(self) -> Report:
        return calsight.analyze(self.events, me="ana@example.com", **self.request)

    @property
    def doubtful(self) -> set[str]:
        """The held entries that could also be something else."""
        found = calsight.meetings(self.events, me="ana@example.com", **self.request)
        return {m.event.uid for m in found if m.doubts}

    def then(self, given: Answer) -> Life:
        kept = [c for c in self.corrections if not any(same_subject(c, new) for new in given.corrections)]
        answers = dict(self.answers) | dict(given.settings)
        return replace(self, corrections=(*kept, *given.corrections), answers=tuple(answers.items()))


def said(asked: Question, value: Literal["yes", "no", "me"]) -> Answer:
    return answer(asked.code, asked.about, value, other=asked.other)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Up to four things in doubt on days of their own, over some of the weeks, beside meetings of four."""
    names = draw(st.lists(st.sampled_from(sorted(DOUBTFUL)), min_size=1, max_size=4, unique=True))
    entries = groups(range(draw(st.sampled_from([26, 26, 20, 14]))), day=1)
    for day, name in zip((2, 3, 4, 0), names, strict=False):
        first, last = sorted((draw(st.integers(0, 26)), draw(st.integers(0, 26))))
        weeks = range(first, last, draw(st.sampled_from([1, 1, 2, 3])))
        entries += DOUBTFUL[name](weeks, day)
    if draw(st.booleans()):
        entries += pairs(weeks=range(0, draw(st.integers(0, 26)), 2), day=0)
    return Life(tuple(entries))


@settings(max_examples=30)
@given(lives(), st.data())
def test_an_answer_leads_to_the_level_that_was_promised_and_opens_nothing(life: Life, data: st.DataObject):
    """Whatever is answered, until nothing is asked any more.

    An entry may be in doubt for another reason then: the next of two tools on it, or a day of leave on which it now stands.
    """
    for _ in range(3):
        made = life.report
        if not made.questions:
            break
        asked = data.draw(st.sampled_from(made.questions))
        value = data.draw(st.sampled_from(["yes", "no"]))
        before, life = life.doubtful, life.then(said(asked, value))
        assert life.report.flag.level == (asked.would if value == "yes" else asked.would_not)
        assert life.doubtful <= before
        after = life.report
        assert after.exposure.silent_weeks <= made.exposure.silent_weeks
        assert (asked.code, asked.about) not in {(each.code, each.about) for each in after.questions}


@pytest.mark.parametrize(("meetings", "first", "step"), [(20, 21, 3), (20, 3, 1), (14, 9, 2)])
def test_that_nothing_came_of_an_invitation_does_not_say_that_one_was_away(meetings: int, first: int, step: int):
    life = Life((*groups(range(meetings), day=1), *never_answered(range(first, 26, step), 2)))
    after = life.then(answer("unanswered", "", "no"))
    assert after.report.exposure.silent_weeks == life.report.exposure.silent_weeks < 26 - meetings


class TestWhatAnAnswerComesTo:
    @pytest.mark.parametrize(
        ("code", "about", "value", "kept"),
        [
            ("companion", "archive@example.com", "yes", ThisPerson("archive@example.com", "assistant")),
            ("companion", "archive@example.com", "no", ThisPerson("archive@example.com", "colleague")),
            ("companion", "archive@example.com", "me", ThisPerson("archive@example.com", "me")),
            ("place", "blue@example.com", "yes", ThisPerson("blue@example.com", "assistant")),
            ("place", "blue@example.com", "no", ThisPerson("blue@example.com", "colleague")),
            ("same_name", "lind@gmail.com", "yes", ThisPerson("lind@gmail.com", "me")),
            ("same_name", "lind@gmail.com", "no", ThisPerson("lind@gmail.com", "colleague")),
            ("personal", "kim@gmail.com", "yes", ThisPerson("kim@gmail.com", "colleague")),
            ("personal", "kim@gmail.com", "no", ThisPerson("kim@gmail.com", "personal")),
            ("owner", "ana.l@example.com", "yes", ThisPerson("ana.l@example.com", "me")),
            ("away", "2026-03-02/2026-03-13", "yes", Away(date(2026, 3, 2), date(2026, 3, 13))),
            ("away", "2026-03-02/2026-03-13", "no", There(date(2026, 3, 2), date(2026, 3, 13))),
        ],
    )
    def test_who_somebody_is_and_when_one_was_away_are_corrections(self, code, about, value, kept):
        assert answer(code, about, value) == Answer(corrections=(kept,))

    def test_two_addresses_may_be_one_persons(self):
        given = answer("same_name", "mroth@example.org", "yes", other="mia@example.com")
        assert given.corrections == (OnePerson("mia@example.com", "mroth@example.org"),)
        assert answer("same_name", "mroth@example.org", "no", other="mia@example.com").corrections == (
            ThisPerson("mroth@example.org", "colleague"),
        )

    @pytest.mark.parametrize("code", OF_A_KIND)
    @pytest.mark.parametrize("value", ["yes", "no", "ask"])
    def test_what_all_entries_of_a_kind_were_is_a_setting(self, code, value):
        assert answer(code, "", value) == Answer(settings={code: value})

    @pytest.mark.parametrize(
        ("code", "about", "value", "said"),
        [
            ("unknown", "", "me", "is no answer to"),
            ("away", "2026-03-02", "me", "is no answer to"),
            ("companion", "", "yes", "--about"),
            ("companion", "bo@example.com", "ask", "calsight correct undo"),
            ("away", "last week", "yes", "are no days"),
            ("away", "2026-03-13/2026-03-02", "yes", "Swap them"),
        ],
    )
    def test_what_is_no_answer_is_refused(self, code, about, value, said):
        with pytest.raises(ValueError, match=said):
            answer(code, about, value)

    def test_a_day_stands_for_itself(self):
        assert days_of("2026-03-02") == (date(2026, 3, 2), date(2026, 3, 2))

    def test_every_doubt_can_be_answered(self):
        assert set(CODES) == {*DoubtCode, AWAY, OWNER}
        assert set(OF_A_KIND) == set(calsight.Settings().answers.__dataclass_fields__)


class TestTwoThatAlwaysComeTogether:
    LIFE = Life((*groups(), *two_thirds(range(26), 2), *two_thirds(range(26), 3)))

    def test_one_question_is_about_both(self):
        (asked,) = self.LIFE.report.questions
        assert (asked.about, asked.other) == ("archive@example.com", "office@example.com")
        assert asked.text.startswith("52 meetings list Archive and office@example.com beside one more")
        assert asked.command.endswith("--about archive@example.com --with office@example.com --value yes")

    @pytest.mark.parametrize(("value", "level"), [("yes", "ok"), ("me", "ok"), ("no", "at_risk")])
    def test_the_answer_is_said_of_both(self, value, level):
        (asked,) = self.LIFE.report.questions
        life = self.LIFE.then(said(asked, value))
        assert (life.report.flag.level, life.report.questions, life.doubtful) == (level, [], set())


class TestMe:
    def test_a_further_address_of_the_owner_is_nobody_else(self):
        life = Life((*groups(), *pairs("lind2"), *pairs("lind2", day=3)))
        (asked,) = life.report.questions
        mine = life.then(said(asked, "me")).report
        assert (mine.flag.level, mine.owner.addresses) == ("ok", ["ana@example.com", "lind2@example.com"])
        assert [each.text for each in mine.corrections] == ["You said: lind2@example.com is you too."]

    def test_someone_without_an_address_is_named_by_name(self):
        lines = (attendee("ana"), Attendee("", "Scribe Nine"))
        threes = [
            replace(one, attendees=(*lines, *one.attendees[1:]))
            for day in (2, 3)
            for one in pairs(weeks=range(26), day=day)
        ]
        life = Life((*groups(), *threes))
        (asked,) = life.report.questions
        assert (asked.about, life.report.flag.level) == ("name:scribe nine", "watch")
        assert {value: life.then(said(asked, value)).report.flag.level for value in ("yes", "no", "me")} == {
            "yes": "ok",
            "no": "at_risk",
            "me": "ok",
        }

    def test_the_owner_under_another_address_is_asked_about(self):
        """The calendar changed hands to another address of the same person half-way."""
        old = [*groups(range(6)), *pairs(weeks=range(6))]
        lind = [
            event(COLLEAGUES[w % 8], "lind", at=at(w, 3), calendar=replace(WORK, owner=()), uid=f"l{w}")
            for w in range(26)
        ]
        life = Life(tuple(replace(one, calendar=replace(WORK, owner=())) for one in old) + tuple(lind))
        made = life.report
        assert (made.flag.level, [(each.code, each.about) for each in made.questions]) == (
            "insufficient_data",
            [("owner", "lind@example.com")],
        )
        assert (
            life.then(said(made.questions[0], "yes")).report.flag.level
            == made.questions[0].would
            != "insufficient_data"
        )


class TestThere:
    def test_weeks_in_which_the_owner_says_they_were_there_are_worked(self):
        life = Life(
            (*groups(range(20)), *groups(range(20), day=2), *pairs(weeks=range(20), day=3), *stand_up(range(26), 0))
        )
        (asked,) = life.report.questions
        assert (asked.code, asked.about, life.report.exposure.silent_weeks) == ("away", "2026-05-18/2026-06-26", 6)
        there = life.then(said(asked, "no")).report
        assert (there.exposure.silent_weeks, there.exposure.weeks) == (0, pytest.approx(26))
        assert there.counts.excluded == 0  # what says so is no entry that was left out
        away = life.then(said(asked, "yes")).report
        assert (away.exposure.silent_weeks, away.exposure.absence_weeks) == (0, pytest.approx(6))
        assert life.then(said(asked, "yes")).then(said(asked, "no")).report.corrections == there.corrections
