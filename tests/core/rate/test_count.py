"""One count: the verdict's number and the table's, and where they differ, why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

import calsight
from calsight import Report
from calsight.core.model.events import Calendar
from calsight.testing import event

AS_OF = date(2026, 6, 28)
WORK = Calendar(id="work", name="work", zone="UTC", owner=("ana@example.com",), names_people=True)
MONDAY = datetime(2025, 12, 29, 10, tzinfo=UTC)


def met(week: int, *who: str, day: int = 0, hour: int = 0) -> calsight.CalendarEvent:
    at = MONDAY + timedelta(weeks=week, days=day, hours=hour)
    return event("ana", *(who or ("bo",)), at=at, calendar=WORK, uid=f"{week}-{day}-{hour}-{'-'.join(who)}")


def report(*events: calsight.CalendarEvent) -> Report:
    return calsight.analyze(list(events), as_of=AS_OF, settings={"work": {"zone": "UTC"}})


def said(made: Report, code: str) -> str:
    return next((reason.text for reason in made.flag.reasons if reason.code == code), "")


WEEKLY = [met(week, "bo", "cy", "di", day=1) for week in range(26)] + [met(week) for week in range(26)]


def test_where_both_are_the_same_nothing_is_said() -> None:
    made = report(*WEEKLY)
    assert made.counts.one_to_one == 26
    assert said(made, "one_count") == ""


def test_private_and_overlapping_ones_are_bridged_in_one_line() -> None:
    dinner = met(3, "mum@gmail.com", hour=10)
    twice = replace(met(5), uid="again", start=met(5).start + timedelta(minutes=10))
    made = report(*WEEKLY, dinner, twice)
    assert made.counts.one_to_one == 28
    assert said(made, "one_count") == ("28 one-to-ones held: 26 counted, 1 at the same time as another, 1 private.")


@given(
    st.lists(
        st.tuples(st.integers(0, 25), st.sampled_from(["bo", "mum@gmail.com", "cy"]), st.integers(0, 12)), max_size=12
    )
)
def test_the_parts_add_up_to_the_table(extra: list[tuple[int, str, int]]) -> None:
    made = report(*WEEKLY, *(met(week, who, day=3, hour=hour) for week, who, hour in extra))
    values = next((reason.values for reason in made.flag.reasons if reason.code == "one_count"), None)
    counted = next(reason.values["one_to_ones"] for reason in made.flag.reasons if reason.code == "rate_summary")
    if values is None:
        assert counted == made.counts.one_to_one
    else:
        assert values["held"] == made.counts.one_to_one
        assert values["counted"] == counted == values["held"] - sum(values["others"].values())
