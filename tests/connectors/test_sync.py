"""Connector, store and server together: increments and full fetches lead to the same, whatever happens in between.

What a kill -9 and two runs at once leave stands in `test_sync.py` of each service.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import caldav_sync
import google_sync
import outlook_sync
from fakes.caldav import FakeCaldav
from fakes.google import FakeGoogle
from fakes.graph import FakeGraph
from fakes.server import Request, Server, Trouble


@dataclass(frozen=True)
class Synced:
    """A service with a calendar that is full of entries and series.

    read    what a connector with a store has of it; truth: what the server holds, by a way of its own
    change  new, changed, moved and removed entries, occurrences among them; forget: all states, so that the next is refused
    """

    server: Server
    read: Callable[[], Mapping[str, Any]]
    truth: Callable[[], Mapping[str, Any]]
    change: Callable[[random.Random], None]
    forget: Callable[[], None]
    refusal: Trouble
    is_increment: Callable[[Request], bool]
    is_middle: Callable[[Request], bool]


def _google(google: FakeGoogle, folder: Path) -> Synced:
    google.page_size = 9
    google_sync.fill(google)
    return Synced(
        server=google,
        read=google_sync.reader(google, folder),
        truth=lambda: google_sync.truth(google),
        change=lambda chance: google_sync.change(google, chance),
        forget=google.expire_sync_tokens,
        refusal=google_sync.FORGOTTEN,
        is_increment=lambda request: "syncToken" in request.query and "pageToken" not in request.query,
        is_middle=lambda request: "syncToken" in request.query and "pageToken" in request.query,
    )


def _outlook(graph: FakeGraph, folder: Path) -> Synced:
    graph.page_size = 3
    outlook_sync.fill(graph)
    return Synced(
        server=graph,
        read=outlook_sync.reader(graph, folder),
        truth=lambda: outlook_sync.truth(graph),
        change=lambda chance: outlook_sync.change(graph, chance),
        forget=graph.expire_delta_tokens,
        refusal=outlook_sync.FORGOTTEN,
        is_increment=lambda request: request.path.endswith("/delta") and "$deltatoken" in request.query,
        is_middle=lambda request: request.path.endswith("/delta") and "$skiptoken" in request.query,
    )


def _caldav(fake: FakeCaldav, folder: Path) -> Synced:
    fake.part = 3
    caldav_sync.fill(fake)
    return Synced(
        server=fake,
        read=caldav_sync.reader(fake, folder),
        truth=lambda: caldav_sync.truth(fake),
        change=lambda chance: caldav_sync.change(fake, chance),
        forget=fake.forget_tokens,
        refusal=caldav_sync.FORGOTTEN,
        is_increment=lambda request: re.search(rb"<d:sync-token>t\d+<", request.body) is not None,
        is_middle=lambda request: re.search(rb"<d:sync-token>t\d+p<", request.body) is not None,
    )


@pytest.fixture(params=["google", "outlook", "caldav"])
def synced(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Synced]:
    if request.param == "google":
        yield _google(request.getfixturevalue("google"), tmp_path)
    elif request.param == "outlook":
        yield _outlook(request.getfixturevalue("graph"), tmp_path)
    else:
        with FakeCaldav() as fake:
            yield _caldav(fake, tmp_path)


def test_increments_and_full_fetches_lead_to_the_same(synced: Synced) -> None:
    for round_ in range(12):
        assert synced.read() == synced.truth()
        synced.change(random.Random(round_))
        if round_ % 4 == 3:
            synced.forget()
    assert len([request for request in synced.server.requests if synced.is_increment(request)]) == 11


def test_a_state_that_is_refused_in_the_middle_of_an_increment(synced: Synced) -> None:
    synced.read()
    synced.change(random.Random(1))
    refused: list[Request] = []

    def storm(number: int, request: Request) -> Trouble | None:
        if synced.is_middle(request) and not refused:
            refused.append(request)
            return synced.refusal
        return None

    synced.server.storm = storm
    assert synced.read() == synced.truth()
    assert len(refused) == 1
