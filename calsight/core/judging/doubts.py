"""What a meeting could also be (docs/meaning.md, "What a meeting could also be").

A kind is the best reading of an entry. Where a reasonable person could read it otherwise, the meeting carries a doubt: why, and
what it could be instead. Doubts change no kind; the verdict is taken only as far as all readings agree (`rate.readings`), and
the one question is asked whose answer would settle most. An answer (a setting or a correction) settles a doubt for good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from calsight.core.judging.companions import Companions, everyone
from calsight.core.judging.rows import Case, Verdict
from calsight.core.judging.untitled import Untitled
from calsight.core.model.events import CalendarEvent
from calsight.core.model.meetings import YOU_SAID, CouldBe, Doubt, DoubtCode, Kind, Meeting, Person, Scope, Size
from calsight.core.model.options import AnswerOptions
from calsight.core.model.report import Reason
from calsight.core.model.vocabulary import Word
from calsight.core.people.directory import Directory
from calsight.core.people.names import called
from calsight.core.people.presence import Presence
from calsight.core.people.roles import is_mailbox
from calsight.core.wording.reasons import reason

#: What takes longer is taken for no one-to-one where nothing says so.
LONGEST = timedelta(hours=2.5)


class Holds(Word):
    """When a doubt about entries that are judged alike holds for one of them."""

    ALWAYS = "always"
    IN_HOURS = "in_hours"
    SINGLE = "single"


class Doubter(NamedTuple):
    """What is known of an owner's calendars when it is asked what one entry could also be.

    directory   who is who
    companions  who makes meetings of two into meetings of three
    untitled    what entries that list nobody may be
    bare        whether an event's calendar names nobody, while another of the owner's does
    works       whether an event begins in the owner's working hours
    answers     what the owner answered once for all
    """

    directory: Directory
    companions: Companions
    untitled: Untitled
    bare: Callable[[CalendarEvent], bool]
    works: Callable[[CalendarEvent], bool]
    answers: AnswerOptions

    def of(self, case: Case, verdict: Verdict) -> list[tuple[Doubt, Holds]]:
        """The doubts about entries that are judged alike, of which `case` is one; nearly always none.

        Of whom the owner calls private nothing is asked: whether they met does not count.
        """
        found = self._of(case, verdict)
        return found and [(doubt, when) for doubt, when in found if not self._is_private(doubt, case.presence)]

    def _is_private(self, doubt: Doubt, presence: Presence) -> bool:
        """Whether the one-to-one that it is, or could be, is with somebody whom the owner calls private."""
        other = doubt.person if doubt.could_be == "one_to_one" else next(iter(presence.others), None)
        return other is not None and self.directory.is_personal(other)

    def _of(self, case: Case, verdict: Verdict) -> list[tuple[Doubt, Holds]]:
        presence = case.presence
        others = presence.others
        two = presence.company == 1 and len(others) == 1
        match verdict.kind:
            case Kind.UNKNOWN if verdict.reason == "possible_delegate":
                return _always(*self._companion(presence))
            case Kind.UNKNOWN:
                return [(Doubt(DoubtCode.UNKNOWN, "one_to_one"), Holds.IN_HOURS)] if self._hides(case, verdict) else []
            case Kind.GROUP | Kind.CONFERENCE_CALL if _with_mailbox(case):
                return [(Doubt(DoubtCode.UNKNOWN, "one_to_one"), Holds.IN_HOURS)]
            case Kind.GROUP | Kind.CONFERENCE_CALL:
                return _always(*self._companion(presence))
            case Kind.EXCLUDED if verdict.reason == "not_attending":
                return _always(*self._companion(presence))  # with one guest, the owner were the other half
            case Kind.SOLO if verdict.reason == "alone":
                return [*_always(*_read_as(presence, "one_to_one", self.directory.person)), *self._alone(case)]
            case Kind.EXCLUDED if two and verdict.reason == "free":
                return _always(Doubt(DoubtCode.UNANSWERED, "one_to_one", person=others[0]))
            case Kind.EXCLUDED if two and verdict.reason == "during_absence":
                return [(Doubt(DoubtCode.DURING_ABSENCE, "one_to_one", person=others[0]), Holds.SINGLE)]
            case Kind.ONE_TO_ONE:
                doubts = _always(*_read_as(presence, "none", self.directory.person))
                if two and presence.answered is False:
                    doubts += _always(Doubt(DoubtCode.UNANSWERED, "none", person=others[0]))
                return doubts
            case _:
                return []

    def holds(self, when: Holds, event: CalendarEvent) -> bool:
        """Whether a doubt about entries like this one holds for it."""
        match when:
            case Holds.IN_HOURS:
                return self.works(event)
            case Holds.SINGLE:
                return event.series is None
            case _:
                return True

    def settle(self, meeting: Meeting, doubts: Sequence[Doubt], *, held: bool) -> Meeting:
        """The meeting with its doubts, as far as the owner has not answered them. `held` says whether it is past."""
        for doubt in doubts:
            answer = getattr(self.answers, doubt.code.value, "ask")
            if answer == "ask":
                meeting = replace(meeting, doubts=(*meeting.doubts, doubt))
            elif answer == "yes" and doubt.could_be == "one_to_one":
                meeting = replace(
                    meeting,
                    kind=Kind.ONE_TO_ONE,
                    reason=YOU_SAID,
                    headcount=2,
                    size=Size.SMALL,
                    counterparts=(doubt.person,) if doubt.person else (),
                    held=held,
                    scope=self.directory.scope_as_met(doubt.person) if doubt.person else Scope.OTHER,
                )
            elif answer == "no" and doubt.could_be == "none":
                meeting = replace(meeting, kind=Kind.EXCLUDED, reason=YOU_SAID, scope=None, held=None)
            elif answer == "no" and meeting.kind is Kind.UNKNOWN:
                # Who was there stays unknown; that it was no one-to-one is not.
                meeting = replace(meeting, reason=YOU_SAID)
        return meeting

    def _companion(self, presence: Presence) -> Iterator[Doubt]:
        """Without its companions a meeting of three or more may have been for two."""
        if not self.companions.ids:
            return
        others = everyone(presence, self.directory.own_domains)
        beside = self.companions.beside(others)
        left = self.companions.left(others)
        if beside and len(left) == 1:
            unit = self.companions.unit
            also = next((one for one in beside[1:] if unit(one) == unit(beside[0])), "")
            yield Doubt(DoubtCode.COMPANION, "one_to_one", beside[0], left[0], also)

    def _hides(self, case: Case, verdict: Verdict) -> bool:
        """Whether an entry of which nobody knows who was there may have been for two."""
        event = case.event
        if event.end - event.start > LONGEST:
            return False
        if verdict.reason == "automated" and case.says.to_many(event.title):
            return False
        return (
            not self.bare(event) or not event.title or case.says.busy(event.title) or self.untitled.named(event.title)
        )

    def _alone(self, case: Case) -> list[tuple[Doubt, Holds]]:
        event = case.event
        if case.presence.lists_others or event.end - event.start > LONGEST:
            return []
        doubt = Doubt(DoubtCode.UNTITLED, "one_to_one")
        if self.untitled.named(event.title):
            return [(doubt, Holds.ALWAYS)]
        return [(doubt, Holds.IN_HOURS)] if self.untitled.undecided(event) else []


def _with_mailbox(case: Case) -> bool:
    """Whether the only guest is an office's mailbox ("support@"), which may be read by one: who came is not known."""
    presence = case.presence
    alone = presence.company == 2 and len(presence.groups) == 1 and is_mailbox(presence.groups[0])
    return alone and case.event.end - case.event.start <= LONGEST


def doubt_said(doubt: Doubt, person: Callable[[str], Person]) -> Reason:
    """What an entry could also be and why, in a sentence; `person` gives the one of an identity."""
    code = f"doubt_{doubt.code}" if not doubt.also else _OF_TWO[doubt.code]
    if code in _SAID_BOTH_WAYS and doubt.could_be == "none":
        code += "_none"
    values = {"name": called(person(doubt.about))} if doubt.about else {}
    if doubt.also:
        values["other"] = called(person(doubt.also))
    if doubt.code is DoubtCode.COMPANION and doubt.person is not None:
        values["person"] = called(doubt.person)
    return reason(code, **values)


#: What is said of doubts that hang on two.
_OF_TWO = {DoubtCode.SAME_NAME: "doubt_one_person", DoubtCode.COMPANION: "doubt_companions"}
#: Doubts that make of a one-to-one none, or of none a one-to-one.
_SAID_BOTH_WAYS = frozenset({"doubt_same_name", "doubt_place", "doubt_unanswered", "doubt_personal"})


def _always(*doubts: Doubt) -> list[tuple[Doubt, Holds]]:
    return [(doubt, Holds.ALWAYS) for doubt in doubts]


def _read_as(presence: Presence, could_be: CouldBe, person: Callable[[str], Person]) -> Iterator[Doubt]:
    """Lines that were read as another's, or as a room's, for their names."""
    for one, other in presence.doubles:
        yield Doubt(DoubtCode.SAME_NAME, could_be, one, person(one), also=other)
    for one in presence.places:
        yield Doubt(DoubtCode.PLACE, could_be, one, person(one))
