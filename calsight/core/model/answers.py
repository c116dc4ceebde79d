"""What programs are told besides the report: meetings, people, suggestions, the last week. Their JSON is stable too.

The web API and the MCP server answer with these, the command line with the same where it has `--json`. As in the report, what
is not known is null, which is not zero.
"""

# No postponed annotations here: pydantic would have to read each from its text.
from typing import Annotated, Literal

from pydantic import Field

from calsight.core.model.meetings import CouldBe, DoubtCode, Kind, Mode, Scope, Size
from calsight.core.model.report import (
    Comparison,
    Level,
    OwnerOut,
    Part,
    PersonOut,
    ProblemOut,
    Reason,
    Relationship,
    Utc,
)

DayOrMoment = Annotated[
    str, Field(pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$", description="UTC; a date for an all-day entry.")
]


class CounterpartOut(Part):
    """Someone else in a meeting; "" where the calendar does not say."""

    name: str
    address: str


class MeetingOut(Part):
    """One occurrence, judged: a line of `calsight meetings --json-lines`. See `calsight.Meeting`."""

    source: str
    uid: str
    original_start: DayOrMoment | None
    start: DayOrMoment
    end: DayOrMoment
    all_day: bool
    title: str
    kind: Kind
    reason: str
    mode: Mode
    size: Size | None
    headcount: int | None
    counterparts: list[CounterpartOut]
    organised_by_me: bool | None
    held: bool | None
    inferred: bool
    scope: Scope | None
    doubts: list[DoubtCode]
    could_be: CouldBe | None


class MeetingsOut(Part):
    """Every occurrence of a reading, by start; `total` counts them all where only a part is given."""

    meetings: list[MeetingOut]
    total: int
    problems: list[ProblemOut]


class PeopleOut(Part):
    """The people whom the owner meets one-to-one, most in need first; `total` counts them all where only a part is given."""

    people: list[Relationship]
    total: int


class SuggestionOut(Part):
    """Someone to meet and when; `start` and `end` are null where no time was found, `checked` says that the other is free."""

    person: PersonOut
    why: Reason
    minutes: int
    start: Utc | None
    end: Utc | None
    checked: bool


class SuggestionsOut(Part):
    """Whom to meet, the most useful first; `refused` says of each connector that would not tell when others are busy, why."""

    suggestions: list[SuggestionOut]
    refused: list[str]


class WeekOut(Part):
    """What `calsight week` says: the last full week against the usual, what changed since, and one person to meet."""

    as_of: Utc
    owner: OwnerOut
    level: Level
    held: list[Reason]
    compared: Comparison
    suggestion: SuggestionOut | None


class RuleOut(Part):
    """A rule that was asked on the way from an entry to its kind; `number` is its row in docs/meaning.md."""

    number: int | None
    question: Reason
    answer: bool


class EntryOut(Part):
    """Why occurrences of one entry that went the same way are what they are.

    days      their days in the owner's zone
    because   which copy was taken, who was on the list, and who was there
    rules     those that were asked, in their order; the last one fits
    doubts    what it could also be
    """

    title: str
    kind: Kind
    reason: str
    days: list[str]
    because: list[Reason]
    rules: list[RuleOut]
    doubts: list[Reason]


class ExplanationOut(Part):
    """Why an entry is what it is (`entries`), or why a person stands where they do: `person`, with the meetings with them."""

    entries: list[EntryOut] = Field(default_factory=list)
    person: Relationship | PersonOut | None = None
    counted: list[MeetingOut] = Field(default_factory=list)
    not_counted: list[MeetingOut] = Field(default_factory=list)


class CorrectionOut(Part):
    """Something that the owner said against their calendar; `number` takes it back."""

    number: int
    kind: Literal["meeting", "person", "one_person", "away", "there", "met", "keep"]
    text: str


class CorrectionsOut(Part):
    """All that the owner said against their calendar."""

    corrections: list[CorrectionOut]
