"""The connector that calsight calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from calsight import Calendar, Window
from calsight.errors import PayloadInvalidError, PermissionMissingError, ServerTroubleError, UsageError
from calsight.kit.retry import RetryPolicy, Transient
from calsight.kit.service import sync_state, usable_state
from calsight.kit.signins import SignIns
from calsight.protocols import Cancel, ConnectorContext, Page, Progress, ProgressCallback
from calsight_outlook import auth
from calsight_outlook.translate import SELECT, Found, Translator
from calsight_outlook.zones import iana, zone

if TYPE_CHECKING:
    import requests

    from calsight_outlook.changes import Changes
    from calsight_outlook.graph import Graph

#: Goes into the sync state: a state of another version is not used, so that events are read and translated anew.
_VERSION = 1

#: After this time everything is read anew even where Graph still knows our state: what increments leave out is undocumented.
_FULL_AFTER = timedelta(days=7)

#: All-day events are stored in their mailbox's zone and given as if in UTC (microsoft-graph-docs#16798): more is asked for.
_MARGIN = timedelta(days=1)

#: https://learn.microsoft.com/graph/api/calendar-getschedule: addresses at once; a request may not span more than 62 days.
_SCHEDULES = 20
_LONGEST_SCHEDULE = timedelta(days=60)
_NOT_BUSY = frozenset({"free", "workingElsewhere", "unknown"})

_ME = "me"


class OutlookConnector:
    """Reads Microsoft calendars. `outlook` is one's own, `outlook:NAME` another that the account lists, `outlook:ADDRESS` that
    of a mailbox that is shared with the account (or that an application may read), `outlook:ADDRESS/NAME` another of it.
    """

    incremental = True

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
        self._session = session or _session
        self._known: dict[tuple[str, str], Any] = {}
        self._now: Callable[[], datetime] = lambda: datetime.now(UTC)

    # --- signing in -------------------------------------------------------------------------------------------------------

    def connect(self, *, interactive: bool, say: Callable[[str], None]) -> None:
        """Sign in through the browser; without `interactive` with a code that is typed on another device."""
        try:
            with self._session() as http:
                auth.connect(self._checked, self._signins, http, interactive=interactive, say=say)
        except Transient as passing:
            raise passing.error from None

    def disconnect(self) -> None:
        """Forget the sign-in. (Microsoft has no way to revoke one alone; it ends unused after 90 days.)"""
        self._signins.forget(auth.NAME)

    def status(self) -> str:
        """One short line for `calsight sources`."""
        return auth.status(self._checked, self._signins)

    @cached_property
    def _checked(self) -> auth.OutlookSettings:
        return auth.OutlookSettings.of(self._settings)

    @cached_property
    def _signins(self) -> SignIns:
        return SignIns(self._state_dir, in_file=self._checked.token_file)

    @cached_property
    def _tokens(self) -> auth.Tokens:
        return auth.Tokens(self._checked, self._signins, self._session)

    @contextmanager
    def _graph(self, mailbox: str, cancel: Cancel | None = None) -> Iterator[Graph]:
        from calsight_outlook.graph import Graph

        settings = self._checked
        with self._session() as http:
            yield Graph(
                self._tokens,
                http,
                settings.api_endpoint,
                mailbox,
                self._policy.begin(cancel),
                application=settings.application,
            )

    # --- reading ----------------------------------------------------------------------------------------------------------

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendar of that name or id, or of that mailbox; the account's own for "" and "primary".

        Raises `SourceError`, `UsageError` for a name that two calendars have.
        """
        mailbox, wanted = _split(reference.strip())
        if mailbox == _ME and self._checked.application:
            raise UsageError("An application has no calendar of its own: name the mailbox to read, outlook:ADDRESS.")
        with self._graph(mailbox) as graph:
            me = self._me(graph) if mailbox == _ME else {}
            if not wanted or wanted.lower() == "primary":
                whose = "your calendar" if mailbox == _ME else "the calendar of that mailbox"
                return [_calendar(graph.get(f"{_root(mailbox)}/calendar", asked_for=whose), mailbox, me)]
            listed = self._listed(graph, mailbox)
        for matches in (
            [entry for entry in listed if entry["id"] == wanted],
            [entry for entry in listed if str(entry.get("name") or "").casefold() == wanted.casefold()],
        ):
            if len(matches) == 1:
                return [_calendar(matches[0], mailbox, me)]
            if matches:
                raise UsageError(
                    f"{len(matches)} calendars of this mailbox are called {reference!r}: rename one in Outlook."
                )
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
        from calsight_outlook.trouble import StateRefusedError

        mailbox, _, identity = calendar.id.partition("/")
        with self._graph(mailbox, cancel) as graph:
            began = self._now()
            path = f"{_root(mailbox)}/calendars/{quote(identity, safe='')}"
            asked_for = "this calendar" if "@" in calendar.name else f"the calendar {calendar.name!r}"
            named = self._zone_of(graph, mailbox, window)
            translator = Translator(
                replace(calendar, zone=named, last_sign=began.replace(microsecond=0)),
                home=named or self._zone,
                sees_private=self._sees_private(graph, calendar, path, asked_for),
            )
            span = {"startDateTime": _utc(window.start - _MARGIN), "endDateTime": _utc(window.end + _MARGIN)}

            def changes() -> Changes:
                from calsight_outlook.changes import Changes

                return Changes(graph, path, asked_for, span, window, translator)

            report = _Report(calendar.name, progress, translator.calendar)
            if not self._keeps and state is None:
                yield from report.pages(self._view(graph, path, asked_for, span, window, translator))
                return
            bound = self._bound(graph, calendar, window, translator.home)
            known = usable_state(state, bound, began, lasts=_FULL_AFTER)
            if known is not None:
                round_ = changes()
                try:
                    yield from report.pages(round_.since(known["token"]), increment=True)
                    yield report.end(sync_state(bound, round_.token, known["full"]), increment=True)
                except StateRefusedError:
                    pass
                else:
                    return
            round_ = changes()
            yield from report.pages(round_.everything())
            yield report.end(sync_state(bound, round_.token, began.isoformat()))

    def free_busy(self, people: Sequence[str], window: Window) -> Mapping[str, Sequence[Window] | None]:
        """For each address the busy spans inside `window`, or None where Microsoft may not tell.

        Personal accounts have no getSchedule: None for everybody.
        """
        asked = list(dict.fromkeys(people))
        found: dict[str, list[Window] | None] = {person: [] for person in asked}
        with self._graph(_ME) as graph:
            for first in range(0, len(asked), _SCHEDULES):
                some = asked[first : first + _SCHEDULES]
                start = window.start
                while start < window.end:
                    part = Window(start, min(window.end, start + _LONGEST_SCHEDULE))
                    for person, spans in self._schedules(graph, some, part).items():
                        known = found[person]
                        found[person] = None if spans is None or known is None else known + spans
                    start = part.end
        return {person: found[person] for person in people}

    def _schedules(self, graph: Graph, people: list[str], window: Window) -> dict[str, list[Window] | None]:
        from calsight_outlook.graph import values

        body = {"schedules": people, "startTime": _in_utc(window.start), "endTime": _in_utc(window.end)}
        owner = _root(self._mailbox_for_schedules(people))
        try:
            answer = graph.post(f"{owner}/calendar/getSchedule", body, asked_for="free/busy")
        except PayloadInvalidError:  # 400, 405, 501: this account has none
            return dict.fromkeys(people)
        told = {str(one.get("scheduleId", "")).lower(): one for one in values(answer) if isinstance(one, dict)}
        return {person: _busy(told.get(person.lower()), window) for person in people}

    def _mailbox_for_schedules(self, people: list[str]) -> str:
        """An application asks on behalf of the first of those it asks about."""
        return people[0] if self._checked.application else _ME

    def _view(
        self, graph: Graph, path: str, asked_for: str, span: Mapping[str, str], window: Window, translator: Translator
    ) -> Iterator[Found]:
        """All events that touch the window, with what is used of them and no more."""
        from calsight_outlook.graph import PAGE, values

        seen: set[str] = set()
        address = graph.address(f"{path}/calendarView", {**span, "$select": SELECT, "$top": str(PAGE)})
        for answer in graph.pages(address, asked_for=asked_for):
            fresh = []
            for item in values(answer):
                identity = item.get("id") if isinstance(item, dict) else None
                if isinstance(identity, str):
                    if identity in seen:  # what has moved between two pages comes twice
                        continue
                    seen.add(identity)
                fresh.append(item)
            yield translator.page(fresh, window)

    # --- the account ------------------------------------------------------------------------------------------------------

    def _once(self, what: str, mailbox: str, ask: Callable[[], Any]) -> Any:
        """What is asked for once in the life of this connector."""
        key = (what, mailbox)
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]

    def _me(self, graph: Graph) -> Mapping[str, Any]:
        """The signed-in user; nothing where the token does not allow to ask (it lacks User.Read)."""

        def ask() -> Mapping[str, Any]:
            select = "id,displayName,mail,userPrincipalName,otherMails,proxyAddresses"
            try:
                return graph.get(_ME, {"$select": select}, asked_for="your profile")
            except (PermissionMissingError, PayloadInvalidError):
                return {}

        found: Mapping[str, Any] = self._once("me", _ME, ask)
        return found

    def _listed(self, graph: Graph, mailbox: str) -> list[Mapping[str, Any]]:
        from calsight_outlook.graph import values

        def ask() -> list[Mapping[str, Any]]:
            address = graph.address(f"{_root(mailbox)}/calendars", {"$top": "100"})
            pages = graph.pages(address, asked_for="the list of calendars")
            entries = (entry for answer in pages for entry in values(answer))
            return [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]

        found: list[Mapping[str, Any]] = self._once("calendars", mailbox, ask)
        return found

    def _sees_private(self, graph: Graph, calendar: Calendar, path: str, asked_for: str) -> bool:
        """Whether private events come with their details: in a calendar that is shared they may not."""
        entry = self._once("calendar", calendar.id, lambda: graph.get(path, asked_for=asked_for))
        return entry.get("canViewPrivateItems") is not False

    def _zone_of(self, graph: Graph, mailbox: str, window: Window) -> str:
        """The mailbox's zone: as it is set where the token allows to ask, else that of its working hours; "" if unknown."""

        def ask() -> str:
            try:
                settings = graph.get(f"{_root(mailbox)}/mailboxSettings", asked_for="the mailbox's time zone")
                name = settings.get("timeZone")
            except (PermissionMissingError, PayloadInvalidError):
                name = self._zone_of_working_hours(graph, mailbox, window)
            return iana(name) or ("UTC" if zone(name) else "") if isinstance(name, str) else ""

        found: str = self._once("zone", mailbox, ask)
        return found

    def _zone_of_working_hours(self, graph: Graph, mailbox: str, window: Window) -> Any:
        from calsight_outlook.graph import values

        me = self._me(graph) if mailbox == _ME else {}
        address = mailbox if mailbox != _ME else me.get("mail") or me.get("userPrincipalName")
        if not address:
            return ""
        span = {"startTime": _in_utc(window.start), "endTime": _in_utc(window.start + timedelta(hours=1))}
        try:
            answer = graph.post(
                f"{_root(mailbox)}/calendar/getSchedule", {"schedules": [address], **span}, asked_for="working hours"
            )
            return values(answer)[0]["workingHours"]["timeZone"]["name"]
        except (PermissionMissingError, PayloadInvalidError, ServerTroubleError, LookupError, TypeError):
            return ""

    def _bound(self, graph: Graph, calendar: Calendar, window: Window, home: str) -> dict[str, Any]:
        """What a sync state is good for: this version, account, calendar, zone and window."""
        settings = self._checked
        account = settings.client_id if settings.application else self._me(graph).get("id") or ""
        whose = sha256(f"{account}\0{calendar.id}\0{home}\0{settings.api_endpoint}".encode()).hexdigest()
        return {"version": _VERSION, "whose": whose, "start": _utc(window.start), "end": _utc(window.end)}


class _Report:
    """Turns what was found into pages, and says how far it is."""

    def __init__(self, name: str, progress: ProgressCallback | None, calendar: Calendar) -> None:
        self._name = name
        self._progress = progress
        self._calendar = calendar
        self._done = self._pages = 0

    def pages(self, parts: Iterator[Found], *, increment: bool = False) -> Iterator[Page]:
        for found in parts:
            self._pages += 1
            self._done += len(found.events)
            if self._progress:
                self._progress(Progress(calendar=self._name, done=self._done, unit="events", pages=self._pages))
            yield Page(
                events=found.events,
                problems=found.problems,
                removed=found.removed,
                increment=increment,
                calendar=self._calendar,
            )

    def end(self, state: bytes, *, increment: bool = False) -> Page:
        return Page(state=state, increment=increment, calendar=self._calendar)


def _session() -> requests.Session:
    from calsight_outlook.graph import Session

    return Session()


def _split(reference: str) -> tuple[str, str]:
    """The mailbox that a reference names ("me" if none), and the calendar in it."""
    first, _, rest = reference.partition("/")
    return (first, rest) if "@" in first and " " not in first else (_ME, reference)


def _root(mailbox: str) -> str:
    return _ME if mailbox == _ME else f"users/{quote(mailbox, safe='@')}"


def _calendar(entry: Mapping[str, Any], mailbox: str, me: Mapping[str, Any]) -> Calendar:
    identity = entry.get("id")
    if not isinstance(identity, str) or not identity:
        raise PayloadInvalidError("Microsoft answered with something that is not what was asked for.")
    owner = entry.get("owner") or {}
    return Calendar(
        id=f"{mailbox}/{identity}",
        name=entry.get("name") or "Calendar",
        owner=_owner(
            owner.get("address") or ("" if mailbox == _ME else mailbox), me, bool(entry.get("isDefaultCalendar"))
        ),
        owner_name=owner.get("name") or "",
        organizer_listed=False,
        producer="graph",
    )


def _owner(address: str, me: Mapping[str, Any], own: bool) -> tuple[str, ...]:
    """The owner's addresses: all of the signed-in user's, if it is theirs.

    (A personal account's calendar may give its owner an address that nobody uses, outlook_1234@outlook.com.)
    """
    proxies = (str(proxy) for proxy in me.get("proxyAddresses") or ())
    mine = [
        me.get("mail"),
        me.get("userPrincipalName"),
        *(proxy[5:] for proxy in proxies if proxy[:5].lower() == "smtp:"),
        *(me.get("otherMails") or ()),
    ]
    mine = [one for one in mine if isinstance(one, str) and "@" in one]
    ours = own or not address or address.lower() in {one.lower() for one in mine}
    addresses: dict[str, str] = {}
    for one in [*mine, address] if ours else [address]:
        addresses.setdefault(one.lower(), one)
    return tuple(one for one in addresses.values() if one)


def _busy(schedule: Mapping[str, Any] | None, window: Window) -> list[Window] | None:
    if schedule is None or schedule.get("error"):
        return None
    spans = []
    try:
        for item in schedule.get("scheduleItems") or ():
            start, end = (max(window.start, min(window.end, _moment(item[name]))) for name in ("start", "end"))
            if start < end and item.get("status") not in _NOT_BUSY:
                spans.append(Window(start, end))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None  # somebody may be busy without our knowing when
    return spans


def _moment(value: Mapping[str, str]) -> datetime:
    named = zone(value.get("timeZone") or "UTC")
    return datetime.fromisoformat(value["dateTime"]).replace(tzinfo=named or UTC).astimezone(UTC)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _in_utc(moment: datetime) -> dict[str, str]:
    return {"dateTime": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
