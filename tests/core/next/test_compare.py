"""A report against an earlier one, and last week against the usual."""

from datetime import UTC, date, datetime, timedelta

import pytest

from calsight.core.model.report import Hours, OwnerOut, Report, Week
from calsight.core.next.compare import compare
from calsight.core.next.last_week import last_week, with_others
from render.reports import AS_OF, a_report, tie, week

NAMES = ("Bo", "Cem", "Dana")


def earlier(report: Report, **changes) -> Report:
    return report.model_copy(update={"as_of": AS_OF - timedelta(weeks=8), **changes})


def codes(now: Report, before: Report) -> list[str]:
    return [change.code for change in compare(now, before).changes]


def test_a_report_against_itself_says_that_nothing_changed():
    assert codes(a_report(), a_report()) == ["compare_level_same"]


def test_a_level_that_changed_is_said_in_words():
    comparison = compare(a_report("watch"), earlier(a_report("ok")))
    assert comparison.level == "ok"
    assert comparison.changes[0].text == "The level went from “ok” to “watch”."
    assert comparison.changes[1].code == "compare_rate"


def test_a_rate_within_the_interval_may_be_chance():
    now = a_report("watch")
    near = now.rate.model_copy(update={"mean": now.rate.mean * 1.3})
    assert "compare_rate_chance" in codes(now, earlier(now, rate=near))


@pytest.mark.parametrize(
    ("share", "code"), [(0.0, "compare_rate_chance"), (1.0, "compare_rate_chance"), (1.1, "compare_rate")]
)
def test_the_interval_reaches_from_its_low_end_to_its_high_one(share: float, code: str):
    now = a_report("watch")
    low, high = 0.1, 4.2
    now = now.model_copy(update={"rate": now.rate.model_copy(update={"mean": 2.0, "interval": (low, high)})})
    then = now.rate.model_copy(update={"mean": low + share * (high - low)})
    assert code in codes(now, earlier(now, rate=then))


@pytest.mark.parametrize(("then", "said"), [(1.04, False), (1.06, True)])
def test_a_rate_is_compared_as_it_is_shown(then: float, said: bool):
    now = a_report("watch")
    now = now.model_copy(update={"rate": now.rate.model_copy(update={"mean": 1.0, "interval": (0.5, 1.5)})})
    before = earlier(now, rate=now.rate.model_copy(update={"mean": then}))
    assert ("compare_rate_chance" in codes(now, before)) is said
    assert ("compare_rate_chance" in codes(earlier(before, as_of=now.as_of), earlier(now))) is said


@pytest.mark.parametrize(("then", "said"), [(40.4, []), (39.0, [(39.0, 40.0)]), (None, [])])
def test_the_index_is_compared_as_it_is_shown(then: float | None, said: list[tuple[float, float]]):
    now = a_report("watch")
    now = now.model_copy(update={"visibility": now.visibility.model_copy(update={"value": 40.0})})
    before = earlier(now, visibility=now.visibility.model_copy(update={"value": then}))
    changes = [one for one in compare(now, before).changes if one.code == "compare_visibility"]
    assert [(one.values["before"], one.values["now"]) for one in changes] == said


def test_somebody_met_first_at_the_very_moment_of_the_earlier_report_is_new():
    then = earlier(a_report(), relationships=[tie("Bo", 0)])
    met = tie("Cem", 1, first=then.as_of)
    assert "compare_new" in codes(a_report(relationships=[tie("Bo", 0), met]), then)


@pytest.mark.parametrize(("many", "shown"), [(5, 5), (6, 6)])
def test_five_names_are_named_and_of_more_that_there_are_more(many: int, shown: int):
    names = [f"P{n}" for n in range(many)]
    then = earlier(a_report(), relationships=[tie(name, n, status="active") for n, name in enumerate(names)])
    now = a_report(relationships=[tie(name, n, status="cooling") for n, name in enumerate(names)])
    (cooling,) = [one for one in compare(now, then).changes if one.code == "compare_cooling"]
    assert len(cooling.values["names"]) == shown
    assert ("…" in cooling.values["names"]) is (many > 5)
    assert cooling.values["names"][:5] == names[:5]


def test_nothing_is_said_of_a_rate_that_was_not_known():
    assert codes(a_report("watch"), earlier(a_report("insufficient_data"))) == ["compare_level"]


def test_people_who_faded_came_back_or_are_new_are_named():
    then = [tie("Bo", 0, status="active"), tie("Cem", 1, status="dormant")]
    today = [
        tie("Bo", 0, status="cooling"),
        tie("Cem", 1, status="active"),
        tie("Dana", 2, first=AS_OF - timedelta(days=3)),
        tie("Emil", 3, first=AS_OF - timedelta(weeks=20)),  # met before, seen by a wider window only
    ]
    said = compare(a_report(relationships=today), earlier(a_report(), relationships=then)).changes
    assert {change.code: change.values["names"] for change in said if "names" in change.values} == {
        "compare_cooling": ["Bo"],
        "compare_revived": ["Cem"],
        "compare_new": ["Dana"],
    }


def test_a_report_without_people_says_nothing_of_people():
    assert not any("names" in c.values for c in compare(a_report(), earlier(a_report(), relationships=[])).changes)


def test_somebody_elses_report_is_refused():
    other = OwnerOut(name="Bo", addresses=["bo@example.com"], zone="UTC")
    with pytest.raises(ValueError, match="somebody else"):
        compare(a_report(), earlier(a_report(), owner=other))


def test_a_later_report_is_refused():
    with pytest.raises(ValueError, match="later"):
        compare(earlier(a_report()), a_report())


def weeks(*counts: int, away: tuple[int, ...] = ()) -> list[Week]:
    """The full weeks up to `AS_OF`, a Sunday's end, with so many one-to-ones each."""
    first = 27 - len(counts)
    return [
        week(first + n, rate=1.0, away=n in away).model_copy(update={} if n in away else {"one_to_one": count})
        for n, count in enumerate(counts)
    ]


def week_of(*counts: int, **fields):
    report = a_report(weeks=weeks(*counts, **fields), as_of=AS_OF + timedelta(minutes=1))
    return last_week(report.model_copy(update={"owner": report.owner.model_copy(update={"zone": "UTC"})}))[0]


def test_last_week_is_held_against_the_median_of_those_before():
    said = week_of(1, 1, 2, 1, 9, 3)
    assert said.code == "week_held"
    assert (said.values["one_to_ones"], said.values["usual"]) == (3, 1.0)
    assert said.values["first"] == date(2026, 2, 23).isoformat()


def test_what_is_usual_is_told_by_the_thirteen_weeks_before():
    newest_thirteen = [3, *[1, 3] * 6]  # 3 in the middle; with one week more or fewer it would be 2
    assert week_of(1, *newest_thirteen, 0).values["usual"] == 3.0


@pytest.mark.parametrize(("before", "code"), [(3, "week_held_only"), (4, "week_held")])
def test_four_weeks_make_a_usual(before: int, code: str):
    assert week_of(*[1] * before, 1).code == code


def test_weeks_of_leave_are_not_usual():
    assert week_of(2, 2, 0, 2, 2, 1, away=(2,)).values["usual"] == 2.0


def test_a_week_of_leave_is_called_so():
    assert week_of(1, 1, 1, 1, 0, away=(4,)).code == "week_away"


def test_what_is_usual_needs_four_weeks():
    assert week_of(1, 1, 1).code == "week_held_only"


def test_the_current_week_is_not_the_last_one():
    report = a_report(weeks=weeks(1, 1, 1, 1, 5, 0), as_of=AS_OF - timedelta(days=2))
    assert last_week(report)[0].values["one_to_ones"] == 5


def test_the_hours_with_others_are_those_of_every_kind_with_people():
    assert with_others(Hours(one_to_one=1, group=2, conference_call=4, solo=8, absence=16, unknown=32)) == 7


def test_half_a_week_of_work_is_a_week():
    def shared(share: float, *counts: int) -> str:
        told = weeks(*counts)
        told[-1] = told[-1].model_copy(update={"exposure": share})
        report = a_report(weeks=told, as_of=AS_OF + timedelta(minutes=1))
        return last_week(report.model_copy(update={"owner": report.owner.model_copy(update={"zone": "UTC"})}))[0].code

    assert shared(0.5, 1, 1, 1, 1, 0) == "week_held"
    assert shared(0.49, 1, 1, 1, 1, 0) == "week_away"


def test_half_a_week_of_work_is_usual():
    told = weeks(1, 1, 1, 1, 0)
    told[0] = told[0].model_copy(update={"exposure": 0.5})
    assert last_week(a_report(weeks=told, as_of=AS_OF + timedelta(minutes=1)))[0].code == "week_held"


def test_a_week_is_full_with_its_last_instant():
    end = datetime(2026, 3, 2, tzinfo=UTC)
    for ends, last in ((end - timedelta(microseconds=1), 5), (end - timedelta(microseconds=2), 1)):
        report = a_report(weeks=weeks(1, 1, 1, 1, 1, 5), as_of=ends)
        report = report.model_copy(update={"owner": report.owner.model_copy(update={"zone": "UTC"})})
        assert last_week(report)[0].values["one_to_ones"] == last


def test_without_a_full_week_it_says_so():
    assert last_week(a_report(weeks=[]))[0].code == "week_none"


def test_who_is_cooling_is_named():
    assert last_week(a_report())[-1].values["names"] == [
        "Femi Adeyemi",
        "Grace Okafor",
        "Hugo Marchetti",
        "Ines Carvalho",
    ]
    assert last_week(a_report(names=("Bo",)))[-1].code == "week_cooling_none"


def test_who_is_no_relationship_by_ones_own_word_is_not_called_cooling():
    report = a_report(relationships=[tie("Bo", 4, role="denied"), tie("Cem", 5)])
    assert last_week(report)[-1].values["names"] == ["Cem"]
