"""The report on an organisation: the one result, and its JSON Schema (`calsight.org/1`, within which things are only added).

What is hidden is null, and `hidden` says why; it is never 0.
"""

# No postponed annotations here: pydantic would have to read each from its text.
from datetime import date
from typing import Any, Literal

from pydantic import Field

from calsight.core.model.report import Part, Reason

Bound = Literal["at_most", "at_least"]


class ShareOut(Part):
    """A share rounded to 5 %, with the ends of its 80 % interval; `bound`: it is at most, or at least, so much."""

    value: float
    low: float
    high: float
    bound: Bound | None = None


class Shares(Part):
    """The share of the judged people at each level."""

    at_risk: ShareOut
    watch: ShareOut
    ok: ShareOut


class GroupOut(Part):
    """What may be said of a group.

    group         its name by each grouping; null where all are meant
    people        how many were judged; null where the group is hidden
    shares        of the levels; null for fewer than ten people
    rate          one-to-ones a week, mean over the people
    breadth       effective number of people met one-to-one, mean over the people
    reach         share of living ties that lead to another group (of the first grouping) or outside
    isolated      share of people without a living tie; null for fewer than ten people
    hours         hours a week in one-to-ones, groups and conference calls, mean over the people
    hidden        why nothing is said: "few", "margins" or "changed"
    """

    group: list[str | None]
    people: int | None = None
    shares: Shares | None = None
    rate: float | None = None
    breadth: float | None = None
    reach: float | None = None
    isolated: ShareOut | None = None
    hours: dict[str, float] | None = None
    hidden: Literal["few", "margins", "changed"] | None = None


class WeekOut(Part):
    """The share of a group that is at risk, and the one that is watched, at the end of a week."""

    week: date
    group: str | None
    at_risk: ShareOut
    watch: ShareOut


class FlowOut(Part):
    """Living ties between two groups of the first grouping; null where fewer than five people on a side have one."""

    group: str
    other: str
    ties: int | None


class NetworkOut(Part):
    """How the groups that are told of hang together.

    pairs_of_groups     how many pairs of groups have a living tie between them
    without             how many have none
    on_one_pair         how many rest on one pair of people alone; null where that would tell of a flow that is hidden
    """

    pairs_of_groups: int
    without: int
    on_one_pair: int | None


class CoverageOut(Part):
    """Of whom the report tells: people on the list, with a mailbox, and judged; how many meetings are of unknown people."""

    people: int
    mailboxes: int
    judged: int
    unknown: float | None


class OrgReport(Part):
    """The report on an organisation."""

    schema_: Literal["calsight.org/1"] = Field(default="calsight.org/1", alias="schema")
    engine: dict[str, str]
    as_of: date
    weeks: int
    by: list[str]
    min_group: int
    coverage: CoverageOut
    total: GroupOut
    groups: list[GroupOut]
    by_week: list[WeekOut]
    flows: list[FlowOut]
    network: NetworkOut | None
    hidden: dict[str, int]
    notes: list[Reason]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return self.model_dump(mode="json", by_alias=True)


class OrgDiagnosis(Part):
    """Whether an organisation can be judged: counts only (`calsight.org-doctor/1`, within which things are only added).

    people         on the list; `mailboxes` have one here, `missing` have none
    judged         of whom something can be said; `insufficient` of whom not
    not_theirs     mailboxes that may be somebody else's
    silent_early   mailboxes whose last sign of life is two weeks or more before `as_of`
    unknown        the share of the meetings of which nobody knows who was there; null without meetings
    problems       entries and files that could not be read, by code
    groupings      the columns by which groups can be made
    judgeable      whether a report can be made
    """

    schema_: Literal["calsight.org-doctor/1"] = Field(default="calsight.org-doctor/1", alias="schema")
    as_of: date
    weeks: int
    people: int
    mailboxes: int
    missing: int
    judged: int
    insufficient: int
    not_theirs: int
    silent_early: int
    unknown: float | None
    problems: dict[str, int]
    groupings: list[str]
    judgeable: bool

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return self.model_dump(mode="json", by_alias=True)


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    return OrgReport.model_json_schema(by_alias=True, mode="serialization")
