"""The sections of the settings: what there is and of which type. What a value may be beyond its type is in `checks`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from calsight.core.model.options import (
    AnswerOptions,
    HistoryOptions,
    IndexOptions,
    OwnerOptions,
    PeopleOptions,
    RateOptions,
    RelationshipOptions,
    SituationOptions,
    SourcesOptions,
    TitleOptions,
    WorkOptions,
)


class Sections(BaseModel):
    """The shape of the settings; `calsight.settings.Settings` is this, checked."""

    # What checks a value is made for the first that is given: most people give none, and it takes longer than a small calendar.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    owner: OwnerOptions = Field(default_factory=OwnerOptions)
    people: PeopleOptions = Field(default_factory=PeopleOptions)
    titles: TitleOptions = Field(default_factory=TitleOptions)
    work: WorkOptions = Field(default_factory=WorkOptions)
    rate: RateOptions = Field(default_factory=RateOptions)
    relationships: RelationshipOptions = Field(default_factory=RelationshipOptions)
    situation: SituationOptions = Field(default_factory=SituationOptions)
    index: IndexOptions = Field(default_factory=IndexOptions)
    answers: AnswerOptions = Field(default_factory=AnswerOptions)
    history: HistoryOptions = Field(default_factory=HistoryOptions)
    sources: SourcesOptions = Field(default_factory=SourcesOptions)
    connectors: dict[str, dict[str, Any]] = Field(default_factory=dict)
