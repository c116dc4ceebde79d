"""Incremental fetches: what a sync state is good for, the course of a fetch that has one, and the pages that it yields.

A sync state is a text of the service's (a token) together with what it is bound to: whatever changes the answer (version of the
connector, account, calendar, query, window). Where anything of that differs, or the last full fetch is too long ago, it is of
no use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from calsight.core.model.events import Calendar, Window
from calsight.kit.answers import StateRefusedError
from calsight.kit.entries import Found
from calsight.kit.texts import read_json
from calsight.kit.times import utc_text
from calsight.protocols import Page, Progress, ProgressCallback


def binding(version: int, window: Window, *whose: str) -> dict[str, Any]:
    """What a sync state is bound to: the connector's version of it, the window, and (as a digest) `whose` calendar it is."""
    digest = sha256("\0".join(whose).encode()).hexdigest()
    return {"version": version, "whose": digest, "start": utc_text(window.start), "end": utc_text(window.end)}


def sync_state(bound: Mapping[str, Any], token: str, full: str) -> bytes:
    """What to keep of a fetch: what it is bound to, the service's token, and when the last full fetch began (ISO 8601)."""
    return json.dumps({**bound, "token": token, "full": full}).encode()


def usable_state(
    state: bytes | None, bound: Mapping[str, Any], now: datetime, *, lasts: timedelta
) -> Mapping[str, Any] | None:
    """What `sync_state` was given, if it is bound to the same and the last full fetch began less than `lasts` ago."""
    if not state:
        return None
    try:
        known = read_json(state)
        fresh = now - datetime.fromisoformat(known["full"]) < lasts
    except (ValueError, TypeError, KeyError):
        return None
    same = all(known.get(key) == value for key, value in bound.items())
    return known if same and fresh and isinstance(known.get("token"), str) else None


def increment_or_all(
    known: Mapping[str, Any] | None,
    increment: Callable[[Mapping[str, Any]], Iterator[Page]],
    everything: Callable[[], Iterator[Page]],
) -> Iterator[Page]:
    """The pages of an increment since the `known` state; of everything, where there is none or the service refuses it.

    Both functions raise `StateRefusedError` where the service does not go on, even half-way. The pages of everything replace
    those of an increment. Everything is read from its beginning once more, without what has come already; where that is
    refused, too, the refusal's own error is raised.
    """
    if known is not None:
        try:
            yield from increment(known)
        except StateRefusedError:
            pass
        else:
            return
    delivered: set[str] = set()
    try:
        for page in everything():
            delivered.update(event.key for event in page.events)
            yield page
    except StateRefusedError:
        pass
    else:
        return
    try:
        for page in everything():
            yield replace(page, events=[event for event in page.events if event.key not in delivered])
    except StateRefusedError as refused:
        error = refused.error
    else:
        return
    raise error


class Pages:
    """Makes the pages of one fetch, and says with each how far the fetch is; it counts on where all there is follows."""

    def __init__(self, name: str, progress: ProgressCallback | None) -> None:
        """`name` is the calendar's."""
        self._name = name
        self._progress = progress
        self._done = self._pages = 0

    def page(self, found: Found, calendar: Calendar, *, state: bytes | None = None, increment: bool = False) -> Page:
        """The page of what was found; the last one carries the `state`."""
        self._pages += 1
        self._done += len(found.events)
        if self._progress:
            self._progress(Progress(calendar=self._name, done=self._done, unit="events", pages=self._pages))
        return Page(
            events=found.events,
            problems=found.problems,
            removed=found.removed,
            state=state,
            increment=increment,
            calendar=calendar,
        )
