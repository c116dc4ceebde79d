"""What the evidence is stands apart from what follows from it, in every medium."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from calsight.core.model.report import Flag, Reason, WindowOut
from calsight.core.wording.reasons import reason
from calsight.core.wording.words import Words
from calsight.render.html.view import verdict_view
from calsight.render.telling import last_day, left_out
from render.reports import a_report

AS_OF = datetime(2026, 3, 2, tzinfo=UTC)
FOLLOWS = reason("below_healthy", probability=0.83, healthy=1.0)
IS = [
    reason("one_count", held=28, counted=27, others={"private": 1}),
    reason("interviews", interviews=2, one_to_ones=27),
    reason("left_out", excluded={"declined": 3}),
    reason("inferred", inferred=1, one_to_ones=27),
    reason("silent_weeks", weeks=1, when=[date(2026, 2, 9)]),
    reason("source_ends_early", last_sign=date(2026, 2, 9), weeks=2),
    reason("unknown_share", unknown=4, meetings=200),
]


@pytest.mark.parametrize("evidence", IS, ids=[each.code for each in IS])
def test_evidence_is_told_beside_the_verdict_and_not_as_a_reason_for_it(evidence: Reason):
    report = a_report(flag=Flag(level="watch", reasons=[FOLLOWS, evidence, reason("caveat")]))
    assert verdict_view(report, Words())["reasons"] == [FOLLOWS.text]
    assert evidence.text in left_out(report, Words())
    assert not {FOLLOWS.text, reason("caveat").text} & set(left_out(report, Words()))


@pytest.mark.parametrize(("days", "last"), [(-7, date(2026, 2, 22)), (0, date(2026, 3, 1)), (7, date(2026, 3, 1))])
def test_a_report_is_about_no_day_after_that_on_which_it_is_judged(days: int, last: date):
    window = WindowOut(start=AS_OF - timedelta(weeks=20), end=AS_OF + timedelta(days=days), weeks=20.0)
    assert last_day(a_report(as_of=AS_OF, window=window), Words()) == last
