"""A reading that is kept while its owner corrects it: what comes out is what judging it anew would say."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest

from calsight import pipeline
from calsight.core.judging.corrections import (
    Away,
    Correction,
    Met,
    OnePerson,
    There,
    ThisMeeting,
    ThisPerson,
)
from calsight.core.model.meetings import Kind
from calsight.demo import SITUATIONS, invent
from calsight.pipeline.read import with_corrections

AS_OF = datetime(2026, 3, 27, 18, tzinfo=UTC)


@pytest.fixture(scope="module", params=[SITUATIONS[0], SITUATIONS[-1]])
def judgement(request, tmp_path_factory) -> pipeline.Judgement:
    calendar = invent(request.param, as_of=AS_OF)
    path = tmp_path_factory.mktemp("demo") / calendar.file_name
    path.write_bytes(calendar.ics)
    return pipeline.judge(
        pipeline.read(path, me=calendar.address, as_of=AS_OF, settings={"people": {"strict": False}}, cache=False)
    )


def corrections(judgement: pipeline.Judgement) -> list[Correction]:
    """One of each sort that has something to change in this calendar."""
    group = next(m for m in judgement.meetings if m.kind is Kind.GROUP)
    one = next(m for m in judgement.meetings if m.kind is Kind.ONE_TO_ONE and m.counterparts[0].address)
    who, others = one.counterparts[0].address, [p.address for p in group.counterparts]
    return [
        ThisMeeting(group.event.uid, True, who=others[0]),
        ThisMeeting(one.event.uid, False),
        ThisPerson(who, "manager"),
        ThisPerson(others[-1], "assistant"),
        OnePerson(others[0], others[-1]),
        Away(date(2026, 3, 2), date(2026, 3, 6)),
        There(date(2026, 1, 5), date(2026, 1, 9)),
        Met(who, date(2026, 3, 11)),
        ThisPerson("ana.private@example.org", "me"),
    ]


def same(one: pipeline.Judgement, other: pipeline.Judgement) -> None:
    assert (one.meetings, one.frame, one.corrected) == (other.meetings, other.frame, other.corrected)
    assert pipeline.report(one) == pipeline.report(other)


@pytest.mark.parametrize("place", range(9))
def test_a_correction_says_what_judging_anew_would_say_and_can_be_taken_back(judgement, place):
    said = corrections(judgement)[place : place + 1]
    after = pipeline.corrected(judgement, said)
    same(after, pipeline.judge(with_corrections(judgement.reading, said)))
    assert after.meetings != judgement.meetings or isinstance(said[0], ThisPerson | OnePerson | There | Away)
    same(pipeline.corrected(after, []), judgement)


def test_all_of_them_one_after_the_other_are_all_of_them_at_once(judgement):
    said = corrections(judgement)
    kept = judgement
    for count in range(1, len(said) + 1):
        kept = pipeline.corrected(kept, said[:count])
    same(kept, pipeline.judge(with_corrections(judgement.reading, said)))


def test_what_is_said_of_a_meeting_does_not_judge_the_others_again(judgement):
    meeting, *_, met, _ = corrections(judgement)
    for one in (meeting, met):
        assert pipeline.corrected(judgement, [one]).bench is judgement.bench
    assert pipeline.corrected(judgement, [Away(date(2026, 3, 2), date(2026, 3, 6))]).bench is not judgement.bench


def test_an_answer_that_is_a_setting_can_be_taken_back(judgement):
    answers = asdict(judgement.reading.settings.answers)
    after = pipeline.corrected(judgement, [], answers=answers | {"unknown": "yes"})
    assert after.reading.settings.answers.unknown == "yes"
    same(pipeline.corrected(after, [], answers=answers), judgement)


def test_the_outline_is_the_verdict_of_the_report(judgement):
    outline, report = pipeline.outline(judgement), pipeline.report(judgement)
    left = {"one_to_ones", "heat", "situation", "visibility", "relationships", "next_actions", "questions"}
    assert outline.model_dump(exclude=left) == report.model_dump(exclude=left)
    assert outline.relationships == outline.questions == []
