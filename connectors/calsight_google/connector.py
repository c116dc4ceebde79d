"""The connector that calsight calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from calsight import Calendar, Window
from calsight.errors import PermissionMissingError, SourceError, UsageError
from calsight.kit.access import require_host
from calsight.kit.calendars import called, meant
from calsight.kit.retry import RetryPolicy
from calsight.kit.signins import SignIns
from calsight.kit.sync import Pages, binding, increment_or_all, sync_state, usable_state
from calsight.kit.times import utc_text
from calsight.protocols import Cancel, ConnectorContext, Page, ProgressCallback
from calsight_google import auth
from calsight_google.translate import FIELDS, Translator

if TYPE_CHECKING:
    from calsight_google.client import Client

#: Goes into the sync state: a state of another version is not used, so that events are read and translated anew.
_VERSION = 1
_PAGE = 2500

#: After this time everything is read anew even where Google still knows our state. Of a series that was deleted Google tells
#: the occurrences of some months only (googleapis/google-api-ruby-client#860), and of changes outside the window nothing is
#: promised.
_FULL_AFTER = timedelta(days=7)


class GoogleConnector:
    """Reads Google calendars. `google` is one's own, `google:ID` or `google:NAME` any other that the account can see.

    A service account whose subject is "each" acts for whom the reference names: `google:ADDRESS` is that person's own.
    """

    incremental = True
    confined = True

    def __init__(self, context: ConnectorContext, *, policy: RetryPolicy | None = None) -> None:
        """`policy` is how patient to be with Google."""
        self._context = context
        self._settings = context.settings
        self._access = context.access
        self._state_dir = context.state_dir
        self._policy = policy or RetryPolicy()
        self._list: list[Mapping[str, Any]] | None = None
        self._acting: tuple[str, GoogleConnector] | None = None
        self._now: Callable[[], datetime] = lambda: datetime.now(UTC)

    # --- signing in -------------------------------------------------------------------------------------------------------

    def connect(self, *, interactive: bool, say: Callable[[str], None]) -> None:
        """Sign in through the browser; without `interactive` the address is only shown."""
        auth.connect(self._checked, self._signins, interactive=interactive, say=say)

    def guide(self) -> str:
        """The steps to an OAuth client of one's own."""
        return auth.guide(self._signins)

    def disconnect(self) -> None:
        """Revoke the sign-in with Google and forget it."""
        auth.disconnect(self._signins)

    def status(self) -> str:
        """One short line for `calsight sources`."""
        return auth.status(self._checked, self._signins)

    @cached_property
    def _checked(self) -> auth.GoogleSettings:
        return auth.GoogleSettings.of(self._settings)

    @cached_property
    def _signins(self) -> SignIns:
        return SignIns(self._state_dir, in_file=self._checked.token_file)

    @cached_property
    def _credentials(self) -> Any:
        return auth.credentials(self._checked, self._signins)

    @contextmanager
    def _client(self, cancel: Cancel | None = None) -> Iterator[Client]:
        from calsight_google.client import Client

        # Google answers from no private network; an endpoint that the settings name may.
        require_host(self._access, urlsplit(self._checked.api_endpoint).hostname or "www.googleapis.com")
        with closing(Client(lambda: self._credentials, self._checked, self._policy.begin(cancel))) as client:
            yield client

    # --- reading ----------------------------------------------------------------------------------------------------------

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendar of that id or name; the account's own for "" and "primary".

        An address that is not in the account's list is tried as it is: what is shared with an account need not be listed.
        Raises `SourceError`, `UsageError` for a name that two calendars have.
        """
        if self._checked.acts_for_each:
            if "@" not in reference:
                raise UsageError(
                    'The service account acts for each person (subject = "each"): name one, google:ADDRESS.'
                )
            return self._as(reference.strip()).calendars("primary")
        with self._client() as client:
            listed = self._listed(client)
        wanted = reference.strip() or "primary"
        own = next((entry["id"] for entry in listed if entry.get("primary")), None)
        if wanted.lower() == "primary":
            if own is None:
                raise SourceError(
                    "This Google account has no calendar of its own (a service account, perhaps): name one, google:ADDRESS."
                )
            wanted = own
        entry = meant(
            listed,
            lambda entry: str(entry["id"]).lower() == wanted.lower(),
            lambda entry: wanted.casefold() in _names(entry),
            several=lambda count: (
                f"{count} calendars of this Google account are called {reference!r}: name one by its ID (Google Calendar, "
                "Settings, Integrate calendar)."
            ),
        )
        if entry is not None:
            return [_calendar(entry, own)]
        if "@" in wanted:
            return [
                Calendar(
                    id=wanted, name=wanted, owner=_owner({"id": wanted}, own), organizer_listed=True, producer="google"
                )
            ]
        raise PermissionMissingError(
            f"This Google account has no calendar {reference!r} (it lists {len(listed)}). Take its name or ID from Google "
            "Calendar (Settings, Integrate calendar), or ask its owner to share it."
        )

    def fetch(
        self,
        calendar: Calendar,
        window: Window,
        *,
        state: bytes | None = None,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        """The occurrences of one calendar that overlap `window`; Google expands recurrence.

        With the `state` of an earlier fetch of the same account, calendar and window: what has changed since. Where Google
        does not know it any more, everything.
        """
        if self._checked.acts_for_each:
            acting = self._as(calendar.id)
            yield from acting.fetch(calendar, window, state=state, progress=progress, cancel=cancel)
            return
        with self._client(cancel) as client:
            began = self._now()
            bound = self._bound(client, calendar, window)
            fetch = _Fetch(client, calendar, bound, began, Pages(calendar.name, progress))
            known = usable_state(state, bound, began, lasts=_FULL_AFTER)
            yield from increment_or_all(known, fetch.increment, fetch.everything)

    def translated(self, items: Sequence[Any], calendar: Calendar) -> Page:
        """Events that were got from Google elsewhere (psoxy's output, an export), as those that are fetched. No network."""
        found = Translator(calendar).page(items, increment=False)
        return Page(events=found.events, problems=found.problems, calendar=calendar)

    def free_busy(self, people: Sequence[str], window: Window) -> Mapping[str, Sequence[Window] | None]:
        """For each address the busy spans inside `window`, or None where Google may not tell.

        Needs consent to `calendar.freebusy`, which the plain sign-in does not ask for (setting `scopes`).
        """
        asked = list(dict.fromkeys(people))
        with self._client() as client:
            answers = client.free_busy(asked, utc_text(window.start), utc_text(window.end))
        return {person: _busy(answers.get(person)) for person in people}

    # --- the account ------------------------------------------------------------------------------------------------------

    def _as(self, person: str) -> GoogleConnector:
        """The connector that acts for one person; the last one is kept."""
        if self._acting is None or self._acting[0] != person:
            context = replace(self._context, settings={**self._settings, "subject": person})
            self._acting = person, GoogleConnector(context, policy=self._policy)
            self._acting[1]._now = self._now
        return self._acting[1]

    @property
    def _subject(self) -> str | None:
        return self._checked.subject or None if self._checked.service_account else None

    def _listed(self, client: Client) -> list[Mapping[str, Any]]:
        """The account's calendars, asked for once."""
        if self._list is None:
            self._list = client.calendars()
        return self._list

    def _bound(self, client: Client, calendar: Calendar, window: Window) -> dict[str, Any]:
        """What a sync state is good for: this version, query, account, calendar and window."""
        account = self._subject or next((entry["id"] for entry in self._listed(client) if entry.get("primary")), "")
        return binding(_VERSION, window, account, calendar.id, FIELDS, self._checked.api_endpoint)


@dataclass(frozen=True, slots=True)
class _Fetch:
    """One fetch of one calendar, and what its state is bound to."""

    client: Client
    calendar: Calendar
    bound: Mapping[str, Any]
    began: datetime
    pages: Pages

    def increment(self, known: Mapping[str, Any]) -> Iterator[Page]:
        """What has changed. Raises `StateRefusedError`."""
        return self._pages({"syncToken": known["token"]}, known["full"], increment=True)

    def everything(self) -> Iterator[Page]:
        """All that overlaps the window."""
        span = {"timeMin": self.bound["start"], "timeMax": self.bound["end"]}
        return self._pages(span, self.began.isoformat(), increment=False)

    def _pages(self, asked: Mapping[str, str], full: str, *, increment: bool) -> Iterator[Page]:
        query = {"calendarId": self.calendar.id, "singleEvents": True, "maxResults": _PAGE, "fields": FIELDS, **asked}
        translator: Translator | None = None
        for answer in self.client.events(query, asked_for=called(self.calendar), incremental=increment):
            if translator is None:
                zone = answer.get("timeZone") or self.calendar.zone
                calendar = replace(self.calendar, zone=zone, last_sign=self.began.replace(microsecond=0))
                translator = Translator(calendar, answer.get("accessRole") or "owner")
            token = answer.get("nextSyncToken") if not answer.get("nextPageToken") else None
            state = sync_state(self.bound, token, full) if token else None
            found = translator.page(answer.get("items") or (), increment=increment)
            yield self.pages.page(found, translator.calendar, state=state, increment=increment)


def _names(entry: Mapping[str, Any]) -> set[str]:
    return {str(entry[key]).casefold() for key in ("summary", "summaryOverride") if entry.get(key)}


def _calendar(entry: Mapping[str, Any], own: str | None) -> Calendar:
    return Calendar(
        id=entry["id"],
        name=entry.get("summaryOverride") or entry.get("summary") or entry["id"],
        zone=entry.get("timeZone") or "",
        owner=_owner(entry, own),
        organizer_listed=True,
        producer="google",
    )


def _owner(entry: Mapping[str, Any], own: str | None) -> tuple[str, ...]:
    """Whose calendar it is: a person's main calendar has that person's address; others say who owns their data."""
    identity = str(entry["id"])
    if "@" in identity and not identity.lower().endswith("calendar.google.com"):
        return (identity,)
    owner = entry.get("dataOwner") or (own if entry.get("accessRole") == "owner" else None)
    return (owner,) if owner and owner == own else ()


def _busy(answer: Mapping[str, Any] | None) -> list[Window] | None:
    if answer is None or answer.get("errors"):
        return None
    return [
        Window(
            datetime.fromisoformat(span["start"]).astimezone(UTC), datetime.fromisoformat(span["end"]).astimezone(UTC)
        )
        for span in answer.get("busy") or ()
    ]
