"""Whether a sync state is good for a fetch, what follows where a service refuses it, and how far a fetch says it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from calsight import Calendar, Window
from calsight.errors import PayloadInvalidError
from calsight.kit.answers import StateRefusedError
from calsight.kit.entries import Found
from calsight.kit.sync import Pages, binding, increment_or_all, sync_state, usable_state
from calsight.protocols import Page, Progress
from calsight.testing import event

NOW = datetime(2026, 3, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
BOUND = {"version": 1, "whose": "ana's"}


def test_a_state_is_good_for_what_it_is_bound_to() -> None:
    state = sync_state(BOUND, "token-1", (NOW - timedelta(days=6)).isoformat())
    known = usable_state(state, BOUND, NOW, lasts=WEEK)
    assert known is not None
    assert known["token"] == "token-1"
    assert known["full"] == "2026-03-03T00:00:00+00:00"
    assert usable_state(state, {**BOUND, "whose": "bo's"}, NOW, lasts=WEEK) is None
    assert usable_state(state, {**BOUND, "start": "2026"}, NOW, lasts=WEEK) is None


def test_and_for_so_long_after_the_last_full_fetch() -> None:
    state = sync_state(BOUND, "token-1", (NOW - WEEK).isoformat())
    assert usable_state(state, BOUND, NOW - timedelta(seconds=1), lasts=WEEK) is not None
    assert usable_state(state, BOUND, NOW, lasts=WEEK) is None


@pytest.mark.parametrize(
    "state",
    [
        None,
        b"",
        b"not JSON",
        b"[]",
        b"3",
        b"{}",
        b"\xff",
        b'{"full": 3}',
        b'{"full": "yesterday"}',
        b'{"full": "2026-03-08"}',  # without a zone it is no moment
        b'{"version": 1, "whose": "ana\'s", "full": "2026-03-08T00:00:00+00:00"}',
        b'{"version": 1, "whose": "ana\'s", "full": "2026-03-08T00:00:00+00:00", "token": 3}',
    ],
)
def test_what_is_no_state_is_of_no_use(state: bytes | None) -> None:
    assert usable_state(state, BOUND, NOW, lasts=WEEK) is None


def test_what_a_state_is_bound_to_names_nobody() -> None:
    window = Window(NOW, NOW + WEEK)
    bound = binding(1, window, "ana@example.com", "work")
    assert bound["start"] == "2026-03-09T00:00:00+00:00"
    assert "ana" not in str(bound)
    assert bound == binding(1, window, "ana@example.com", "work")
    others = [
        binding(2, window, "ana@example.com", "work"),
        binding(1, Window(NOW, NOW + 2 * WEEK), "ana@example.com", "work"),
        binding(1, window, "ana@example.com", "home"),
        binding(1, window, "ana@example.comwork", ""),
    ]
    assert all(
        usable_state(sync_state(bound, "t", NOW.isoformat()), other, NOW, lasts=WEEK) is None for other in others
    )


def page(*names: str) -> Page:
    return Page([event("ana", name, uid=name) for name in names])


A, B, C, D = (page(name) for name in "abcd")
REFUSED = StateRefusedError(PayloadInvalidError("Mail refused the request."))


def fails_after(*pages: Page) -> Iterator[Page]:
    yield from pages
    raise REFUSED


@pytest.mark.parametrize(
    ("known", "increment", "seen"),
    [
        (None, [A], [C, D]),
        ({"token": "t"}, [A, B], [A, B]),
        ({"token": "t"}, fails_after(), [C, D]),
        ({"token": "t"}, fails_after(A), [A, C, D]),
    ],
    ids=["no state", "a state", "refused at once", "refused half-way"],
)
def test_everything_follows_where_there_is_no_increment(
    known: Mapping[str, Any] | None, increment: Any, seen: list[Page]
) -> None:
    assert list(increment_or_all(known, lambda known: iter(increment), lambda: iter([C, D]))) == seen


def test_everything_is_read_once_more_without_what_has_come() -> None:
    """A page's mark expires, or the service forgets it."""
    tries = iter([fails_after(page("a", "b"), page("c")), iter([page("a", "b", "c"), page("d")])])
    pages = increment_or_all(None, lambda known: iter(()), lambda: next(tries))
    assert [event.uid for page in pages for event in page.events] == ["a", "b", "c", "d"]


def test_what_is_refused_again_ends_in_its_own_error() -> None:
    seen = []
    with pytest.raises(PayloadInvalidError, match="Mail refused"):
        seen += increment_or_all(None, lambda known: iter(()), lambda: fails_after(A))


def test_progress_counts_on_over_both_parts_of_a_fetch() -> None:
    said: list[Progress] = []
    pages, calendar = Pages("Work", said.append), Calendar(name="Work")
    pages.page(Found([event("ana", "bo"), event("ana", "cy")]), calendar, increment=True)
    last = pages.page(Found([event("ana", "di")], removed=["x"]), calendar, state=b"s")
    assert [(one.done, one.pages, one.calendar) for one in said] == [(2, 1, "Work"), (3, 2, "Work")]
    assert (last.state, last.increment, list(last.removed), last.calendar) == (b"s", False, ["x"], calendar)
