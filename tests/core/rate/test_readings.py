"""In how many ways a calendar can be read, and what an answer makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from calsight.core.model.meetings import AWAY, Doubt, DoubtCode, Meeting, Person
from calsight.core.model.options import RateOptions
from calsight.core.rate.levels import names
from calsight.core.rate.rated import Rated
from calsight.core.rate.readings import Answers, Doubtful, levels_of, spread_unread
from meeting_support import (
    MONDAY,
    SOLO,
    UNKNOWN,
    at,
    exposure_of,
    frame_of,
    group,
    meeting,
    one_to_one,
    weekly,
)

BO = Person("bo@example.com", "Bo", "bo@example.com")
COMPANION = Doubt(DoubtCode.COMPANION, "one_to_one", "cem@example.com", BO)
UNANSWERED = Doubt(DoubtCode.UNANSWERED, "none", person=BO)


def doubtful(*meetings: Meeting, unread: tuple[date | None, ...] = (), **fields: object) -> Doubtful:
    frame = replace(frame_of(**fields), unread=unread)
    return Doubtful.of(exposure_of(meetings, **fields), frame)


def test_where_nothing_is_open_there_is_one_way():
    assert doubtful(*weekly([1, 2]), weeks=2).as_is.one_way
    assert not doubtful(*weekly([1, 2]), replace(group(at(1, 3)), doubts=(COMPANION,)), weeks=2).as_is.one_way


def test_what_ends_now_is_read_in_both_ways():
    open_ = replace(one_to_one(at(1, 3), answered=False), doubts=(UNANSWERED,))
    for as_of, one_way in ((at(1, 3, 10.5), False), (at(1, 3, 10.25), True)):
        assert doubtful(*weekly([1]), open_, as_of=as_of).as_is.one_way is one_way


def test_a_doubt_leans_to_one_side_in_the_generous_reading_and_to_the_other_in_the_strict():
    """In the week of each there is a one-to-one without a doubt too, the second of which ends now."""
    as_of = at(1, 3, 10.5)
    could_be, could_be_none = (
        replace(group(at(0, 1)), doubts=(COMPANION,)),
        replace(one_to_one(at(1, 1), answered=False), doubts=(UNANSWERED,)),
    )
    read = doubtful(could_be, could_be_none, one_to_one(at(0, 3), "cy"), one_to_one(at(1, 3), "cy"), as_of=as_of).as_is
    assert (read.best.counts, read.generous.counts, read.strict.counts) == ((1, 2), (2, 2), (1, 1))


def test_an_answer_about_who_was_there_is_about_all_of_which_nobody_knows():
    """A week in which of one of two meetings nobody knows who was there is half a week, until the owner says."""
    half = doubtful(group(at(0)), meeting(UNKNOWN, at(0, 1)), weeks=1)
    key = (DoubtCode.UNKNOWN.value, "")
    said = [Answers(), Answers(yes=frozenset([key])), Answers(no=frozenset([key])), Answers(no=frozenset([(AWAY, "")]))]
    assert [half.read(answers).best.exposure for answers in said] == [(0.5,), (1.0,), (1.0,), (0.5,)]


def test_an_answer_about_silent_weeks_is_about_those():
    silent = doubtful(*weekly([2] * 20), *(meeting(SOLO, at(week)) for week in range(20, 26)))
    away = (AWAY, (MONDAY + timedelta(weeks=20)).date().isoformat())
    open_, yes, no = silent.as_is, silent.read(Answers(yes={away})), silent.read(Answers(no={away}))
    assert (sum(open_.best.exposure), sum(open_.worked.exposure)) == (20, 26)
    assert (sum(yes.best.exposure), yes.worked) == (20, None)
    assert (sum(no.best.exposure), no.worked) == (26, None)


def test_whoever_does_not_say_from_when_on_asks_for_every_week():
    """Of somebody to whom one a week is little, from the first week on."""
    options = RateOptions(low=20.0, healthy=20.0, min_weeks=0.5, full_weeks=0.5, run_weeks=0.5)
    read = doubtful(*weekly([1, 1, 1]), weeks=3).as_is
    assert names(levels_of([read], options)) == [["at_risk"] * 3]


def test_what_could_not_be_read_may_have_been_a_one_to_one_of_its_week():
    second = (MONDAY + timedelta(weeks=1, days=2)).date()
    read = doubtful(*weekly([1, 1, 1]), unread=(second,), weeks=3).as_is
    assert (read.best.counts, read.generous.counts) == ((1, 1, 1), (1, 2, 1))


def test_what_has_no_day_is_spread_over_the_weeks_beside_what_has_one():
    weeks = [(MONDAY + timedelta(weeks=week)).date() for week in range(4)]
    assert spread_unread([weeks[0], None, weeks[0], None], weeks) == {weeks[0]: 3, weeks[2]: 1}


def test_what_is_left_of_a_week_is_known_as_far_as_the_week_is():
    """On Wednesday: of two fifths of a week half is known; of the three fifths to come, with one booked, half will be."""
    wednesday = at(4, 2, 0)
    meetings = [group(at(week)) for week in range(5)]
    booked = one_to_one(at(4, 3), held=False)
    frame = frame_of(as_of=wednesday)
    for unknown, exposure in ((0, (0.4, 1.0)), (1, (0.2, 0.5)), (3, (0.1, 0.25))):
        hidden = [meeting(UNKNOWN, at(4, 1, 9 + hour)) for hour in range(unknown)]
        rated = Rated.of(exposure_of([*meetings, *hidden, booked], as_of=wednesday), frame)
        found = [row.best.exposure[-1] for row in (rated.readings, rated.completed)]
        assert [round(each, 9) for each in found] == [*exposure]
        assert rated.completed.best.counts[-1] == 1.0
