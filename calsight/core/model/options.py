"""Every default that a person may change, one dataclass a subject; `calsight.settings` reads them from TOML.

`option(default, doc)` keeps the documentation of a setting beside its default: `calsight settings` and the docs print it.
Lists of words and patterns *add* to the data that ships with calsight; they never replace it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

#: Weeks summed from fifths, or people from shares, may miss by a hair what they are held against.
ALMOST = 1e-9

#: Unknown keys are errors, and instances are checked like the tables of a file (read by pydantic, not imported here).
_FORBID: Any = {"extra": "forbid", "revalidate_instances": "always"}


def option(default: Any, doc: str) -> Any:
    """A dataclass field with its documentation. A mutable default (a dict) is copied for each instance."""
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata={"doc": doc})
    return field(default=default, metadata={"doc": doc})


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Profile = Literal["employed", "self_employed", "job_seeking"]
Relation = Literal["confirmed", "denied", "manager", "report", "mentor", "peer", "personal"]
#: Roles by which the owner says that there is a relationship.
NAMED: frozenset[Relation] = frozenset({"confirmed", "manager", "report", "mentor", "peer"})


@dataclass(frozen=True, slots=True)
class OwnerOptions:
    """Who "me" is."""

    __pydantic_config__ = _FORBID

    addresses: tuple[str, ...] = option((), "Your e-mail addresses; the first is the main one. `--me` adds to them.")
    name: str = option("", 'Your name, as it stands in meeting titles ("Ana / Bo").')
    profile: Profile = option("employed", 'employed, self_employed or job_seeking: decides when "networking" is said.')
    wants_more: bool | None = option(
        None, "Do you want more one-to-ones? Your answer wins over what the calendar suggests."
    )
    has_room: bool | None = option(
        None, "Does your job leave room for them? Your answer wins over what the calendar suggests."
    )


@dataclass(frozen=True, slots=True)
class PeopleOptions:
    """Who others are. Addresses compare without case and +tag."""

    __pydantic_config__ = _FORBID

    aliases: Mapping[str, tuple[str, ...]] = option(
        {}, 'Other addresses of one person: "ana@example.com" = ["ana.b@example.org"].'
    )
    organisation_domains: tuple[str, ...] = option(
        (), "Domains of your organisation; subdomains belong to them. Empty: the domain of your own address."
    )
    assistants: tuple[str, ...] = option(
        (),
        "People who book meetings for others, mailboxes, rooms and machines that take no part; by name without an address; "
        "@domain for all of one.",
    )
    colleagues: tuple[str, ...] = option(
        (), "People who look like one of these, or like somebody else, and are people of their own who take part."
    )
    roles: Mapping[str, Relation] = option(
        {}, "What someone is to you: confirmed, denied, manager, report, mentor, peer or personal; wins over the signs."
    )
    bot_patterns: tuple[str, ...] = option(
        (), 'Further bots, by address or name (shell wildcards: "*bot@example.com").'
    )
    group_patterns: tuple[str, ...] = option((), 'Further group addresses (shell wildcards: "crew-*@example.com").')
    automated_patterns: tuple[str, ...] = option((), "Further automated organizers (shell wildcards).")
    strict: bool = option(False, "Count a one-to-one only where both sides accepted.")


@dataclass(frozen=True, slots=True)
class TitleOptions:
    """Words in titles, beside those that ship for seven languages (regular expressions, matched without case)."""

    __pydantic_config__ = _FORBID

    one_to_one: tuple[str, ...] = option((), "Further titles that say one-to-one.")
    never_one_to_one: tuple[str, ...] = option((), "Titles that are never a one-to-one, whatever else they say.")
    leave: tuple[str, ...] = option((), "Further titles that say leave.")
    interview: tuple[str, ...] = option((), "Further titles that say interview.")
    automated: tuple[str, ...] = option((), "Further titles of broadcasts (webinar, all-hands …).")


@dataclass(frozen=True, slots=True)
class WorkingPeriod:
    """A span of days with other working hours: part-time, shifts, a parental leave at half time."""

    __pydantic_config__ = _FORBID

    start: date = option(date.min, "First day.")
    end: date = option(date.max, "Last day (included).")
    hours: Mapping[Weekday, tuple[str, ...]] = option({}, "Hours per weekday; a weekday that is not named is free.")


_NINE_TO_FIVE: dict[Weekday, tuple[str, ...]] = {
    "monday": ("09:00-17:00",),
    "tuesday": ("09:00-17:00",),
    "wednesday": ("09:00-17:00",),
    "thursday": ("09:00-17:00",),
    "friday": ("09:00-17:00",),
}


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """When the owner works."""

    __pydantic_config__ = _FORBID

    zone: str = option("", "Your time zone, an IANA name (Europe/Berlin). Empty: the calendar's, else the system's.")
    country: str = option("", "ISO 3166 code of the country whose public holidays you have (DE, GB, US). Empty: none.")
    subdivision: str = option("", "Part of the country, where holidays differ (BY, ENG, CA).")
    days_off: tuple[date, ...] = option((), "Further days off.")
    hours: Mapping[Weekday, tuple[str, ...]] = option(
        _NINE_TO_FIVE, 'Working hours per weekday ("09:00-12:30", "13:30-17:00"); a weekday that is not named is free.'
    )
    periods: tuple[WorkingPeriod, ...] = option((), "Spans of days with other hours; the last that fits a day wins.")


@dataclass(frozen=True, slots=True)
class RateOptions:
    """One-to-one rate and flag (docs/scoring.md). Rates are one-to-ones a week."""

    __pydantic_config__ = _FORBID

    low: float = option(0.5, "Below this many one-to-ones a week someone is at risk.")
    healthy: float = option(1.0, "From this many a week on, all is well.")
    at_risk_probability: float = option(0.815, "`at_risk` from this probability of a rate below `low`.")
    at_risk_bursts_probability: float = option(0.895, "… or from this one so far as one-to-ones come in bursts.")
    wary_share: float = option(0.5, "… and bursts are then taken for as likely as this, before the weeks show them.")
    watch_probability: float = option(0.5, "`watch` from this probability of a rate below `low`.")
    below_healthy_probability: float = option(0.8, "`watch` from this probability of a rate below `healthy`.")
    run_weeks: float = option(4.0, "`at_risk` from a stretch of so many exposed weeks.")
    run_probability: float = option(0.5, "`at_risk` from this probability of a rate below `low` for that long.")
    pause_factor: float = option(2.0, "… and not while the rate over so many of one's own longest pauses is fair.")
    beyond_chance: float = option(0.05, "A silence that chance makes this seldom, after one's own pauses, is no pause.")
    even_pauses: float = option(1.5, "… where the longest of these is at most so many times their mean, as in rounds.")
    fallen_probability: float = option(0.8, "`watch` (fallen) from this probability of a recent change for the worse.")
    fallen_share: float = option(0.5, "… to less than this share of the rate before, and below twice `healthy`.")
    prior_shape: float = option(0.4, "Shape of the Gamma prior of a rate (a0).")
    prior_weeks: float = option(0.4, "Weeks of the Gamma prior of a rate (b0).")
    burst_share: float = option(0.2, "Share of people whose one-to-ones come in bursts, before their weeks show it.")
    burst_scatter: float = option(5.0, "Variance over mean of the weeks of those people; of others it is 1 (Poisson).")
    change_weeks: float = option(80.0, "Mean number of exposed weeks between changes of a life (more than 1).")
    interval: float = option(0.8, "Width of the intervals shown.")
    recent_weeks: int = option(13, "How many weeks count as recent (fallen, narrow, trend).")
    narrow_people: float = option(2.0, "`watch` (narrow) below this effective number of people.")
    narrow_interactions: int = option(6, "… with at least this many interactions in the recent weeks.")
    min_weeks: float = option(4.0, "Under this many weeks of exposure nothing is said.")
    full_weeks: float = option(6.0, "Under this many weeks the most that is said is `watch`.")
    min_share_with_meetings: float = option(
        0.5, "Meetings with others in fewer than this share of exposed weeks: the calendar is not used for meetings."
    )


@dataclass(frozen=True, slots=True)
class RelationshipOptions:
    """Relationships (docs/relationships.md)."""

    __pydantic_config__ = _FORBID

    active: float = option(
        0.6, "`active` from this probability that a relationship is alive, where its rhythm is known."
    )
    active_once: float = option(
        0.52, "… and from this one after a single meeting; in between as the gaps are few or many."
    )
    cooling: float = option(0.3, "`cooling` from this probability on, `dormant` below.")
    min_interactions: int = option(3, "Fewer interactions are no sign of a relationship.")
    ends_per_year: float = option(1.0, "How often a tie ends (δ, a year).")
    prior_gap_weeks: float = option(9.0, "The gap in weeks that is expected before two people have met often.")
    prior_gaps: float = option(1.0, "How many gaps of one's own outweigh that expectation.")
    gap_evidence: float = option(3.0, "A rhythm is trusted as far as so many gaps tell: people's rhythms drift.")
    strength_half_life_days: float = option(28.0, "After so many days an interaction counts half for tie strength.")


@dataclass(frozen=True, slots=True)
class SituationOptions:
    """The four situations (docs/relationships.md)."""

    __pydantic_config__ = _FORBID

    min_filled: float = option(0.25, "Time is known where entries fill this share of working time.")
    min_choices: int = option(6, "Interest is known from so many choices on.")
    time_cut: float = option(0.35, "Much time from this share of open working time.")
    interest_cut: float = option(0.40, "High interest from this share of choices that go towards people.")
    borderline: float = option(0.10, "So near to a cut both neighbours are named.")


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """The visibility index (docs/relationships.md): what each part weighs, set against the others."""

    __pydantic_config__ = _FORBID

    rate: float = option(0.40, "The rate of one-to-ones.")
    relationships: float = option(0.30, "The strength of the relationships.")
    breadth: float = option(0.20, "The effective number of people.")
    reach: float = option(0.10, "The share of active relationships outside the organisation.")


Answer = Literal["ask", "yes", "no"]


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """Your answers to what a calendar leaves open, for all such entries; `calsight answer` asks for them (docs/meaning.md)."""

    __pydantic_config__ = _FORBID

    unknown: Answer = option("ask", "Entries that do not say who was there: were they one-to-ones? yes, no or ask.")
    untitled: Answer = option(
        "ask", "Entries that list nobody, and whose title may name somebody: were they one-to-ones?"
    )
    unanswered: Answer = option("ask", "Invitations for two that you never answered: did you meet?")
    during_absence: Answer = option("ask", "Meetings for two inside your absences: did you meet?")


@dataclass(frozen=True, slots=True)
class Options:
    """All the options on which a judgement depends, in one value; each as the section of its name says."""

    owner: OwnerOptions = OwnerOptions()
    people: PeopleOptions = field(default_factory=PeopleOptions)
    titles: TitleOptions = TitleOptions()
    work: WorkOptions = field(default_factory=WorkOptions)
    rate: RateOptions = RateOptions()
    relationships: RelationshipOptions = RelationshipOptions()
    situation: SituationOptions = SituationOptions()
    index: IndexOptions = IndexOptions()
    answers: AnswerOptions = AnswerOptions()


Network = Literal["all", "public", "none"]


@dataclass(frozen=True, slots=True)
class SourcesOptions:
    """What sources may reach. A person at their own machine needs none of this; a product that reads for others does."""

    __pydantic_config__ = _FORBID

    network: Network = option(
        "all",
        "all; public: no address of this machine or a private network, whatever its name or a redirect says; none.",
    )
    folders: tuple[str, ...] | None = option(
        None, "Files outside these folders are not read, nor is standard input; an empty list: no files at all."
    )


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """What calsight remembers of its own reports, on this machine."""

    __pydantic_config__ = _FORBID

    keep: bool = option(True, "Keep a small local history of reports: dates and numbers, no names.")
