"""Laws of the verdict: what never makes it worse, what makes no difference, and that a promise is kept."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.model.meetings import Kind, Person
from meeting_support import (
    assessment,
    at,
    away,
    exposure_of,
    one_to_one,
    weekly,
)

lives = st.lists(st.integers(0, 4), min_size=6, max_size=16)


class TestLaws:
    @settings(max_examples=40)
    @given(lives)
    def test_one_more_in_the_latest_week_never_worsens_the_level(self, per_week):
        order = ["ok", "watch", "at_risk"]
        a = assessment(weekly(per_week), weeks=len(per_week))
        more = [*weekly(per_week), one_to_one(at(len(per_week) - 1, 4, 15), "newcomer")]
        b = assessment(more, weeks=len(per_week))
        assert b.flag.probability_low <= a.flag.probability_low + 0.03  # it may make a burst a little likelier
        assert order.index(b.flag.level) <= order.index(a.flag.level)

    @settings(max_examples=40)
    @given(lives, st.integers(0, 6), st.integers(1, 24))
    def test_a_latest_fortnight_marked_as_leave_never_raises_the_risk(self, per_week, day, hour):
        weeks = len(per_week)
        as_of = at(weeks, day, hour)
        start = as_of - timedelta(days=14)
        meetings = [m for m in weekly([*per_week, 0]) if m.kind is not Kind.ONE_TO_ONE or m.end <= start]
        worked = assessment(meetings, as_of=as_of)
        rested = assessment([*meetings, away(start, as_of)], as_of=as_of)
        if rested.flag.probability_low is not None:
            assert rested.flag.probability_low <= worked.flag.probability_low

    @settings(max_examples=20)
    @given(lives.flatmap(lambda per_week: st.permutations(weekly(per_week))))
    def test_same_meetings_same_answer_to_the_last_digit(self, shuffled):
        ordered = sorted(shuffled, key=lambda m: (m.start, m.kind))
        assert assessment(shuffled, weeks=16) == assessment(ordered, weeks=16)

    def test_a_week_in_the_owners_zone(self):
        # Tokyo's Monday morning is UTC's Sunday night; people and counts must land in the same week.
        monday_in_tokyo = at(4, 0, 0) - timedelta(hours=1)
        meetings = [
            *weekly([0] * 6),
            *(one_to_one(monday_in_tokyo + timedelta(minutes=30 * n), f"p{n}") for n in range(2)),
        ]
        verdict = assessment(meetings, weeks=6, zone="Asia/Tokyo")
        assert {w.week: w.one_to_one for w in verdict.weeks}[date(2026, 2, 2)] == 2

    def test_someone_unnamed_counts_for_the_rate_and_for_nobody(self):
        unnamed = [one_to_one(at(w, 1), counterparts=()) for w in range(12)]
        verdict = assessment([*weekly([0] * 12), *unnamed], weeks=12)
        assert verdict.flag.level == "ok"
        assert verdict.breadth.people == 0

    def test_names_do_not_matter_for_the_count_of_people(self):
        twice = [
            one_to_one(at(w, 1), counterparts=(Person("ana@example.com", name),))
            for w, name in enumerate(["Ana", "A."])
        ]
        assert assessment(twice, weeks=2).breadth.people == 1

    def test_exposure_is_not_changed_by_the_verdict(self):
        meetings = weekly([1] * 8)
        assert exposure_of(meetings, weeks=8) == exposure_of(meetings, weeks=8)
