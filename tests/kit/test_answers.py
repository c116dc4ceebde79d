"""What a service's answers mean: which may pass, how long to wait, and where pages end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.errors import NotSignedInError, PayloadInvalidError, RateLimitedError, ServerTroubleError
from calsight.kit import answers
from calsight.kit.answers import Service, asked_wait, retry_after_seconds, waiting_time

MAIL = Service("mail", "Mail")


@pytest.mark.parametrize(
    ("status", "headers", "error", "sentence"),
    [
        (429, {}, RateLimitedError, "Mail asks calsight to wait: try again after that."),
        (
            429,
            {"retry-after": "90"},
            RateLimitedError,
            "Mail asks calsight to wait for 2 minutes: try again after that.",
        ),
        (408, {}, ServerTroubleError, "Mail's servers are in trouble (status 408): try later."),
        (500, {}, ServerTroubleError, "Mail's servers are in trouble (status 500): try later."),
        (503, {"retry-after": "9"}, ServerTroubleError, "Mail's servers are in trouble (status 503): try later."),
    ],
)
def test_what_may_pass(status: int, headers: dict[str, str], error: type[Exception], sentence: str) -> None:
    passing = MAIL.passing(status, headers)
    assert passing is not None
    assert type(passing.error) is error
    assert str(passing.error) == sentence
    assert passing.retry_after == asked_wait(headers)


@given(st.integers(100, 599))
def test_every_status_either_may_pass_or_is_refused_for_good(status: int) -> None:
    assert (MAIL.passing(status, {}) is not None) == (status in (408, 429) or status >= 500)
    refused = NotSignedInError if status == 401 else PayloadInvalidError
    assert type(MAIL.refused(status)) is refused


def test_a_service_may_ask_for_patience_in_its_own_way() -> None:
    assert MAIL.passing(403, {}) is None
    passing = MAIL.passing(403, {"retry-after": "5"}, slow_down=True)
    assert passing is not None
    assert isinstance(passing.error, RateLimitedError)


def test_the_command_that_mends_a_sign_in_is_named() -> None:
    assert str(MAIL.not_signed_in()) == "You are not signed in to Mail. Sign in: calsight connect mail"
    assert str(MAIL.refused(401)).endswith("Sign in anew: calsight connect mail")
    assert MAIL.status(signed_in=False) == "not signed in: calsight connect mail"
    assert MAIL.status(signed_in=True) == "signed in"
    assert MAIL.status(signed_in=True, how="application") == "signed in (application)"


def test_where_there_is_nothing_to_sign_in_to_no_command_is_named() -> None:
    given = Service("mail", "Mail", mend="Give a new token.")
    assert str(given.refused(401)) == "Mail does not accept the sign-in any more. Give a new token."


@pytest.mark.parametrize("answer", [None, [], "text", 3])
def test_what_is_no_object_is_not_what_was_asked_for(answer: Any) -> None:
    with pytest.raises(PayloadInvalidError, match="not what was asked for"):
        MAIL.document(answer)
    with pytest.raises(PayloadInvalidError, match="not what was asked for"):
        MAIL.members({"items": answer} if answer != [] else {}, "items")


def chain(*marks: str) -> dict[str, Mapping[str, Any]]:
    """Pages of which each leads to the next mark."""
    return {mark: {"at": mark, "next": following} for mark, following in zip(marks, (*marks[1:], None), strict=True)}


def followed(pages: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [page["at"] for page in MAIL.pages("", pages.__getitem__, lambda answer: answer["next"])]


def test_pages_follow_each_other_to_the_last() -> None:
    assert followed(chain("", "b", "c")) == ["", "b", "c"]


def test_a_page_that_comes_again_is_no_page() -> None:
    circle = chain("", "b", "c") | {"c": {"at": "c", "next": "b"}}
    with pytest.raises(PayloadInvalidError, match="Mail gave the same page twice"):
        followed(circle)


def test_pages_must_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_MOST_PAGES", 3)
    assert followed(chain("", "b", "c")) == ["", "b", "c"]
    with pytest.raises(PayloadInvalidError, match="Mail gave pages without end"):
        followed(chain("", "b", "c", "d"))


# --- how long to wait


NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("-5", 0),
        ("Mon, 02 Mar 2026 12:01:30 GMT", 90),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, now=NOW) == seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (0.2, "1 second"),
        (40, "40 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (3600, "1 hour"),
        (7000, "2 hours"),
    ],
)
def test_waiting_time_in_words(seconds: float, words: str) -> None:
    assert waiting_time(seconds) == words


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Mon, 02 Mar 2026 12:00:30 GMT", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 30),
        ({"retry-after": "Mon, 02 Mar 2026 12:00:30 -0000", "date": "Mon, 02 Mar 2026 12:00:00 -0000"}, 30),
        ({"retry-after": "9", "date": "yesterday"}, 9),
        ({"date": "Mon, 02 Mar 2026 12:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_a_date_to_wait_for_counts_from_the_answers_own(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers) == seconds
