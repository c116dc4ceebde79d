"""The connector that calsight calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from calsight import Calendar, Window
from calsight.errors import PermissionMissingError, UsageError
from calsight.kit.access import guard
from calsight.kit.calendars import called, meant
from calsight.kit.retry import RetryPolicy, Transient
from calsight.kit.signins import SignIns
from calsight.kit.sync import Pages, binding, increment_or_all, usable_state
from calsight.protocols import Cancel, ConnectorContext, Page, ProgressCallback
from calsight_outlook import auth, registration
from calsight_outlook.account import Account, calendar_of
from calsight_outlook.mailbox import ME, root, split
from calsight_outlook.places import Places
from calsight_outlook.schedules import busy_spans
from calsight_outlook.translate import Translator

if TYPE_CHECKING:
    import requests

    from calsight_outlook.graph import Graph

#: Goes into the sync state: a state of another version is not used, so that events are read and translated anew.
_VERSION = 1

#: After this time everything is read anew even where Graph still knows our state: what increments leave out is undocumented.
_FULL_AFTER = timedelta(days=7)

#: What looking a time zone up may lose, and how long it may take to connect and to answer (seconds): it can be done without.
_LOOK_UP_DEADLINE, _LOOK_UP_TIMEOUT = 10.0, (5.0, 10.0)


class OutlookConnector:
    """Reads Microsoft calendars. `outlook` is one's own, `outlook:NAME` another that the account lists, `outlook:ADDRESS` that
    of a mailbox that is shared with the account (or that an application may read), `outlook:ADDRESS/NAME` another of it.
    """

    incremental = True
    confined = True

    def __init__(
        self,
        context: ConnectorContext,
        *,
        policy: RetryPolicy | None = None,
        session: Callable[[], requests.Session] | None = None,
    ) -> None:
        """`policy` is how patient to be with Microsoft; `session` makes the HTTP sessions to use (with a proxy, say)."""
        self._settings = context.settings
        self._state_dir = context.state_dir
        self._zone = context.zone
        self._keeps = context.cache_dir is not None
        self._policy = policy or RetryPolicy()
        self._access = context.access
        self._make_session = session or _session
        self._account = Account()
        self._places = Places()
        self._now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def _session(self) -> requests.Session:
        made = self._make_session()
        guard(made, self._access)
        return made

    # --- signing in -------------------------------------------------------------------------------------------------------

    def connect(self, *, interactive: bool, say: Callable[[str], None]) -> None:
        """Sign in through the browser; without `interactive` with a code that is typed on another device."""
        try:
            with self._session() as http:
                auth.connect(self._checked, self._signins, http, self._policy.begin(), interactive=interactive, say=say)
        except Transient as passing:
            raise passing.error from None

    def guide(self) -> str:
        """The steps to an app registration of one's own."""
        return auth.guide(self._signins)

    def disconnect(self) -> None:
        """Forget the sign-in. (Microsoft has no way to revoke one alone; it ends unused after 90 days.)"""
        from calsight_outlook.cache import forget

        forget(self._signins)
        registration.forget(self._state_dir)

    def status(self) -> str:
        """One short line for `calsight sources`."""
        return auth.status(self._checked, self._signins)

    @cached_property
    def _checked(self) -> auth.OutlookSettings:
        given = auth.OutlookSettings.of(self._settings)
        return given if given.client_id else replace(given, **registration.remembered(self._state_dir))

    @cached_property
    def _signins(self) -> SignIns:
        return SignIns(self._state_dir, in_file=self._checked.token_file)

    @cached_property
    def _tokens(self) -> auth.Tokens:
        return auth.Tokens(self._checked, self._signins, self._session)

    @contextmanager
    def _graph(self, mailbox: str, cancel: Cancel | None = None) -> Iterator[Graph]:
        """Graph for one mailbox: "me", or the address of another's."""
        from calsight_outlook.graph import Graph

        with self._session() as http:
            retrier, place = self._policy.begin(cancel), self._places.of(mailbox)
            yield Graph(self._tokens, http, self._checked.api_endpoint, retrier, place)

    # --- reading ----------------------------------------------------------------------------------------------------------

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendar of that name or id, or of that mailbox; the account's own for "" and "primary".

        Raises `SourceError`, `UsageError` for a name that two calendars have.
        """
        mailbox, wanted = split(reference.strip())
        if mailbox == ME and self._checked.application:
            raise UsageError("An application has no calendar of its own: name the mailbox to read, outlook:ADDRESS.")
        with self._graph(mailbox) as graph:
            brief = graph.brief(_LOOK_UP_DEADLINE, _LOOK_UP_TIMEOUT)
            me = self._account.owner_of(
                graph if mailbox == ME else brief, mailbox, application=self._checked.application
            )
            if not wanted or wanted.lower() == "primary":
                whose = "your calendar" if mailbox == ME else "the calendar of that mailbox"
                return [calendar_of(graph.get(f"{root(mailbox)}/calendar", asked_for=whose), mailbox, me)]
            listed = self._account.listed(graph, mailbox)
        entry = meant(
            listed,
            lambda entry: bool(entry["id"] == wanted),
            lambda entry: str(entry.get("name") or "").casefold() == wanted.casefold(),
            several=lambda count: f"{count} calendars of this mailbox are called {reference!r}: rename one in Outlook.",
        )
        if entry is not None:
            return [calendar_of(entry, mailbox, me)]
        raise PermissionMissingError(
            f"This mailbox has no calendar {reference!r} (it lists {len(listed)}). Take its name from Outlook, or ask its "
            "owner to share it with you and accept."
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
        """The occurrences of one calendar that overlap `window`; Graph expands recurrence.

        With the `state` of an earlier fetch of the same account, calendar and window: what has changed since. Where Graph does
        not know it any more, everything. Without a cache folder there is no state, and less is asked for.
        """
        from calsight_outlook.course import Course
        from calsight_outlook.view import View

        mailbox, _, identity = calendar.id.partition("/")
        with self._graph(mailbox, cancel) as graph:
            began = self._now()
            path = f"{root(mailbox)}/calendars/{quote(identity, safe='')}"
            brief = graph.brief(_LOOK_UP_DEADLINE, _LOOK_UP_TIMEOUT)
            named = self._account.zone_of(brief, mailbox, window)
            if mailbox != ME and self._account.is_shared(brief, mailbox):
                calendar = replace(calendar, owner=(), owner_name="")  # whose it is, is then asked
            translator = Translator(
                replace(calendar, zone=named, last_sign=began.replace(microsecond=0)),
                home=named or self._zone,
                sees_private=self._account.sees_private(graph, calendar, path, called(calendar)),
            )
            view = View(graph, path, called(calendar), window, translator)
            course = Course(view, Pages(calendar.name, progress), began)
            if not self._keeps and state is None:
                yield from increment_or_all(None, course.since, course.whole)
                return
            course.bound = self._bound(graph, calendar, window, translator.home)
            known = usable_state(state, course.bound, began, lasts=_FULL_AFTER)
            yield from increment_or_all(known, course.since, course.everything)

    def free_busy(self, people: Sequence[str], window: Window) -> Mapping[str, Sequence[Window] | None]:
        """For each address the busy spans inside `window`, or None where Microsoft may not tell.

        Personal accounts have no getSchedule: None for everybody.
        """
        asked = list(dict.fromkeys(people))
        with self._graph(ME) as graph:
            found = busy_spans(graph, asked, window, application=self._checked.application)
        return {person: found[person] for person in people}

    def _bound(self, graph: Graph, calendar: Calendar, window: Window, home: str) -> dict[str, Any]:
        """What a sync state is good for: this version, account, calendar, zone and window."""
        settings = self._checked
        account = settings.client_id if settings.application else self._account.me(graph).get("id") or ""
        return binding(_VERSION, window, account, calendar.id, home, settings.api_endpoint)


def _session() -> requests.Session:
    from calsight_outlook.graph import Session

    return Session()
