"""The report: the one result, and its JSON Schema.

The names of the fields are the outer contract (`"schema": "calsight.report/1"`); within version 1 things are only added. What
is not known is null or empty, which is not zero.
"""

# No postponed annotations here: pydantic would have to read each from its text.
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from calsight.core.model.meetings import DoubtCode

Level = Literal["at_risk", "watch", "ok", "insufficient_data"]


def _utc_text(moment: datetime) -> str:
    return f"{moment.isoformat()[:19]}Z"  # strftime takes ten times as long


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("must be aware")
    return moment


Utc = Annotated[datetime, AfterValidator(_aware), PlainSerializer(_utc_text, when_used="json")]
"""An aware UTC moment; in JSON ISO 8601 with `Z`."""


# Not `list` and `dict` themselves: pydantic looks at the signature of a factory, and theirs must be parsed.
def _empty_list() -> list[Any]:
    return []


def _empty_dict() -> dict[str, Any]:
    return {}


class Part(BaseModel):
    """A part of the report: frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reason(Part):
    """Why something is said: a stable code, one plain sentence, and the numbers in it."""

    code: str
    text: str
    values: dict[str, Any] = Field(default_factory=_empty_dict)


class ProblemOut(Part):
    """Something set aside: see `calsight.Problem`."""

    code: str
    text: str
    source: str = ""
    uid: str = ""
    count: int = 1


class Engine(Part):
    """What computed the report."""

    version: str
    model: str


class WindowOut(Part):
    """The span that the report is about."""

    start: Utc
    end: Utc
    weeks: float


class OwnerOut(Part):
    """Whose calendar it is."""

    name: str
    addresses: list[str]
    zone: str


class SourceOut(Part):
    """One calendar that was read. `occurrences` counts those inside the window."""

    name: str
    occurrences: int
    problems: int


class Counts(Part):
    """Occurrences in the window that are held or past, by kind."""

    one_to_one: int = 0
    group: int = 0
    conference_call: int = 0
    solo: int = 0
    absence: int = 0
    unknown: int = 0
    excluded: int = 0


class Hours(Part):
    """Hours of the same occurrences, by kind."""

    one_to_one: float = 0.0
    group: float = 0.0
    conference_call: float = 0.0
    solo: float = 0.0
    absence: float = 0.0
    unknown: float = 0.0
    excluded: float = 0.0


class Coverage(Part):
    """How much of the evidence is known. `participants_known` is a share (null without meetings); `inferred` counts
    one-to-ones that a title settled."""

    participants_known: float | None = None
    inferred: int = 0


class ExposureOut(Part):
    """Weeks in which one could have met (full working weeks), and what was taken out: `unknown_weeks` for meetings that do not
    say who was there."""

    weeks: float
    silent_weeks: int
    absence_weeks: float
    unknown_weeks: float = 0.0


class Flag(Part):
    """The verdict. `probability_low` is P(rate < low), null where nothing can be said; `since` the first day of the first week
    of the unbroken run of this level."""

    level: Level
    probability_low: float | None = None
    since: date | None = None
    reasons: list[Reason] = Field(default_factory=_empty_list)
    what_would_change: Reason | None = None


class Changed(Part):
    """The last change of the rate."""

    week: date
    before: float
    after: float
    probability: float


class Rate(Part):
    """One-to-ones a week of exposure at the end of the window."""

    mean: float | None = None
    interval: tuple[float, float] | None = None
    healthy: float
    low: float
    changed: Changed | None = None


class Week(Part):
    """One ISO week; `week` is its Monday in the owner's zone. `mean`, `interval` and `probability_low` are what was known at
    its end; null before the first week of exposure."""

    week: date
    exposure: float
    one_to_one: int
    hours: Hours
    mean: float | None = None
    interval: tuple[float, float] | None = None
    probability_low: float | None = None


class Breadth(Part):
    """How many people the one-to-ones are spread over. `organisation` and `industry` are shares of the one-to-ones."""

    people: int = 0
    effective_people: float | None = None
    organisation: float | None = None
    industry: float | None = None
    first_meetings_outside: int = 0


class SituationInput(Part):
    """One of the two axes: null where unknown."""

    value: float | None = None
    cut: float
    known: bool
    details: dict[str, Any] = Field(default_factory=_empty_dict)


class YouSaid(Part):
    """What the person says themselves; null where they did not."""

    time: bool | None = None
    interest: bool | None = None


class Situation(Part):
    """Which of Evarts' four situations the calendar resembles."""

    label: str | None = None
    time: SituationInput
    interest: SituationInput
    borderline: list[str] = Field(default_factory=_empty_list)
    you_said: YouSaid = Field(default_factory=YouSaid)
    reasons: list[Reason] = Field(default_factory=_empty_list)
    advice: list[Reason] = Field(default_factory=_empty_list)


class Visibility(Part):
    """The index, 0-100, with its interval and the points that each part gives."""

    value: float | None = None
    interval: tuple[float, float] | None = None
    contributions: dict[str, float | None] = Field(default_factory=_empty_dict)
    before: float | None = None


class PersonOut(Part):
    """Someone the owner meets."""

    id: str
    name: str
    address: str


class Relationship(Part):
    """One person, as the calendar shows the tie."""

    person: PersonOut
    scope: str
    stage: str
    status: str | None
    alive: float | None
    strength: float | None = None
    interactions: int
    first: Utc | None
    last: Utc | None
    typical_gap_days: float | None
    silence_days: float | None
    expectation: list[str] = Field(default_factory=_empty_list)
    dependency: list[str] = Field(default_factory=_empty_list)
    next: Utc | None = None
    role: str | None = None
    reasons: list[Reason] = Field(default_factory=_empty_list)


class OneToOne(Part):
    """One held one-to-one that counts: those of a week are as many as `Week.one_to_one`. `person` is `PersonOut.id`, "" where
    nobody says with whom."""

    start: Utc
    minutes: float
    person: str = ""


class OwnPerson(Part):
    """Someone whom the owner wants to meet every `every_weeks` weeks, which has no part in the verdict.

    days     days since the last one-to-one of these weeks (null: there is none), `due` the day on which the interval ends
    is_due   whether that day has come and nothing is booked; `next` what is booked
    reason   the same in a sentence
    """

    person: PersonOut
    every_weeks: int
    last: Utc | None = None
    days: int | None = None
    due: date | None = None
    is_due: bool
    next: Utc | None = None
    reason: Reason


class HeatCell(Part):
    """Hours that one hour of the week held, over the whole window; `weekday` is ISO's (1 = Monday), both in the owner's zone.

    A meeting's hours are split where the clock strikes; meetings are those of `Report.hours`.
    """

    weekday: int = Field(ge=1, le=7)
    hour: int = Field(ge=0, le=23)
    one_to_one: float = 0.0
    group: float = 0.0
    conference_call: float = 0.0
    solo: float = 0.0


def asked_of_two(code: str) -> str:
    """The sentence that asks the question `code` about two."""
    return "ask_companions" if code == DoubtCode.COMPANION else "ask_one_person"


class Question(Part):
    """One thing that the calendar leaves open, and whose answer would settle much: answered with yes or no.

    code       what kind of thing; `about` the person (an id) or the days (FIRST/LAST) that it is about, "" where it is none
    other      the other of two who may be one person, or who always come together; "" where it is about no such two
    meetings   how many meetings (for time away: weeks) hang on it
    would      the level if the answer is yes, `would_not` if it is no
    command    what answers it with yes
    """

    code: str
    about: str = ""
    other: str = ""
    text: str
    values: dict[str, Any] = Field(default_factory=_empty_dict)
    meetings: int
    would: Level | None = None
    would_not: Level | None = None
    command: str

    @property
    def said(self) -> Reason:
        """The question as a reason, for whoever says it in another language."""
        two = "other" in self.values  # a redacted one has no `other`
        return Reason(code=asked_of_two(self.code) if two else f"ask_{self.code}", text=self.text, values=self.values)


class Comparison(Part):
    """This report against an earlier one: what was judged then, and what changed, in sentences."""

    as_of: Utc
    level: Level
    rate: float | None = None
    changes: list[Reason] = Field(default_factory=_empty_list)


class Report(Part):
    """The one result. `report.to_json()` is what `calsight report --json` prints."""

    # Built when it is first used: programs get the one of `calsight.pipeline.notebook`, and two would take twice the time.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    schema_: Literal["calsight.report/1"] = Field(default="calsight.report/1", alias="schema")
    engine: Engine
    as_of: Utc
    window: WindowOut
    owner: OwnerOut
    sources: list[SourceOut]
    counts: Counts
    hours: Hours
    excluded: dict[str, int]
    coverage: Coverage
    exposure: ExposureOut
    flag: Flag
    rate: Rate
    weeks: list[Week]
    breadth: Breadth
    situation: Situation | None = None
    visibility: Visibility | None = None
    relationships: list[Relationship] = Field(default_factory=_empty_list)
    one_to_ones: list[OneToOne] = Field(default_factory=_empty_list)
    own_people: list[OwnPerson] = Field(default_factory=_empty_list)
    next_actions: list[Reason] = Field(default_factory=_empty_list)
    questions: list[Question] = Field(default_factory=_empty_list)
    corrections: list[Reason] = Field(default_factory=_empty_list)
    heat: list[HeatCell] = Field(default_factory=_empty_list)
    comparison: Comparison | None = None
    problems: list[ProblemOut] = Field(default_factory=_empty_list)
    settings: dict[str, Any] = Field(default_factory=_empty_dict)

    def to_json(self, *, indent: int | None = 2) -> str:
        """The report as one JSON document (UTF-8 text, `calsight.report/1`)."""
        return self.model_dump_json(by_alias=True, indent=indent)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema of `to_json`'s output."""
        return cls.model_json_schema(by_alias=True, mode="serialization")
