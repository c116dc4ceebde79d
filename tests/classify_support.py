"""Shared by the tests of people, owner and classification: Ana is the owner, colleagues are at example.com."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calsight.core.classify import Bench, Presence, Rule, classify
from calsight.core.events import Calendar, CalendarEvent
from calsight.core.meetings import Meeting, Owner
from calsight.core.options import PeopleOptions, TitleOptions
from calsight.testing import moment

ANA = Owner(addresses=("ana@example.com",), name="Ana Example", how="given")
NAMES = Calendar(id="work", name="work", names_people=True)
NO_NAMES = Calendar(id="plain", name="plain", names_people=False)
GOOGLE = Calendar(id="google", name="google", names_people=True, organizer_listed=True)
OUTLOOK = Calendar(id="outlook", name="outlook", names_people=True, organizer_listed=False)
AS_OF = moment("2026-06-01")


def judge_all(
    events: Sequence[CalendarEvent],
    owner: Owner = ANA,
    *,
    rules: Sequence[Rule] = (),
    titles: TitleOptions | None = None,
    **people: Any,
) -> list[Meeting]:
    """All meetings, with the settings' people given by keyword."""
    return classify(
        events, owner, people=PeopleOptions(**people), titles=titles or TitleOptions(), as_of=AS_OF, rules=rules
    )


def judge(event: CalendarEvent, owner: Owner = ANA, **options: Any) -> Meeting:
    """The meeting of one event, judged by itself."""
    (meeting,) = judge_all([event], owner, **options)
    return meeting


def verdict(event: CalendarEvent, owner: Owner = ANA, **options: Any) -> tuple[str, str]:
    """Kind and reason of one event."""
    meeting = judge(event, owner, **options)
    return meeting.kind.value, meeting.reason


def presence_of(event: CalendarEvent, owner: Owner = ANA, **people: Any) -> Presence:
    """Who was there."""
    return Bench([event], owner, people=PeopleOptions(**people), titles=TitleOptions()).presences[0]
