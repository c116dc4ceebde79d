"""What a judged calendar amounts to: exposure, verdict and ties, each found out once, for whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Meeting
from calsight.core.model.report import Level, Question, Reason, Relationship
from calsight.core.people.directory import Directory
from calsight.core.people.unlisted import owner_doubts, unlisted
from calsight.core.rate.exposure import Exposure, measure
from calsight.core.rate.questions import owner_question, questions
from calsight.core.rate.readings import Doubtful
from calsight.core.rate.verdict import Assessment, assess, level_of_owner
from calsight.core.relationships.circle import Circle
from calsight.core.relationships.tie import Tie, relationship_of


@dataclass(frozen=True)
class Account:
    """One owner's calendar, judged, with all that follows from it.

    frame      in what it was judged
    meetings   all the owner's, of every kind, by start
    directory  everyone in them
    """

    frame: Frame
    meetings: Sequence[Meeting]
    directory: Directory = field(repr=False, compare=False)

    @cached_property
    def exposure(self) -> Exposure:
        """The time in which the owner could have met people."""
        return measure(self.meetings, self.frame)

    @cached_property
    def owner_doubts(self) -> list[Reason]:
        """Why the owner may be somebody else: a verdict would then be about the wrong person."""
        return owner_doubts(self.directory)

    @cached_property
    def assessment(self) -> Assessment:
        """The verdict, and what it is made of."""
        return assess(self.exposure, self.frame, self.owner_doubts)

    @property
    def level(self) -> Level:
        """The level of the assessment, found alone: much quicker."""
        return level_of_owner(self.exposure, self.frame, self.owner_doubts)

    @cached_property
    def questions(self) -> list[Question]:
        """What the owner is asked, since the verdict hangs on it; [] where nothing can be said, or all readings agree.

        Where the owner may be somebody else, that is the one question.
        """
        if self.owner_doubts and (found := unlisted(self.directory.listed, self.directory)) is not None:
            return owner_question(found, self.directory)
        if self.assessment.flag.level == "insufficient_data":
            return []
        return questions(Doubtful.of(self.exposure, self.frame), self.frame, self.directory)

    @cached_property
    def ties(self) -> list[Tie]:
        """Everyone whom the owner met one-to-one, and those whom they name, most in need first."""
        return self._circle.ties()

    def ties_at(self, moment: datetime) -> list[Tie]:
        """The ties as they stood at an earlier moment, without what may have been booked since."""
        return self._circle.ties(moment)

    @cached_property
    def relationships(self) -> list[Relationship]:
        """The ties as the report shows them."""
        return [relationship_of(tie, self.frame) for tie in self.ties]

    @cached_property
    def _circle(self) -> Circle:
        return Circle(self.meetings, self.exposure, self.directory, self.frame)
