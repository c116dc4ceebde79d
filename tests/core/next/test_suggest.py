"""Whom to meet, and when."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.events import Window
from calsight.core.model.meetings import Kind, Meeting, Person, Scope, Size
from calsight.core.model.options import PeopleOptions, RelationshipOptions
from calsight.core.next.slots import busy_time, coming
from calsight.core.next.suggest import Candidate, strength_lost, suggest, whom
from calsight.core.rate.breadth import effective_number
from calsight.core.relationships.account import Account
from calsight.core.relationships.tie import Tie
from calsight.core.wording.reasons import reason
from calsight.testing import event
from meeting_support import account_of, at, frame_of, group, meeting, one_to_one

OPTIONS = RelationshipOptions()
AS_OF = at(26)


#: A calendar in use, so that no week is silent.
TEAM = [group(at(week), as_of=AS_OF) for week in range(26)]


def account(meetings: list[Meeting], **people) -> Account:
    return account_of([*TEAM, *meetings], as_of=AS_OF, people=PeopleOptions(**people))


def ties(meetings: list[Meeting]) -> list[Tie]:
    return account(meetings).ties


def held(who: str, *weeks: int, minutes: float = 30) -> list[Meeting]:
    return [one_to_one(at(week), who, minutes=minutes, as_of=AS_OF, organised_by_me=bool(week % 2)) for week in weeks]


def names(candidates: list[Candidate]) -> list[str]:
    return [candidate.person.address.partition("@")[0] for candidate in candidates]


def test_cooling_relationships_come_first_and_active_ones_not_at_all():
    meetings = [*held("weekly", *range(26)), *held("cooling", *range(0, 20, 2)), *held("once", 24)]
    candidates = whom(account(meetings))
    assert names(candidates) == ["cooling", "once"]
    assert [candidate.why.code for candidate in candidates] == ["suggest_cooling", "suggest_again"]


def test_a_loss_of_strength_that_is_nought_is_not_spoken_of():
    [slow] = [c.why for c in whom(account(held("slow", 0, 10))) if "cooling" in c.why.code]
    assert slow.values["lost"] < 0.005
    assert "of its strength" not in slow.text


def test_a_gain_that_reads_as_none_is_not_told():
    """ "1.2 people instead of 1.2"."""
    [seldom] = [c.why for c in whom(account([*held("often", *range(26)), *held("seldom", 20, 24)]))]
    assert (seldom.code, "instead of" in seldom.text) == ("suggest_again_alone", False)
    assert seldom.text.startswith("You met Seldom 2 times in these weeks. ")


def test_of_two_that_cool_the_one_that_loses_more_comes_first():
    meetings = [*held("slow", *range(0, 21, 3)), *held("fast", *range(23))]
    found = ties(meetings)
    lost = dict(zip([tie.person.name for tie in found], strength_lost(found, OPTIONS), strict=True))
    candidates = [c for c in whom(account(meetings)) if c.why.code == "suggest_cooling"]
    assert [candidate.why.values["lost"] for candidate in candidates] == sorted(lost.values(), reverse=True)[
        : len(candidates)
    ]
    assert candidates


def test_strength_lost_is_the_strength_now_less_that_in_a_week():
    meetings = [*held("bo", *range(2, 20, 2)), *held("cem", 25)]
    week_older = [
        replace(m, event=replace(m.event, start=m.start - timedelta(weeks=1), end=m.end - timedelta(weeks=1)))
        for m in meetings
    ]
    now = {tie.person.id: tie.strength for tie in ties(meetings)}
    later = {tie.person.id: tie.strength for tie in ties(week_older)}
    lost = dict(zip([tie.person.id for tie in ties(meetings)], strength_lost(ties(meetings), OPTIONS), strict=True))
    assert lost == pytest.approx({who: now[who] - later[who] for who in now})


def test_who_is_booked_personal_or_denied_is_not_suggested():
    booked = [*held("booked", *range(0, 20, 2)), one_to_one(at(27), "booked", as_of=AS_OF)]
    denied = held("denied", *range(0, 20, 2))
    meetings = [*booked, *denied]
    assert names(whom(account(meetings, roles={"denied@example.com": "denied"}))) == []
    assert names(whom(account([], roles={"old.boss@gmail.com": "mentor"}))) == []
    assert names(whom(account([], roles={"old.boss@example.com": "mentor"}))) == ["old.boss"]


def test_someone_named_but_never_met_is_named_first():
    meetings = held("cooling", *range(0, 20, 2))
    found = whom(account(meetings, roles={"boss@example.com": "manager"}))
    assert [candidate.why.code for candidate in found] == ["suggest_named", "suggest_cooling"]


def test_companions_of_small_meetings_widen_the_circle():
    together = [meeting(Kind.GROUP, at(week), "dana", "emil", as_of=AS_OF, size=Size.SMALL) for week in range(3)] + [
        meeting(Kind.GROUP, at(week), "many", "others", as_of=AS_OF, size=Size.LARGE) for week in range(9)
    ]
    meetings = [*held("bo", *range(26)), *held("emil", *range(26)), *together]
    [companion] = whom(account(meetings))
    assert companion.person.name == "Dana"
    assert companion.why.values["meetings"] == 3


def test_who_widens_the_circle_more_comes_first():
    together = [meeting(Kind.GROUP, at(week), "dana", "emil", as_of=AS_OF, size=Size.SMALL) for week in range(3)]
    meetings = [*held("bo", *range(26)), *held("emil", *range(26)), *held("seldom", 22, 23, 25), *together]
    found = [candidate for candidate in whom(account(meetings)) if candidate.why.code != "suggest_cooling"]
    assert names(found) == ["dana", "seldom"]  # one more person, rather than one who counts already
    said = found[1].why.values
    assert said["before"] == pytest.approx(effective_number([26, 26, 3]))
    assert said["after"] == pytest.approx(effective_number([26, 26, 4]))


def test_to_meet_the_only_one_again_widens_nothing():
    assert whom(account(held("once", 24))) == []


def test_it_takes_as_long_as_usual_with_that_person():
    meetings = [*held("short", *range(0, 20, 2), minutes=30), *held("long", *range(0, 20, 2), minutes=60)]
    minutes = {c.person.name: c.minutes for c in whom(account(meetings))}
    assert minutes == {"Short": 25, "Long": 50}


def test_the_others_zone_is_that_of_what_they_organise():
    theirs = [
        Meeting(
            event("bo", "me", at=at(week), zone="America/New_York"),
            Kind.ONE_TO_ONE,
            "two_people",
            held=True,
            counterparts=(Person("bo@example.com", "Bo", "bo@example.com"),),
            organised_by_me=False,
            scope=Scope.ORGANISATION,
        )
        for week in range(0, 20, 2)
    ]
    [bo] = whom(account(theirs))
    assert bo.zone == "America/New_York"


def candidate(name: str, minutes: int = 25, zone: str = "") -> Candidate:
    return Candidate(Person(f"{name}@example.com", name, f"{name}@example.com"), reason("slot_none"), minutes, zone)


def proposed(candidates, *, busy=(), others=None, zone="UTC", as_of=AS_OF):
    return suggest(
        candidates,
        busy=busy,
        others=others or {},
        window=coming(frame_of(as_of=as_of, zone=zone), days=14),
        frame=frame_of(as_of=as_of, zone=zone),
    )


def test_at_most_two_lie_on_one_day_and_the_first_gets_the_earliest():
    found = proposed([candidate(name) for name in "abcde"])
    assert Counter(suggestion.slot[0].date() for suggestion in found).most_common(1)[0][1] == 2
    assert found[0].slot == (at(26, 1, 9), at(26, 1, 9) + timedelta(minutes=25))


def test_the_others_calendar_is_respected_where_it_can_be_asked():
    asked = {"a@example.com": [Window(at(26, 1, 9), at(26, 1, 14))], "b@example.com": None}
    first, second = proposed([candidate("a"), candidate("b")], others=asked)
    assert (first.slot[0], first.checked) == (at(26, 1, 14), True)
    assert (second.slot[0], second.checked) == (at(26, 1, 9), False)


def test_leave_leaves_no_slot_and_says_so():
    leave = [(at(26), at(29))]
    [nobody] = proposed([candidate("a")], busy=leave)
    assert nobody.slot is None
    assert not nobody.checked


@given(
    taken=st.lists(st.tuples(st.integers(0, 24 * 16), st.integers(5, 60 * 9)), max_size=20),
    theirs=st.lists(st.tuples(st.integers(0, 24 * 16), st.integers(5, 60 * 9)), max_size=10),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    as_of=st.sampled_from(
        [datetime(2026, m, d, 11, tzinfo=UTC) for m, d in ((3, 6), (3, 27), (4, 3), (10, 2), (10, 23))]
    ),
    lengths=st.lists(st.sampled_from([25, 50]), min_size=1, max_size=8),
)
def test_no_proposal_overlaps_busy_time_or_another(taken, theirs, zone, as_of, lengths):
    entries = [event("me", "bo", at=as_of + timedelta(hours=h), minutes=m) for h, m in taken]
    meetings = [Meeting(each, Kind.ONE_TO_ONE, "two_people", held=False) for each in entries]
    other = [Window(as_of + timedelta(hours=h), as_of + timedelta(hours=h, minutes=m)) for h, m in theirs]
    candidates = [candidate(f"p{number}", minutes) for number, minutes in enumerate(lengths)]
    found = proposed(
        candidates,
        busy=busy_time(meetings),
        others={"p0@example.com": other},
        zone=zone,
        as_of=as_of,
    )
    slots = [suggestion.slot for suggestion in found if suggestion.slot]
    for start, end in slots:
        assert not any(entry.start < end and start < entry.end for entry in entries)
    if found[0].slot:
        start, end = found[0].slot
        assert found[0].checked
        assert not any(span.start < end and start < span.end for span in other)
    assert all(one[1] <= two[0] for one, two in pairwise(sorted(slots)))


@pytest.mark.parametrize(("minutes", "proposed"), [(34, 25), (35, 25), (35.5, 50), (36, 50)])
def test_more_than_thirty_five_minutes_as_usual_are_fifty(minutes: float, proposed: int):
    (candidate,) = whom(account(held("bo", *range(0, 20, 2), minutes=minutes)))
    assert candidate.minutes == proposed


@pytest.mark.parametrize(("times", "found"), [(2, []), (3, ["dana"])])
def test_three_small_meetings_make_a_companion(times: int, found: list[str]):
    together = [meeting(Kind.GROUP, at(week), "dana", as_of=AS_OF, size=Size.SMALL) for week in range(times)]
    assert names(whom(account([*held("bo", *range(26)), *together]))) == found


def led_by(address: str, week: int, zone: str) -> Meeting:
    """Bo leads a one-to-one from this address, in this zone."""
    (made,) = held("bo", week)
    return replace(made, event=event(address, "me", at=at(week), zone=zone), organised_by_me=False)


def test_a_zone_is_theirs_under_whichever_address_they_lead():
    led = [led_by("bo@old.example", week, "Asia/Tokyo") for week in range(0, 10, 2)]
    (bo,) = whom(account(led, aliases={"bo@example.com": ("bo@old.example",)}))
    assert bo.zone == "Asia/Tokyo"


def test_a_zone_that_does_not_exist_is_nobodys():
    (bo,) = whom(account([led_by("bo", week, "Mars/Olympus") for week in range(0, 10, 2)]))
    assert bo.zone == ""


@pytest.mark.parametrize(("common", "rare"), [("Europe/Berlin", "Asia/Tokyo"), ("Asia/Tokyo", "Europe/Berlin")])
def test_of_two_zones_the_commoner_one_is_theirs(common: str, rare: str):
    zones = [common, common, rare, rare, common]
    (bo,) = whom(account([led_by("bo", 2 * place, zone) for place, zone in enumerate(zones)]))
    assert bo.zone == common


def test_a_gap_that_lies_wholly_in_leave_takes_no_strength():
    (bo,) = ties(held("bo", 4, 10, 16))
    (lost,) = strength_lost([bo], OPTIONS)
    assert strength_lost([replace(bo, gaps=(0.0, *bo.gaps))], OPTIONS) == [lost]
    assert strength_lost([replace(bo, gaps=(0.5, *bo.gaps))], OPTIONS) != [lost]
