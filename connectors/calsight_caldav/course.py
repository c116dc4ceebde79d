"""The course of a fetch: what has changed since an earlier one, or all that overlaps the window.

First the server says which entries there are (a time-range query, or what has changed), by name and ETag; then their content is
asked for, some hundred at a time, so that memory does not grow with the calendar. A state is what a later fetch asks with: the
server's sync token (RFC 6578), or, where it has none, the collection's tag and all ETags. It is asked for before the entries
are, so that what changes meanwhile is told next time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from calsight import Calendar, Problem, Window
from calsight.errors import PayloadInvalidError, SourceError
from calsight.kit.answers import Service, StateRefusedError
from calsight.kit.calendars import called
from calsight.kit.entries import Found
from calsight.kit.sync import Pages, sync_state
from calsight.kit.texts import read_json
from calsight.protocols import Page
from calsight_caldav.dav import Answer, Dav
from calsight_caldav.trouble import TOO_MUCH, Refused, forbidden, service_of
from calsight_caldav.xml import (
    CALDAV,
    DAV,
    SERVER,
    Resource,
    changed_since,
    in_range,
    names_in,
    path_of,
    propfind,
    these,
)
from calsight_ics import read_objects

#: Entries whose content is asked for at once.
BATCH = 200
#: A day's entries belong to other moments in other zones, so that more is asked for than the window.
_MARGIN = timedelta(days=1)
#: A shorter span is not halved.
_LEAST = timedelta(days=7)
_GONE = (404, 410)
#: Where these come, fewer entries at once may do: one of them is gone (sabre/dav), or the answer is too long.
_FEWER = (*_GONE, 413, TOO_MUCH)
_MOST_PARTS = 1000
#: So begin DAViCal's sync tokens.
_DAVICAL = "data:,"
_TAG, _TOKEN, _REPORTS = f"{SERVER}getctag", f"{DAV}sync-token", f"{DAV}supported-report-set"
_SYNC = f"{DAV}sync-collection"

#: An entry's name in its calendar → its ETag.
Tags = dict[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an increment is about: the entries to read, those that are gone, and the state to keep."""

    tags: Mapping[str, str]
    gone: Sequence[str]
    state: Mapping[str, Any]


@dataclass(slots=True)
class Course:
    """One fetch of one calendar. `zone` is where its days belong; `bound` is what its state is bound to."""

    dav: Dav
    calendar: Calendar
    window: Window
    zone: str
    bound: Mapping[str, Any]
    began: datetime
    pages: Pages
    _told: set[tuple[str, str]] = field(default_factory=set)
    _urls: dict[str, str] = field(default_factory=dict)

    def everything(self) -> Iterator[Page]:
        """All that overlaps the window."""
        state = self._state()
        tags = self._in_window()
        if "etags" in state:
            state["etags"] = tags
        yield from self._pages(
            tags, (), sync_state(self.bound, json.dumps(state), self.began.isoformat()), increment=False
        )

    def increment(self, known: Mapping[str, Any]) -> Iterator[Page]:
        """What has changed. Raises `StateRefusedError` where the server does not know the state any more."""
        try:
            kept = read_json(known["token"])
            changes = self._since(kept["sync"]) if "sync" in kept else self._compared(kept)
        except (ValueError, KeyError, TypeError):
            raise StateRefusedError(PayloadInvalidError("The state is of no use.")) from None
        state = sync_state(self.bound, json.dumps(changes.state), known["full"])
        yield from self._pages(changes.tags, changes.gone, state, increment=True)

    # --- which entries --------------------------------------------------------------------------------------------------------

    def _state(self) -> dict[str, Any]:
        """What to ask with the next time."""
        found = self._collection(propfind(_TOKEN, _TAG, _REPORTS))
        token = found.text(_TOKEN)
        if token and (_REPORTS not in found.props or _SYNC in found.tags(_REPORTS)):
            return {"sync": token}
        return {"tag": found.text(_TAG), "etags": {}}

    def _collection(self, body: str) -> Resource:
        try:
            answer = self.dav.propfind(self.calendar.id, body)
        except Refused as refused:
            error = self._refused(refused)
        else:
            return next(answer.resources(), Resource(self.calendar.id, 200, {}))
        raise error

    def _in_window(self) -> Tags:
        return self._between(self.window.start - _MARGIN, self.window.end + _MARGIN)

    def _between(self, start: datetime, end: datetime) -> Tags:
        """What overlaps a span of time; where that is more than the server gives at once, of its halves."""
        error: SourceError
        try:
            answer = self.dav.report(self.calendar.id, in_range(start, end))
        except Refused as refused:
            cut_off, error = refused.status == TOO_MUCH, self._refused(refused)
        else:
            if not any(found.status == TOO_MUCH for found in answer.resources()):
                return dict(self._entries(answer))
            cut_off = True
            error = PayloadInvalidError(f"{self._service.name} gives only some entries of a week: try later.")
        if not cut_off or end - start < _LEAST:
            raise error
        middle = start + (end - start) / 2
        return self._between(start, middle) | self._between(middle, end)

    def _entries(self, answer: Answer) -> Iterator[tuple[str, str]]:
        name_of = names_in(answer.url)
        for found in answer.resources():
            name = name_of(found.url)
            if name and found.status < 300:
                self._urls[name] = found.url
                yield name, found.text(f"{DAV}getetag")

    def _since(self, token: str) -> Changes:
        """What the server says has changed, in as many parts as it likes (RFC 6578, 3.6)."""
        tags: Tags = {}
        gone: dict[str, None] = {}
        for _ in range(_MOST_PARTS):
            try:
                answer = self.dav.report(self.calendar.id, changed_since(_earlier(token)), depth=0)
            except Refused as refused:
                raise StateRefusedError(self._refused(refused)) from None
            more, name_of = False, names_in(answer.url)
            for found in answer.resources():
                if path_of(found.url) == path_of(answer.url):  # the collection itself, which iCloud lists
                    more = more or found.status == TOO_MUCH
                elif name := name_of(found.url):
                    tags.pop(name, None)
                    gone.pop(name, None)
                    if found.status in _GONE:
                        gone[name] = None
                    else:
                        self._urls[name] = found.url
                        tags[name] = found.text(f"{DAV}getetag")
            following = answer.text(_TOKEN)
            if not following or (more and following == token):
                break
            token = following
            if not more:
                self._check_known(token, tags)
                return Changes(tags, tuple(gone), {"sync": token})
        raise StateRefusedError(PayloadInvalidError(f"{self._service.name} gave changes without end: try later."))

    def _check_known(self, token: str, tags: Tags) -> None:
        """DAViCal answers a token that it has forgotten with all that there is, and does not tell what is gone."""
        if token.startswith(_DAVICAL) and tags and tags.keys() >= self._in_window().keys():
            raise StateRefusedError(PayloadInvalidError(f"{self._service.name} does not know the state any more."))

    def _compared(self, kept: Mapping[str, Any]) -> Changes:
        """What differs from the ETags that are kept, where the collection's own tag does."""
        state = self._state()
        if "etags" not in state:  # it has learnt to tell what changes: from now on so
            raise StateRefusedError(PayloadInvalidError("The state is of no use."))
        before = dict(kept["etags"])
        if state["tag"] and state["tag"] == kept["tag"]:
            return Changes({}, (), {**state, "etags": before})
        now = self._in_window()
        changed = {name: tag for name, tag in now.items() if not tag or before.get(name) != tag}
        return Changes(changed, [name for name in before if name not in now], {**state, "etags": now})

    # --- their content --------------------------------------------------------------------------------------------------------

    def _pages(self, tags: Mapping[str, str], gone: Sequence[str], state: bytes, *, increment: bool) -> Iterator[Page]:
        calendar = replace(self.calendar, last_sign=self.began.replace(microsecond=0))
        names = list(tags)
        removed = list(gone)
        for first in range(0, max(len(names), 1), BATCH):
            batch = names[first : first + BATCH]
            found = self._read(batch, calendar)
            if increment:
                found.removed = [one for name in (*removed, *batch) for one in _keys(name)]
                removed = []
            last = first + BATCH >= len(names)
            yield self.pages.page(found, calendar, state=state if last else None, increment=increment)

    def _read(self, names: Sequence[str], calendar: Calendar) -> Found:
        found = Found()
        self.translated(self._contents(names, found), calendar, found)
        return found

    def translated(self, contents: Mapping[str, bytes], calendar: Calendar, found: Found) -> None:
        """Put what these entries hold, by name, to what is found."""
        for one in read_objects(contents, calendar, self.window, zone=self.zone):
            found.events += one.events
            found.problems += [problem for problem in one.problems if self._is_news(problem)]

    def _is_news(self, problem: Problem) -> bool:
        """What is of the calendar, not of an entry, is said once."""
        mark = (problem.code, problem.text)
        if not problem.uid and mark in self._told:
            return False
        self._told.add(mark)
        return True

    def _contents(self, names: Sequence[str], found: Found) -> dict[str, bytes]:
        """What these entries are, by name; those that are gone meanwhile are left out, those that are withheld are problems."""
        if not names:
            return {}
        try:
            answer = self.dav.report(self.calendar.id, these(self._urls[name] for name in names), depth=None)
        except Refused as refused:
            status, error = refused.status, self._refused(refused)
        else:
            return self.given(answer, set(names), found)
        if status in _FEWER and len(names) > 1:
            half = len(names) // 2
            return self._contents(names[:half], found) | self._contents(names[half:], found)
        if status in _GONE:
            return {}
        raise error

    def given(self, answer: Answer, names: set[str], found: Found) -> dict[str, bytes]:
        """The contents in an answer, of these names; what is withheld becomes a problem of what is found."""
        given: dict[str, bytes] = {}
        name_of = names_in(answer.url)
        for one in answer.resources():
            name = name_of(one.url)
            if name not in names or one.status in _GONE:
                continue
            data = one.props.get(f"{CALDAV}calendar-data")
            if data is not None and data.text:
                given[name] = data.text.encode()
            else:
                text = "The server lists an entry of this calendar, but does not give what is in it; it was left out."
                found.problems.append(Problem("bad_entry", text, self.calendar.name, name.removesuffix(".ics")))
        return given

    # --- trouble --------------------------------------------------------------------------------------------------------------

    @property
    def _service(self) -> Service:
        return service_of(self.dav.login.server)

    def _refused(self, refused: Refused) -> SourceError:
        if refused.status in (403, *_GONE):
            return forbidden(called(self.calendar), self.dav.login.server)
        return self._service.refused(refused.status)


def _keys(name: str) -> tuple[str, ...]:
    """What to remove for an entry: its events, and problems, which go by its UID; most programs name an entry by that."""
    uid = name.removesuffix(".ics")
    return (name, uid) if uid != name else (name,)


def _earlier(token: str) -> str:
    """SOGo's tokens are the second of the last change: whatever changed in that same second is asked for once more."""
    return str(int(token) - 1) if token.isdigit() and len(token) == 10 else token
