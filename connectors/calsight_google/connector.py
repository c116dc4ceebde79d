"""The connector that calsight calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from calsight import Calendar, Window
from calsight.errors import PermissionMissingError, SourceError, UsageError
from calsight.kit.retry import RetryPolicy
from calsight.kit.service import sync_state, usable_state
from calsight.kit.signins import SignIns
from calsight.protocols import Cancel, ConnectorContext, Page, Progress, ProgressCallback
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
    """Reads Google calendars. `google` is one's own, `google:ID` or `google:NAME` any other that the account can see."""

    incremental = True

    def __init__(self, context: ConnectorContext, *, policy: RetryPolicy | None = None) -> None:
        """`policy` is how patient to be with Google."""
        self._settings = context.settings
        self._state_dir = context.state_dir
        self._policy = policy or RetryPolicy()
        self._list: list[Mapping[str, Any]] | None = None
        self._now: Callable[[], datetime] = lambda: datetime.now(UTC)

    # --- signing in -------------------------------------------------------------------------------------------------------

    def connect(self, *, interactive: bool, say: Callable[[str], None]) -> None:
        """Sign in through the browser; without `interactive` the address is only shown."""
        auth.connect(self._checked, self._signins, interactive=interactive, say=say)

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

        with closing(
            Client(lambda: self._credentials, self._checked.api_endpoint, self._policy.begin(cancel))
        ) as client:
            yield client

    # --- reading ----------------------------------------------------------------------------------------------------------

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendar of that id or name; the account's own for "" and "primary".

        An address that is not in the account's list is tried as it is: what is shared with an account need not be listed.
        Raises `SourceError`, `UsageError` for a name that two calendars have.
        """
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
        for matches in (
            [entry for entry in listed if str(entry["id"]).lower() == wanted.lower()],
            [entry for entry in listed if wanted.casefold() in _names(entry)],
        ):
            if len(matches) == 1:
                return [_calendar(matches[0], own)]
            if matches:
                raise UsageError(
                    f"{len(matches)} calendars of this Google account are called {reference!r}: name one by its ID (Google "
                    "Calendar, Settings, Integrate calendar)."
                )
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
        from calsight_google.trouble import StateRefusedError

        with self._client(cancel) as client:
            bound = self._bound(client, calendar, window)
            known = usable_state(state, bound, self._now(), lasts=_FULL_AFTER)
            if known is not None:
                try:
                    yield from self._pages(client, calendar, bound, known, progress)
                except StateRefusedError:
                    pass
                else:
                    return
            yield from self._pages(client, calendar, bound, None, progress)

    def free_busy(self, people: Sequence[str], window: Window) -> Mapping[str, Sequence[Window] | None]:
        """For each address the busy spans inside `window`, or None where Google may not tell.

        Needs consent to `calendar.freebusy`, which the plain sign-in does not ask for (setting `scopes`).
        """
        asked = list(dict.fromkeys(people))
        with self._client() as client:
            answers = client.free_busy(asked, _rfc3339(window.start), _rfc3339(window.end))
        return {person: _busy(answers.get(person)) for person in people}

    def _pages(
        self,
        client: Client,
        calendar: Calendar,
        bound: Mapping[str, Any],
        known: Mapping[str, Any] | None,
        progress: ProgressCallback | None,
    ) -> Iterator[Page]:
        query: dict[str, Any] = {"calendarId": calendar.id, "singleEvents": True, "maxResults": _PAGE, "fields": FIELDS}
        if known:
            query["syncToken"] = known["token"]
        else:
            query |= {"timeMin": bound["start"], "timeMax": bound["end"]}
        began = self._now()
        translator: Translator | None = None
        pages = done = 0
        # A main calendar's name is its owner's address, which belongs in no message.
        asked_for = "this calendar" if "@" in calendar.name else f"the calendar {calendar.name!r}"
        for answer in client.events(query, asked_for=asked_for, incremental=known is not None):
            if translator is None:
                zone = answer.get("timeZone") or calendar.zone
                translator = Translator(
                    replace(calendar, zone=zone, last_sign=began.replace(microsecond=0)),
                    answer.get("accessRole") or "owner",
                )
            found = translator.page(answer.get("items") or (), increment=known is not None)
            pages, done = pages + 1, done + len(found.events)
            if progress:
                progress(Progress(calendar=calendar.name, done=done, unit="events", pages=pages))
            token = answer.get("nextSyncToken") if not answer.get("nextPageToken") else None
            yield Page(
                events=found.events,
                problems=found.problems,
                removed=found.removed,
                state=sync_state(bound, token, known["full"] if known else began.isoformat()) if token else None,
                increment=known is not None,
                calendar=translator.calendar,
            )

    # --- the account ------------------------------------------------------------------------------------------------------

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
        whose = sha256(f"{account}\0{calendar.id}\0{FIELDS}\0{self._checked.api_endpoint}".encode()).hexdigest()
        return {"version": _VERSION, "whose": whose, "start": _rfc3339(window.start), "end": _rfc3339(window.end)}


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


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
