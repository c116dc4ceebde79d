"""What an answer to one of the report's questions comes to: corrections, or a setting of the section `[answers]`.

The questions are those of `rate.questions`. Who somebody is, and when the owner was away, are
corrections; what all entries of a kind were is a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from calsight.core.judging.corrections import Away, Correction, OnePerson, PersonWord, There, ThisPerson
from calsight.core.model.meetings import AWAY, OWNER, DoubtCode

AnswerWord: TypeAlias = "Literal['yes', 'no', 'ask']"
#: Answers: "me" to a question about a person says that it is another address of the owner's; "ask" takes a setting back.
Value: TypeAlias = Literal["yes", "no", "me", "ask"]

#: Questions about all entries of a kind: each is a setting.
OF_A_KIND: tuple[str, ...] = (
    DoubtCode.UNKNOWN,
    DoubtCode.UNTITLED,
    DoubtCode.UNANSWERED,
    DoubtCode.DURING_ABSENCE,
)
#: Questions about a person: what they are if the answer is yes, and if it is no.
_OF_A_PERSON: Mapping[str, tuple[PersonWord, PersonWord]] = {
    DoubtCode.COMPANION: ("assistant", "colleague"),
    DoubtCode.SAME_NAME: ("me", "colleague"),
    DoubtCode.PLACE: ("assistant", "colleague"),
    DoubtCode.PERSONAL: ("colleague", "personal"),
    OWNER: ("me", "colleague"),
}
#: All questions, by code.
CODES: tuple[str, ...] = (*OF_A_KIND, *_OF_A_PERSON, AWAY)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be kept: `corrections`, and `settings` by key of the section `[answers]`."""

    corrections: tuple[Correction, ...] = ()
    settings: Mapping[str, AnswerWord] = field(default_factory=dict)


def answer(code: str, about: str, value: Value, *, other: str = "") -> Answer:
    """What `value` comes to as the answer to the question `code` about somebody or some days.

    `about` is a person's id, address or name, or days (FIRST/LAST, ISO 8601); `other` is the second of two who may be one
    person, or who always come together: the answer is then about both. Raises ValueError, with a sentence, for what is no
    answer to that question.
    """
    if code in OF_A_KIND:
        if value == "me":
            raise ValueError(f"“me” is no answer to {code!r}: say yes, no or ask.")
        return Answer(settings={code: value})
    if value == "ask":
        raise ValueError("To take a correction back: calsight correct list, then calsight correct undo NUMBER.")
    if not about:
        raise ValueError(f"The question {code!r} is about somebody or some days: say with --about whom or which.")
    if code == AWAY:
        if value == "me":
            raise ValueError(f"“me” is no answer to {code!r}: say yes or no.")
        first, last = days_of(about)
        return Answer((Away(first, last) if value == "yes" else There(first, last),))
    if code == DoubtCode.SAME_NAME and other and value == "yes":
        return Answer((OnePerson(other, about),))
    yes, no = _OF_A_PERSON[code]
    word = "me" if value == "me" else yes if value == "yes" else no
    both = (about, other) if code == DoubtCode.COMPANION and other else (about,)
    return Answer(tuple(ThisPerson(one, word) for one in both))


def days_of(text: str) -> tuple[date, date]:
    """The days that "2026-03-02/2026-03-13" stands for; one day stands for itself. Raises ValueError with a sentence."""
    first, slash, last = text.partition("/")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if slash else begin
    except ValueError:
        raise ValueError(f"{text!r} are no days. Write FIRST/LAST, such as 2026-03-02/2026-03-13.") from None
    if end < begin:
        raise ValueError(f"{begin} is after {end}. Swap them.")
    return begin, end
