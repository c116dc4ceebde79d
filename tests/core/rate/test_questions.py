"""What is asked, where the verdict hangs on it: the most decisive first, and few."""

from __future__ import annotations

from dataclasses import replace

import pytest

from calsight.core.model.meetings import Doubt, DoubtCode, Meeting, Owner, Person, Scope
from calsight.core.model.options import PeopleOptions
from calsight.core.model.report import Question
from calsight.core.people.directory import Directory
from calsight.core.people.unlisted import Unlisted
from calsight.core.rate.questions import command, owner_question
from meeting_support import SOLO, account_of, at, group, meeting, one_to_one

BO = Person("bo@example.com", "Bo", "bo@example.com")
TEAM = [group(at(week)) for week in range(26)]


def with_third(who: str, weeks: range) -> list[Meeting]:
    """Meetings that would be one-to-ones with Bo if `who` takes no part."""
    doubt = Doubt(DoubtCode.COMPANION, "one_to_one", f"{who}@example.com", BO)
    return [replace(group(at(week, 1)), doubts=(doubt,)) for week in weeks]


def asked(*meetings: Meeting) -> list[Question]:
    return account_of([*TEAM, *meetings]).questions


def test_where_all_readings_agree_nothing_is_asked():
    assert asked() == []
    twice_a_week = [one_to_one(at(week, day), f"p{day}") for week in range(26) for day in (2, 3)]
    assert asked(*twice_a_week, *with_third("cem", range(3))) == []


def test_a_question_says_what_a_yes_and_a_no_lead_to():
    (question,) = asked(*with_third("cem", range(26)))
    assert (question.code, question.about, question.meetings) == ("companion", "cem@example.com", 26)
    assert (question.would, question.would_not) == ("ok", "at_risk")


def test_that_they_met_does_not_say_that_it_was_work():
    bo = Person("bo@gmail.com", "Bo", "bo@gmail.com")
    doubts = (
        Doubt(DoubtCode.UNANSWERED, "none", person=bo),
        Doubt(DoubtCode.PERSONAL, "one_to_one", bo.id, bo),
    )
    lunches = [one_to_one(at(week, 1), counterparts=(bo,), scope=Scope.PERSONAL, doubts=doubts) for week in range(26)]
    levels = {question.code: (question.would, question.would_not) for question in asked(*lunches)}
    assert levels["unanswered"] == ("watch", "at_risk")
    assert levels["personal"] == ("ok", "at_risk")


def test_what_they_lead_to_is_the_level_of_the_last_week():
    """A week before, eighteen weeks of one-to-ones and seven without were to be watched; now they are at risk."""
    once_a_week = [one_to_one(at(week, 2), f"p{week % 5}") for week in range(18)]
    (question,) = asked(*once_a_week, *with_third("cem", range(18, 26)))
    assert (question.would, question.would_not) == ("ok", "at_risk")


def test_what_turns_the_level_as_it_is_comes_before_what_does_not():
    """Of Cem's meetings and of Eli's, which are the latest, one each week is enough; Dia's are long ago."""
    thirds = (("cem", range(26)), ("dia", range(5)), ("eli", range(22, 26)))
    found = asked(*[each for who, weeks in thirds for each in with_third(who, weeks)])
    assert [(one.about[:3], one.meetings, one.would, one.would_not) for one in found] == [
        ("cem", 26, "ok", "watch"),
        ("eli", 4, "ok", "watch"),
        ("dia", 5, "watch", "watch"),
    ]


@pytest.mark.parametrize(("others", "first"), [(11, "eli"), (12, "p00")])
def test_of_twelve_it_is_tried_what_turns_the_level(others: int, first: str):
    """Eli's four meetings do, which are the latest; on each of the others' hang five, long ago."""
    long_ago = [each for number in range(others) for each in with_third(f"p{number:02}", range(5))]
    assert asked(*long_ago, *with_third("eli", range(22, 26)))[0].about == f"{first}@example.com"


def test_three_are_asked_and_first_on_whom_most_hangs():
    meetings = [
        each
        for weeks, who in (
            (range(0, 26, 3), "cem"),
            (range(1, 26, 3), "dia"),
            (range(2, 26, 3), "eli"),
            (range(0, 4, 3), "fay"),
        )
        for each in with_third(who, weeks)
    ]
    found = asked(*meetings)
    assert len(found) == 3
    assert "fay@example.com" not in [question.about for question in found]
    assert [question.meetings for question in found] == sorted((question.meetings for question in found), reverse=True)


def test_what_turns_the_level_is_asked_before_what_more_hangs_on():
    """All one-to-ones hang on 26 invitations without an answer; who else came to 52 meetings of three decides nothing."""
    doubt = Doubt(DoubtCode.UNANSWERED, "none", person=BO)
    open_ = [one_to_one(at(week, 1), answered=False, doubts=(doubt,)) for week in range(26)]
    others = [each for _ in range(2) for each in with_third("cem", range(26))]
    found = asked(*open_, *others)
    assert [question.code for question in found] == ["unanswered", "companion"]
    assert [(question.would, question.would_not) for question in found] == [("ok", "watch"), ("ok", "ok")]


def test_of_those_on_whom_as_much_hangs_the_first_by_name_are_asked_about():
    names = [f"p{number:02}" for number in range(13)]
    meetings = [each for n, who in enumerate(reversed(names)) for each in with_third(who, range(n, 26, 13))]
    assert [question.about for question in asked(*meetings)] == [f"{who}@example.com" for who in names[:3]]


def test_silent_weeks_are_asked_about_from_monday_to_friday():
    busy = [each for week in range(20) for each in (one_to_one(at(week, 1)), one_to_one(at(week, 2), "cy"))]
    quiet = [meeting(SOLO, at(week)) for week in range(20, 26)]
    (question,) = account_of([*busy, *quiet]).questions
    assert (question.code, question.about, question.meetings) == ("away", "2026-05-25/2026-07-03", 6)
    assert question.values["first"] == "2026-05-25"


@pytest.mark.parametrize(
    ("candidates", "about"), [((), []), ((("bo@example.com", 4), ("cy@example.com", 3)), ["bo@example.com"])]
)
def test_the_owner_may_be_whoever_is_likeliest(candidates: tuple[tuple[str, int], ...], about: list[str]):
    owner = Owner(("me@example.com", "mine@example.org"))
    found = owner_question(Unlisted(candidates, 4, 6), Directory(owner, PeopleOptions()))
    assert [question.about for question in found] == about
    for question in found:
        assert question.meetings == 4
        assert "me@example.com" in question.text


def test_what_is_typed_to_answer():
    assert (
        command("away", "2026-03-02/2026-03-06")
        == "calsight answer --code away --about 2026-03-02/2026-03-06 --value yes"
    )
    assert (
        command("one_person", "a b", "c", value="no")
        == "calsight answer --code one_person --about 'a b' --with c --value no"
    )
