"""What a service answers: the errors that any service may give, each as one sentence, and the pages of a collection.

    GOOGLE = Service("google", "Google")
    raise GOOGLE.passing(status, headers) or GOOGLE.refused(status)

A sentence says what, why and the next step. Nothing of what a service or its library says is passed on, because their messages
hold addresses and tokens. What a service says in its own way (a reason in the body, another meaning of a status) its connector
looks at first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from calsight.errors import (
    NotSignedInError,
    PayloadInvalidError,
    RateLimitedError,
    ServerTroubleError,
    SourceError,
)
from calsight.kit.retry import Transient

#: Too many requests (RFC 6585), and a request that took too long to come (RFC 9110).
_TOO_MANY, _TOO_LATE = 429, 408
_SERVER_ERRORS = 500
_UNAUTHORIZED = 401
#: More pages than any calendar has.
_MOST_PAGES = 4000


class StateRefusedError(Exception):
    """The service does not accept what we keep (a sync state, a page's mark): everything is to be read anew.

    `error` is what users get where that is refused, too.
    """

    def __init__(self, error: SourceError) -> None:
        super().__init__(type(error).__name__)
        self.error = error


@dataclass(frozen=True, slots=True)
class Service:
    """A service as sentences name it, and what may go wrong with any service.

    connector   the connector's name: "google"
    name        what people call the service: "Google"
    mend        what to do where a sign-in is not accepted, as a sentence, if that is not the command that signs in: there is
                nothing to sign in to where a program, a token or an application speaks for its user
    """

    connector: str
    name: str
    mend: str = ""

    @property
    def sign_in(self) -> str:
        """The command that signs in."""
        return f"calsight connect {self.connector}"

    @property
    def anew(self) -> str:
        """The sentence that says how to be signed in again."""
        return self.mend or f"Sign in anew: {self.sign_in}"

    # --- no answer ------------------------------------------------------------------------------------------------------------

    def not_found(self) -> ServerTroubleError:
        """Its name cannot be looked up."""
        return ServerTroubleError(
            f"{self.name} cannot be found on the network: check that you are online, and try again."
        )

    def broken(self) -> Transient:
        """The connection could not be made, or broke."""
        return Transient(ServerTroubleError(f"The connection to {self.name} broke again and again: try later."))

    # --- an answer that makes no sense ----------------------------------------------------------------------------------------

    def not_json(self) -> Transient:
        """Half an answer, or a proxy's."""
        return Transient(PayloadInvalidError(f"{self.name} answered with something that is not JSON: try later."))

    def unexpected(self) -> PayloadInvalidError:
        """JSON, but not what was asked for."""
        return PayloadInvalidError(f"{self.name} answered with something that is not what was asked for.")

    def document(self, answer: Any) -> Mapping[str, Any]:
        """The answer, if it is a JSON object. Raises `PayloadInvalidError`."""
        if not isinstance(answer, dict):
            raise self.unexpected()
        return answer

    def members(self, answer: Mapping[str, Any], name: str) -> list[Any]:
        """The list in an answer. Raises `PayloadInvalidError` where it is none: it must not look like an empty one."""
        found = answer.get(name)
        if not isinstance(found, list):
            raise self.unexpected()
        return found

    def mark(self, answer: Mapping[str, Any], name: str) -> str | None:
        """What leads to the next page, for `pages`; None on the last. Raises `PayloadInvalidError` where it is no text."""
        found = answer.get(name)
        if found is not None and not isinstance(found, str):
            raise self.unexpected()
        return found or None

    # --- an error answer ------------------------------------------------------------------------------------------------------

    def passing(self, status: int, headers: Mapping[str, str], *, slow_down: bool = False) -> Transient | None:
        """The error to raise for a status that may pass: too many requests, or trouble of the server. None for any other.

        `slow_down` says that this status (another than 429) asks for patience, too; of the headers Retry-After is used.
        """
        wait = asked_wait(headers)
        if slow_down or status == _TOO_MANY:
            when = f" for {waiting_time(wait)}" if wait else ""
            return Transient(RateLimitedError(f"{self.name} asks calsight to wait{when}: try again after that."), wait)
        if status == _TOO_LATE or status >= _SERVER_ERRORS:
            return Transient(
                ServerTroubleError(f"{self.name}'s servers are in trouble (status {status}): try later."), wait
            )
        return None

    def refused(self, status: int) -> SourceError:
        """The error to raise for a status that waiting does not mend and that has no cause of its own."""
        if status == _UNAUTHORIZED:
            return NotSignedInError(f"{self.name} does not accept the sign-in any more. {self.anew}")
        return PayloadInvalidError(f"{self.name} refused the request (status {status}).")

    # --- signing in -----------------------------------------------------------------------------------------------------------

    def not_signed_in(self) -> NotSignedInError:
        """Nothing is kept that would sign in."""
        return NotSignedInError(f"You are not signed in to {self.name}. Sign in: {self.sign_in}")

    def sign_in_trouble(self) -> Transient:
        """The servers that sign in have trouble of their own."""
        return Transient(ServerTroubleError(f"{self.name}'s sign-in servers are in trouble: try later."))

    def status(self, *, signed_in: bool, how: str = "") -> str:
        """The short line for `calsight sources`; `how` says by what, where it is not by `calsight connect`."""
        if not signed_in:
            return f"not signed in: {self.sign_in}"
        return f"signed in ({how})" if how else "signed in"

    # --- pages ----------------------------------------------------------------------------------------------------------------

    def pages(
        self,
        first: str,
        ask: Callable[[str], Mapping[str, Any]],
        following: Callable[[Mapping[str, Any]], str | None],
    ) -> Iterator[Mapping[str, Any]]:
        """Every page of a collection: `ask` gets one by its mark (a token, an address), `following` the next one's mark.

        Raises `PayloadInvalidError` where a mark comes again or pages do not end, and what the two functions raise.
        """
        mark, been = first, set[str]()
        while True:
            if mark in been:
                raise PayloadInvalidError(f"{self.name} gave the same page twice: try later.")
            if len(been) >= _MOST_PAGES:
                raise PayloadInvalidError(f"{self.name} gave pages without end: try later.")
            been.add(mark)
            answer = ask(mark)
            yield answer
            next_mark = following(answer)
            if next_mark is None:
                return
            mark = next_mark


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks to wait (its names in lower case, or a mapping that does not mind).

    A date counts from the answer's own, since this machine's clock may be wrong.
    """
    try:
        now = _aware(parsedate_to_datetime(headers["date"]))
    except (KeyError, ValueError, TypeError, OverflowError):
        now = None
    return retry_after_seconds(headers.get("retry-after"), now=now)


def retry_after_seconds(header: str | None, *, now: datetime | None = None) -> float | None:
    """What a Retry-After header asks for, in seconds (RFC 9110, 10.2.3: seconds or a date); None where it says nothing.

    `now` is the moment that a date counts from (the response's own `Date`, best); a past date asks for 0.
    """
    text = (header or "").strip()
    if not text:
        return None
    try:
        return max(0.0, float(int(text)))
    except OverflowError:
        return None
    except ValueError:
        pass
    try:
        when = _aware(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def waiting_time(seconds: float) -> str:
    """A wait in words for a sentence: "40 seconds", "12 minutes", "2 hours" (rounded up)."""
    size, unit = (3600, "hour") if seconds >= 3600 else (60, "minute") if seconds >= 60 else (1, "second")
    count = max(1, math.ceil(seconds / size))
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
