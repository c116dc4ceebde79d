"""When participants are unknown, which is not nobody: docs/meaning.md, "Who was there".

Besides the entry itself this takes two facts that no single entry tells: whether its calendar ever names people, and who may
be somebody's delegate.
"""

from __future__ import annotations

from collections.abc import Sequence

from calsight.core.judging.titles import Titles
from calsight.core.model.events import Calendar, CalendarEvent
from calsight.core.people.directory import Directory, Role, people_among
from calsight.core.people.presence import Presence, organizer_unknown


def unknown_reason(
    event: CalendarEvent, presence: Presence, says: Titles, suspects: set[str], *, names_people: bool
) -> str | None:
    """Why the participants of an event are unknown, or None where they are known well enough."""
    company = presence.company
    if event.participants_hidden:
        return "participants_unknown"
    if company == 0 and not presence.lists_others:
        bare = event.private and not event.title.strip()
        if not names_people or bare or says.busy(event.title) or organizer_unknown(event):
            return "participants_unknown"
    if company == 1 and not presence.others:  # one guest, or one line without name and address
        return "participants_unknown"
    if company == 1 and not presence.owner_listed and presence.organizer in presence.others:
        return "participants_unknown"  # someone else's entry: how it reached the owner, and who else got it, is unknown
    if presence.organizer is not None and presence.organizer.id in suspects and _is_pair(presence):
        return "possible_delegate"
    if company == 0 and presence.machine_invites:
        return "automated"
    # A list of two is to be believed, save where one speaks to many who see no list.
    if company == 1 and presence.others:
        return "automated" if presence.only_organises and says.to_many(event.title) else None
    return "automated" if company == 0 and says.broadcast(event.title) else None


def _is_pair(presence: Presence) -> bool:
    """The organizer and exactly one other are there beside the owner: a one-to-one, if the organizer only booked it."""
    return presence.company == 2 and len(presence.others) == 2 and presence.organizer in presence.others


class NamingCalendars:
    """Which calendars ever name two different people; as the connector says, else as the events show."""

    def __init__(self, events: Sequence[CalendarEvent], directory: Directory) -> None:
        self._names: dict[Calendar, bool] = {}
        seen: dict[int, Calendar] = {}  # the events keep them alive
        open_calendars: set[Calendar] = set()
        for event in events:
            calendar = event.calendar
            if id(calendar) not in seen:
                seen[id(calendar)] = calendar
                self._names.setdefault(calendar, bool(calendar.names_people))
                if calendar.names_people is None:
                    open_calendars.add(calendar)
        if open_calendars:
            for event in events:
                calendar = event.calendar
                if calendar.names_people is None and not self._names[calendar] and _names_two(event, directory):
                    self._names[calendar] = True
        self._by_object = {known: (calendar, self._names[calendar]) for known, calendar in seen.items()}

    def names_people(self, calendar: Calendar) -> bool:
        """Whether some entry of the calendar lists two different people."""
        known = self._by_object.get(id(calendar))
        return self._names[calendar] if known is None else known[1]

    @property
    def some_name_people(self) -> bool:
        """Whether any calendar does."""
        return any(self._names.values())


def _names_two(event: CalendarEvent, directory: Directory) -> bool:
    seen = directory.named_on(event)
    return len(people_among(seen)) > 1 or any(one.role is Role.GROUP for one in seen)
