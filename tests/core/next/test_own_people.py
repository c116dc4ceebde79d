"""One's own people: who is due, who is booked, and that none of it reaches the verdict."""

from __future__ import annotations

from calsight.core.judging.corrections import KeepUp
from calsight.core.model.meetings import Meeting
from calsight.core.next.own_people import own_people, reminders
from calsight.core.next.suggest import whom
from meeting_support import account_of, at, group, one_to_one

AS_OF = at(26)
TEAM = [group(at(week), as_of=AS_OF) for week in range(26)]


def account(*meetings: Meeting):
    return account_of([*TEAM, *meetings], as_of=AS_OF)


def held(who: str, *weeks: int) -> list[Meeting]:
    return [one_to_one(at(week), who, as_of=AS_OF) for week in weeks]


def said(who: str, weeks: int) -> KeepUp:
    return KeepUp(f"{who}@example.com", weeks)


def test_who_is_due_comes_first_and_the_longest_overdue_before_the_rest():
    known = account(*held("fresh", 25), *held("late", 10), *held("later", 4))
    own = own_people([said("fresh", 4), said("late", 4), said("later", 4), said("never", 4)], known)
    assert [each.person.id.partition("@")[0] for each in own] == ["never", "later", "late", "fresh"]
    assert [each.is_due for each in own] == [True, True, True, False]
    assert reminders(own) == [each.reason for each in own[:3]]


def test_the_interval_ends_on_a_day_and_is_due_on_it():
    (own,) = own_people([said("bo", 3)], account(*held("bo", 23)))
    assert (own.days, own.due, own.is_due, own.reason.code) == (21, at(26).date(), True, "keep_due")
    (not_yet,) = own_people([said("bo", 4)], account(*held("bo", 23)))
    assert (not_yet.days, not_yet.is_due, not_yet.reason.code) == (21, False, "keep_fine")


def test_the_last_time_is_what_counts():
    (own,) = own_people([said("bo", 4)], account(*held("bo", 3, 10, 23)))
    assert (own.last, own.days, own.due) == (at(23), 21, at(27).date())


def test_who_is_booked_is_not_due():
    (own,) = own_people([said("bo", 1)], account(*held("bo", 1), one_to_one(at(27), "bo", as_of=AS_OF)))
    assert (own.is_due, own.next, own.reason.code) == (False, at(27), "keep_booked")


def test_the_next_one_is_booked_for_a_day_of_the_owners():
    sunday_evening = one_to_one(at(26, 6, 20), "bo", as_of=AS_OF)
    known = account_of([*TEAM, *held("bo", 1), sunday_evening], as_of=AS_OF, zone="Pacific/Auckland")
    (own,) = own_people([said("bo", 1)], known)
    assert own.reason.text == "Bo: the next one is booked for 13 July 2026."


def test_somebody_whom_the_calendar_never_shows_is_due_and_is_called_as_they_were_named():
    (own,) = own_people([KeepUp("name:Eva Lindner", 2)], account())
    assert (own.is_due, own.due, own.last) == (True, None, None)
    assert own.reason.text == "eva lindner: no one-to-one in these weeks, and you want to meet every 2 weeks."


def test_one_week_is_every_week():
    (own,) = own_people([said("bo", 1)], account(*held("bo", 20)))
    assert own.reason.text == "Bo: 42 days ago, and you want to meet every week."


def test_suggestions_begin_with_those_who_are_due_and_name_nobody_twice():
    known = account(*held("cooling", *range(0, 16, 2)), *held("kept", 2, 3), *held("fresh", 25))
    found = whom(known, own_people([said("kept", 4), said("fresh", 8)], known))
    ids = [candidate.person.id for candidate in found]
    assert ids[0] == "kept@example.com"
    assert found[0].why.code == "suggest_kept"
    assert len(ids) == len(set(ids))
