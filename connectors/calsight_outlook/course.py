"""The course of one fetch: what has changed, or all there is with a token for the next time; calendarView where that fails.

Asking for changes (delta) is an optimisation. Graph has been seen not to support it for a calendar, to send pages that bring
nothing new for ever, and never to answer in time; then everything is read through calendarView, and that is said once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from calsight import Calendar, Problem
from calsight.errors import PayloadInvalidError, ServerTroubleError
from calsight.kit.answers import StateRefusedError
from calsight.kit.sync import Pages, sync_state
from calsight.protocols import Page
from calsight_outlook.changes import Changes
from calsight_outlook.view import View

#: What asking for changes may lose to failing and waiting (seconds): what it is good for can be had in another way.
_DEADLINE = 60.0
_AS_A_WHOLE = (
    "Microsoft did not say what changes in this calendar, so all of it was read, and will be the next time. "
    "Nothing is missing."
)
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Course:
    """One fetch of one calendar. `bound` is what its state is bound to."""

    view: View
    pages: Pages
    began: datetime
    bound: Mapping[str, Any] = field(default_factory=dict)

    @property
    def _calendar(self) -> Calendar:
        return self.view.translator.calendar

    def whole(self) -> Iterator[Page]:
        """All there is, through calendarView. Raises `StateRefusedError`, as the others do."""
        return (self.pages.page(found, self._calendar) for found in self.view.everything())

    def since(self, known: Mapping[str, Any]) -> Iterator[Page]:
        """What has changed since the `known` state."""
        changes = self._changes()
        try:
            for found in changes.since(known["token"]):
                yield self.pages.page(found, self._calendar, increment=True)
        except (PayloadInvalidError, ServerTroubleError) as error:
            raise StateRefusedError(error) from None
        state = sync_state(self.bound, changes.token, known["full"])
        yield Page(state=state, increment=True, calendar=self._calendar)

    def everything(self) -> Iterator[Page]:
        """All there is, with a state; without one, where Graph cannot say what changes."""
        changes = self._changes()
        try:
            for found in changes.everything():
                self.view.seen.update(event.id for event in found.events)
                yield self.pages.page(found, self._calendar)
        except (PayloadInvalidError, ServerTroubleError, StateRefusedError):
            _LOG.info("Microsoft does not say what changes in this calendar; it is read as a whole.")
            problem = Problem("read_as_a_whole", _AS_A_WHOLE, self._calendar.name)
            yield Page(problems=[problem], calendar=self._calendar)
            yield from self.whole()
        else:
            yield Page(state=sync_state(self.bound, changes.token, self.began.isoformat()), calendar=self._calendar)

    def _changes(self) -> Changes:
        """A round of delta, which does not count for what calendarView has given."""
        return Changes(replace(self.view, graph=self.view.graph.brief(_DEADLINE), seen=set()))
