"""The verdict: levels, since when, what would change it, and when nothing is said."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.model.events import Window
from calsight.core.model.meetings import Kind, Meeting, Person, Scope
from calsight.core.model.options import RateOptions
from calsight.core.people.directory import Directory
from calsight.core.rate.breadth import effective_number, is_narrow
from calsight.core.rate.verdict import Assessment
from calsight.core.relationships.account import Account
from meeting_support import (
    MONDAY,
    SOLO,
    UNKNOWN,
    assessment,
    at,
    away,
    exposure_of,
    frame_of,
    group,
    meeting,
    one_to_one,
    weekly,
)

OPTIONS = RateOptions()


def codes(verdict: Assessment) -> list[str]:
    return [reason.code for reason in verdict.flag.reasons]


def text(verdict: Assessment, code: str) -> str:
    (found,) = [reason.text for reason in verdict.flag.reasons if reason.code == code]
    return found


class TestLevels:
    @pytest.mark.parametrize(
        ("per_week", "level"),
        [
            ([1] * 26, "ok"),
            ([2] * 26, "ok"),
            ([1, 0] * 13, "watch"),
            ([0, 1] * 13, "watch"),
            ([1, 0, 0, 0] * 6 + [1, 0], "at_risk"),
            ([0] * 26, "at_risk"),
            ([1] * 24 + [0] * 2, "ok"),
            ([1] * 22 + [0] * 4, "watch"),  # not for P(low), 0.41, but over 80 % likely below `healthy`
            ([1] * 20 + [0] * 6, "watch"),
            ([1] * 18 + [0] * 8, "at_risk"),
            ([2] * 23 + [0] * 3, "watch"),
            ([2] * 22 + [0] * 4, "at_risk"),
            ([2] * 21 + [0] * 5, "at_risk"),
        ],
    )
    def test_the_reference_lives(self, per_week, level):
        assert assessment(weekly(per_week)).flag.level == level

    def test_two_a_week_then_three_weeks_of_leave(self):
        verdict = assessment([*weekly([2] * 23), away(at(23, 0, 0), at(26, 0, 0))])
        assert verdict.flag.level == "ok"
        assert verdict.flag.probability_low < 0.005
        assert [week.exposure for week in verdict.weeks][-3:] == [0.0, 0.0, 0.0]

    def test_fallen_is_watched_while_the_rate_is_still_fair(self):
        verdict = assessment(weekly([5] * 18 + [1] * 8))
        assert verdict.flag.level == "watch"
        assert verdict.flag.probability_low < 0.1
        assert "fallen" in codes(verdict)
        assert verdict.rate.changed.week == date(2026, 5, 11)
        assert verdict.rate.changed.before == pytest.approx(5, abs=0.5)
        assert verdict.rate.changed.after == pytest.approx(1, abs=0.2)

    def test_a_rise_is_told_and_is_no_reason_to_watch(self):
        verdict = assessment(weekly([0] * 6 + [3] * 14), weeks=20)
        assert verdict.flag.level == "ok"
        assert "changed" in codes(verdict)
        assert "fallen" not in codes(verdict)

    def test_narrow(self):
        verdict = assessment(weekly([1] * 26, people=1))
        assert verdict.flag.level == "watch"
        assert verdict.breadth.effective_people == 1.0
        assert "shared out as if among 1.0" in text(verdict, "narrow")
        assert verdict.flag.what_would_change.code == "would_change_people"
        assert assessment(weekly([1] * 26, people=3)).flag.level == "ok"

    def test_few_meetings_with_one_person_are_not_called_narrow(self):
        quiet: list[list[str]] = [[]] * 4
        assert not is_narrow([["bo"]] * 5 + quiet, OPTIONS)
        assert is_narrow([["bo"]] * 6 + quiet, OPTIONS)
        assert not is_narrow([["bo", "cem"]] * 3 + quiet, OPTIONS)

    def test_nobody_is_called_narrow_for_whom_they_met_in_the_newest_four_weeks(self):
        assert not is_narrow([["bo"]] * 5 + [["bo"]] * 4, OPTIONS)
        assert not is_narrow([["bo"]] * 6 + [["bo"], ["bo"], ["cem"] * 6, ["bo"] * 30], OPTIONS)
        assert is_narrow([["bo"]] * 6 + [["bo"], ["bo"], ["bo"], ["cem"]], OPTIONS)

    def test_two_weeks_at_a_fair_after_many_are_no_fall(self):
        verdict = assessment(weekly([5] * 23 + [0] * 3))
        assert verdict.flag.level == "watch"
        assert "fallen" not in codes(verdict)
        assert text(verdict, "too_new").endswith("until it has been 4 weeks the most that is said is “watch”.")

    def test_rounds_of_a_quarter_are_no_fall(self):
        verdict = assessment(weekly([8, 9, *[0] * 11, 8, 9, *[0] * 11]))
        assert verdict.flag.level in ("ok", "watch")
        assert "fallen" not in codes(verdict)

    def test_eight_in_each_fourth_week_are_no_fall_and_their_end_is_one(self):
        rounds = [8, 0, 0, 0] * 4
        assert assessment(weekly(rounds * 2)[:-20], weeks=26).flag.level != "at_risk"
        assert assessment(weekly(rounds + [0] * 10)).flag.level == "at_risk"

    def test_thresholds_are_settings(self):
        strict = dataclasses.replace(OPTIONS, at_risk_probability=0.999)
        assert assessment(weekly([0] * 12), weeks=12, options=strict).flag.level == "watch"


class TestSince:
    def test_the_first_week_of_the_unbroken_run(self):
        verdict = assessment(weekly([2] * 16 + [0] * 10))
        assert verdict.flag.level == "at_risk"
        assert verdict.flag.since == date(2026, 5, 18)  # the fourth empty week
        assert verdict.weeks[19].probability_low >= 0.85 > verdict.weeks[18].probability_low

    def test_leave_does_not_break_it(self):
        empty = [2] * 14 + [0] * 12
        with_leave = [*weekly(empty), away(at(20, 0, 0), at(22, 0, 0))]
        assert assessment(with_leave).flag.since == assessment(weekly(empty)).flag.since

    def test_the_path_of_weeks_is_what_was_known_then(self):
        whole, part = assessment(weekly([2] * 10 + [0] * 4), weeks=14), assessment(weekly([2] * 10), weeks=10)
        assert [w.probability_low for w in whole.weeks[:10]] == [w.probability_low for w in part.weeks]
        assert whole.weeks[-1].mean == whole.rate.mean
        assert whole.weeks[-1].interval == whole.rate.interval


class TestWhatWouldChange:
    @pytest.mark.parametrize("per_week", [[0] * 12, [2] * 22 + [0] * 4, [1, 0] * 13, [1, 0, 0, 0] * 6])
    def test_the_fewest_that_move_the_level_do_and_one_fewer_does_not(self, per_week):
        verdict = assessment(weekly(per_week), weeks=len(per_week))
        needed = verdict.flag.what_would_change.values["one_to_ones"]

        def after(extra: int) -> str:
            run_on = [*per_week, extra - extra // 2, extra // 2]
            return assessment(weekly(run_on), weeks=len(run_on)).flag.level

        order = ["at_risk", "watch", "ok"]
        assert after(needed) == verdict.flag.what_would_change.values["level"]
        assert order.index(after(needed)) > order.index(verdict.flag.level)
        assert order.index(after(needed - 1)) <= order.index(verdict.flag.level)

    @pytest.mark.parametrize(
        ("options", "weeks"),
        [(OPTIONS, range(1, 13)), (dataclasses.replace(OPTIONS, change_weeks=1e9, narrow_people=1.0), range(14, 52))],
        ids=["soon", "late"],
    )
    def test_what_an_ok_could_not_do_without(self, options, weeks):
        per_week = [2] * 20
        change = assessment(weekly(per_week), weeks=20, options=options).flag.what_would_change
        assert change.code == "would_fall"
        empty = change.values["weeks"]
        assert empty in weeks

        def after(pause: int) -> str:
            return assessment(weekly(per_week + [0] * pause), weeks=20 + pause, options=options).flag.level

        assert after(empty) == change.values["level"]
        assert after(empty - 1) == "ok"

    def test_more_than_twenty_in_two_weeks_are_asked_of_nobody(self):
        def asked(goal: float) -> int | None:
            options = dataclasses.replace(OPTIONS, healthy=goal, low=0.1)
            change = assessment(weekly([0, 1] * 6, people=12), weeks=12, options=options).flag.what_would_change
            return change.values["one_to_ones"] if change else None

        needed = [asked(9 + n / 10) for n in range(11)]
        assert max(filter(None, needed)) == 20
        assert needed[-1] is None

    def test_an_ok_that_holds_for_more_than_a_year_is_not_said_to_end(self):
        def ends(low: float) -> int | None:
            lasting = {"change_weeks": 1e300, "narrow_people": 1.0, "fallen_probability": 1.0, "burst_share": 0.0}
            options = dataclasses.replace(OPTIONS, healthy=low, low=low / 2, **lasting)
            change = assessment(weekly([2] * 8), weeks=8, options=options).flag.what_would_change
            return change.values["weeks"] if change else None

        pauses = [ends(0.345 - n / 400) for n in range(12)]
        assert max(filter(None, pauses)) == 52
        assert pauses[-1] is None

    def test_too_few_weeks_need_weeks(self):
        change = assessment(weekly([1, 1]), weeks=2).flag.what_would_change
        assert change.text == "2.0 more available weeks of calendar are needed before anything can be said."


class TestInsufficient:
    def test_nobody_in_the_calendar(self):
        verdict = assessment([meeting(SOLO, at(w)) for w in range(8)], weeks=8)
        assert verdict.flag.level == "insufficient_data"
        assert codes(verdict) == ["insufficient_no_entries", "caveat"]
        assert verdict.flag.probability_low is None
        assert verdict.flag.since is None
        assert verdict.rate.mean is None

    def test_an_empty_calendar(self):
        assert assessment([], weeks=8).flag.level == "insufficient_data"
        assert assessment([], weeks=0).weeks == []

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

    def test_what_was_left_out(self):
        left = [
            *(meeting(Kind.EXCLUDED, at(1, d), reason="declined") for d in range(3)),
            meeting(Kind.EXCLUDED, at(2), reason="cancelled"),
            meeting(Kind.EXCLUDED, at(2, 1), reason="company_rule"),
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


class TestBreadth:
    def test_people_and_scopes(self):
        meetings = [
            one_to_one(at(0, 1), "ana"),
            one_to_one(at(0, 2), "ana"),
            one_to_one(at(1, 1), "dee", scope=Scope.INDUSTRY),
            one_to_one(at(1, 2), "dee", scope=Scope.INDUSTRY),
            one_to_one(at(1, 3), "mum", scope=Scope.PERSONAL),
        ]
        breadth = assessment(meetings, weeks=2).breadth
        assert breadth.people == 2
        assert breadth.effective_people == 2.0
        assert breadth.organisation == 0.5
        assert breadth.industry == 0.5
        assert breadth.first_meetings_outside == 1

    def test_nobody(self):
        breadth = assessment([group(at(0))], weeks=1).breadth
        assert (breadth.people, breadth.effective_people, breadth.organisation) == (0, None, None)

    @given(st.lists(st.integers(1, 50), min_size=1, max_size=20))
    def test_effective_number_lies_between_one_and_all(self, counts):
        assert effective_number(counts) + 1e-9 >= 1
        assert effective_number(counts) <= len(counts) + 1e-9
        assert effective_number([counts[0]] * len(counts)) == pytest.approx(len(counts))


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


@st.composite
def whole_calendars(draw) -> tuple[list[Meeting], datetime]:
    """Half a year of one-to-ones in some rhythm, with leave, seen in the middle of a week or at its end."""
    busy = draw(st.lists(st.integers(0, 4), min_size=1, max_size=5))
    now = draw(st.lists(st.integers(0, 2), min_size=1, max_size=5))
    turned = draw(st.integers(8, 26))
    per_week = [(busy if week < turned else now)[week % len(busy if week < turned else now)] for week in range(27)]
    as_of = at(26, draw(st.integers(1, 7)), draw(st.sampled_from([0, 12, 24])))
    people = draw(st.integers(1, 6))
    first = draw(st.integers(0, 24))
    leave = [away(at(first, 0, 0), at(first + draw(st.integers(1, 2)), 0, 0))] if draw(st.booleans()) else []
    meetings = [m for m in weekly(per_week, people=people) if not any(off.start <= m.start < off.end for off in leave)]
    return [replace(m, held=m.end <= as_of) for m in [*meetings, *leave]], as_of


def seen_at(meetings: list[Meeting], as_of: datetime, *, first: int) -> Assessment:
    """The verdict at a moment, over the window that began in week `first`."""
    held = [replace(m, held=m.end <= as_of) for m in meetings]
    frame = dataclasses.replace(frame_of(as_of=as_of), window=Window(at(first, 0, 0), as_of))
    return Account(frame, held, Directory(frame.owner, frame.options.people)).assessment


class TestThePromise:
    """What would change it, added to the calendar as it says, gives the level that it names."""

    @settings(max_examples=25, deadline=None)
    @given(whole_calendars(), st.booleans(), st.booleans())
    def test_it_is_kept_in_the_middle_of_a_week_and_with_a_moving_window(self, calendar, moving, groups_go_on):
        meetings, as_of = calendar
        verdict = seen_at(meetings, as_of, first=0)
        change = verdict.flag.what_would_change
        if change is None or change.code not in ("would_change", "would_change_people"):
            return
        current = (as_of - timedelta(microseconds=1) - MONDAY).days // 7
        number = change.values["one_to_ones"]
        split = [number - number // 2, number // 2]
        name = "newcomer{}" if change.code == "would_change_people" else "colleague0"
        more = [
            one_to_one(at(current + 1 + week, n % 5, 8 + n // 5), name.format(f"{week}-{n}"))
            for week, count in enumerate(split)
            for n in range(count)
        ]
        groups = [group(at(current + 1 + week, 4, 16)) for week in range(2)] if groups_go_on else []
        later = seen_at([*meetings, *more, *groups], at(current + 3, 0, 0), first=2 if moving else 0)
        assert later.flag.level == change.values["level"]
