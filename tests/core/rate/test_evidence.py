"""What the verdict says where the calendar says little: too few weeks, no lists, weeks without anything, an early end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.model.meetings import Kind, Person
from meeting_support import (
    MONDAY,
    SOLO,
    UNKNOWN,
    assessment,
    at,
    away,
    codes,
    group,
    meeting,
    one_to_one,
    text,
    weekly,
)


class TestInsufficient:
    def test_nobody_in_the_calendar(self):
        verdict = assessment([meeting(SOLO, at(w)) for w in range(8)], weeks=8)
        assert verdict.flag.level == "insufficient_data"
        assert codes(verdict) == ["insufficient_no_entries", "caveat"]
        assert verdict.flag.probability_low is None
        assert verdict.flag.since is None
        assert verdict.rate.mean is None

    def test_a_calendar_that_ended_before_the_window(self):
        for last_sign in (at(-2), at(0, 0, 0)):
            verdict = assessment([], weeks=8, last_sign=last_sign)
            assert codes(verdict)[0] == "insufficient_ends_before"
        assert codes(assessment([], weeks=8, last_sign=at(0, 0, 1)))[0] == "insufficient_no_entries"

    def test_an_empty_calendar(self):
        assert assessment([], weeks=8).flag.level == "insufficient_data"
        assert assessment([], weeks=0).weeks == []

    def test_a_calendar_that_ended_before_the_days_of_the_report_ended_on_a_day_of_the_owners(self):
        verdict = assessment(weekly([1] * 8), weeks=8, last_sign=at(-3, 6, 20), zone="Pacific/Auckland")
        assert "--as-of 2025-12-22" in text(verdict, "insufficient_ends_before")

    @pytest.mark.parametrize(("weeks", "level"), [(3, "insufficient_data"), (4, "watch"), (5, "watch"), (6, "at_risk")])
    def test_how_many_weeks_it_takes(self, weeks, level):
        verdict = assessment(weekly([0] * weeks), weeks=weeks)
        assert verdict.flag.level == level
        assert ("early" in codes(verdict)) == (weeks in (4, 5))

    def test_weeks_of_fifths_add_up(self):
        # 30 weeks with a holiday every Monday but six: 0.8 · 30 is 24 for people, and must be for floats.
        from calsight.core.model.options import WorkOptions

        mondays = tuple((MONDAY + timedelta(weeks=w)).date() for w in range(5))
        verdict = assessment(weekly([0] * 5), weeks=5, work=WorkOptions(days_off=mondays))
        assert sum(week.exposure for week in verdict.weeks) == pytest.approx(4.0)
        assert verdict.flag.level == "watch"

    def test_a_calendar_that_is_not_used_for_meetings(self):
        meetings = [group(at(w)) if w % 3 == 0 else meeting(SOLO, at(w)) for w in range(15)]
        verdict = assessment(meetings, weeks=15)
        assert verdict.flag.level == "insufficient_data"
        assert codes(verdict)[0] == "insufficient_calendar_not_used_for_meetings"
        assert "33 %" in verdict.flag.reasons[0].text
        half = [group(at(w)) if w % 2 == 0 else meeting(SOLO, at(w)) for w in range(14)]
        assert assessment(half, weeks=14).flag.level == "at_risk"

    def test_no_attendee_lists(self):
        meetings = [meeting(UNKNOWN, at(w, d)) for w in range(26) for d in range(3)]
        verdict = assessment(meetings)
        assert verdict.flag.level == "insufficient_data"
        assert codes(verdict)[0] == "insufficient_participants_unknown"
        assert "export" in verdict.flag.reasons[0].text
        assert "connector" in verdict.flag.reasons[0].text
        assert "--weeks" not in verdict.flag.reasons[0].text  # more of the same would not help
        assert verdict.flag.reasons[0].values["meetings"] == 78
        named = assessment([*meetings, one_to_one(at(3, 4), inferred=True)]).flag.reasons[0]
        assert named.values["meetings"] == 79

    @settings(max_examples=40)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 25),
                st.integers(0, 4),
                st.sampled_from(["unknown", "title", "declined", "solo", "absence"]),
            ),
            max_size=60,
        )
    )
    def test_no_attendee_lists_is_never_at_risk_whatever_the_titles_settle(self, entries):
        made = {
            "unknown": lambda w, d: meeting(UNKNOWN, at(w, d)),
            "title": lambda w, d: one_to_one(at(w, d), inferred=True),
            "declined": lambda w, d: meeting(Kind.EXCLUDED, at(w, d), reason="declined"),
            "solo": lambda w, d: meeting(SOLO, at(w, d)),
            "absence": lambda w, d: away(at(w, d), at(w, d + 1)),
        }
        assert assessment([made[kind](w, d) for w, d, kind in entries]).flag.level == "insufficient_data"

    def test_a_list_that_was_read_is_not_called_missing(self):
        """With `strict`, say: everyone is named, and nobody accepted."""
        bo = (Person("bo@example.com", "Bo", "bo@example.com"),)
        meetings = [meeting(Kind.EXCLUDED, at(w), "bo", reason="not_accepted", counterparts=bo) for w in range(26)]
        verdict = assessment(meetings)
        assert verdict.flag.level == "insufficient_data"
        assert codes(verdict)[0] == "insufficient_calendar_not_used_for_meetings"

    def test_mostly_unknown_is_little_evidence(self):
        meetings = [
            m for w in range(26) for m in (group(at(w)), *(meeting(UNKNOWN, at(w, 1, 9 + n)) for n in range(9)))
        ]
        verdict = assessment(meetings)
        assert verdict.flag.level == "insufficient_data"  # a tenth of 26 weeks
        assert text(verdict, "unknown_share").startswith("234 meetings do not say who was there, of 260 in all")


class TestEvidence:
    def test_an_export_that_ends_eight_weeks_ago_is_not_punished(self):
        full = assessment(weekly([2] * 18), weeks=18)
        stale = assessment(weekly([2] * 18), weeks=26, last_sign=at(18, 0, 0))
        assert stale.flag.level == full.flag.level == "ok"
        assert stale.flag.probability_low == full.flag.probability_low
        assert stale.rate.mean == full.rate.mean
        assert "11 May 2026; the 8 weeks since then are not counted" in text(stale, "source_ends_early")

    @settings(max_examples=25)
    @given(st.lists(st.integers(0, 4), min_size=6, max_size=18))
    def test_an_export_that_ends_early_says_what_it_said_then(self, per_week):
        then = assessment(weekly(per_week), weeks=len(per_week))
        now = assessment(weekly(per_week), weeks=len(per_week) + 8, last_sign=at(len(per_week), 0, 0))
        assert now.flag.level == then.flag.level
        assert now.flag.probability_low == then.flag.probability_low
        assert now.flag.since == then.flag.since

    def test_silent_weeks_are_asked_about(self):
        meetings = [
            m for m in weekly([1] * 12) if m.start < at(5) - timedelta(days=1) or m.start > at(7) - timedelta(days=1)
        ]
        verdict = assessment(meetings, weeks=12)
        assert text(verdict, "silent_weeks") == (
            "Nothing shows that you were there in the weeks of 9 February 2026 and 16 February 2026: they are not counted."
        )
        (silent,) = [reason for reason in verdict.flag.reasons if reason.code == "silent_weeks"]
        assert (silent.values["weeks"], silent.values["first"], silent.values["last"]) == (
            2,
            "2026-02-09",
            "2026-02-16",
        )

    def test_what_was_left_out(self):
        left = [
            meeting(Kind.EXCLUDED, at(2, 1), reason="company_rule"),
            meeting(Kind.EXCLUDED, at(2), reason="cancelled"),
            *(meeting(Kind.EXCLUDED, at(1, d), reason="declined") for d in range(3)),
            meeting(Kind.EXCLUDED, at(40), reason="cancelled"),  # to come: not part of the window
        ]
        verdict = assessment([*weekly([1] * 8), *left], weeks=8)
        assert text(verdict, "left_out") == "Left out: 3 declined, 1 cancelled, 1 company rule."

    def test_inferred_ones_are_owned_up_to(self):
        verdict = assessment([*weekly([1] * 8), one_to_one(at(3, 4), inferred=True)], weeks=8)
        assert text(verdict, "inferred") == "1 of 9 one-to-ones was inferred from titles."

    def test_the_caveat_comes_last_whatever_is_said(self):
        for verdict in (assessment(weekly([1] * 8), weeks=8), assessment([], weeks=8)):
            assert codes(verdict)[-1] == "caveat"

    def test_the_rate_in_words(self):
        verdict = assessment(weekly([1] * 26))
        assert text(verdict, "rate_summary") == (
            "26 one-to-ones in 26.0 available weeks, lately about 1.0 a week; under 1 % likely below one a fortnight."
        )
