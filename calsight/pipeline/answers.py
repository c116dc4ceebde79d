"""What the report's questions ask, answered: the reading with an answer, and what would be said then.

A question says what the level would be after a yes and after a no. Each is found by judging the same reading with that answer,
so that it is what the next report says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from calsight.errors import OwnerNotFoundError
from calsight.pipeline.judge import Judgement, rejudged
from calsight.pipeline.read import Reading, with_corrections

if TYPE_CHECKING:
    from calsight.core.judging.answers import Answer, Value
    from calsight.core.model.meetings import Meeting
    from calsight.core.model.report import Level, Question


def answered(reading: Reading, answer: Answer) -> Reading:
    """The reading of somebody who gave that answer. Nothing is written, and nothing is read again."""
    from calsight.core.judging.corrections import same_subject

    said, corrections = answer.corrections, reading.corrections
    kept = [one for one in corrections if not any(same_subject(one, other) for other in said)]
    return with_corrections(reading, [*kept, *said], answers=answer.settings)


def questions(judgement: Judgement) -> list[Question]:
    """What to ask the owner, with the levels that each answer leads to; what turns the level comes first."""
    now = judgement.account.assessment.flag.level
    tried = [
        asked.model_copy(update={"would": _level(judgement, asked, "yes"), "would_not": _level(judgement, asked, "no")})
        for asked in judgement.account.questions
    ]
    return sorted(tried, key=lambda asked: ({asked.would, asked.would_not} == {now}, -asked.meetings))


def hang_on(question: Question, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Those of the meetings that hang on a question, in their order; of time away and of the owner []."""
    key = (question.code, question.about)
    return [m for m in meetings if any((doubt.code.value, doubt.about) == key for doubt in m.doubts)]


def _level(judgement: Judgement, asked: Question, value: Value) -> Level | None:
    """What would be said after that answer; None where the owner could then not be told any more."""
    from calsight.core.judging.answers import answer

    said = answer(asked.code, asked.about, value, other=asked.other)
    try:
        return rejudged(judgement, answered(judgement.reading, said)).account.level
    except OwnerNotFoundError:
        return None
