"""A Microsoft Graph of our own: a real HTTP server on loopback.

    with FakeGraph() as graph:
        graph.put("work", event("one", ...))
        connector = OutlookConnector(ConnectorContext({"api_endpoint": graph.url, "access_token": graph.token()}))

It does users, their calendars, mailbox settings, calendarView (expanded from recurrence, with paging and $select), instances,
delta as it is (occurrences bare, no word of deleted ones, 410), getSchedule, permissions of users and applications, four
requests at once for a mailbox, and any trouble that a test asks for. Every answer is checked against the CSDL that
Microsoft publishes, where that is there; one that does not fit is a failure of the fake, and the test that uses it fails.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlencode

from fakes.csdl import known
from fakes.graph_items import BERLIN, ME, Item, moment_of, occurrences
from fakes.graph_mailboxes import Calendar, User
from fakes.server import Answer, Request, Server, Trouble

WORK = "work"
READ = frozenset({"Calendars.Read", "User.Read"})
_BARE = ("@odata.etag", "id", "type", "seriesMasterId", "start", "end")


@dataclass(frozen=True)
class Grant:
    """What an access token is good for: a user's, or (without one) an application's for some mailboxes. `claims` are met."""

    user: str
    scopes: frozenset[str]
    mailboxes: frozenset[str] = frozenset()
    claims: str = ""


class _RefusedError(Exception):
    def __init__(self, status: int, code: str, **headers: str) -> None:
        super().__init__(code)
        self.answer = refusal(status, code, **headers)


def refusal(status: int, code: str, message: str = "It is not possible.", **headers: str) -> Answer:
    """An error answer in Graph's format."""
    inner = {"date": "2026-03-02T09:00:00", "request-id": "1", "client-request-id": "2"}
    return Answer.json({"error": {"code": code, "message": message, "innerError": inner}}, status, **headers)


def refuse(status: int, code: str = "UnknownError", **headers: str) -> Trouble:
    """The same as something that goes wrong."""
    return Trouble(refusal(status, code, **headers))


class FakeGraph(Server):
    """Ana's Graph: she has a calendar called Calendar, whose id is `WORK`."""

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, User] = {}
        self.grants: dict[str, Grant] = {}
        self.page_size: int | None = None
        self.next_link_origin = ""
        self.same_next_link = False
        self.without_masters = False
        self.challenge = ""  # what tokens must claim from now on: continuous access evaluation
        self.csdl = known()
        self.most_at_once = 0
        self._active: dict[str, int] = {}
        self._pages: dict[str, tuple[list[Item], int, str, str]] = {}
        self.add_user(ME, "Ana")

    # --- for tests: what there is ---------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"{self.origin}/v1.0"

    def add_user(self, address: str, name: str, zone: str = BERLIN, calendar: str = "", **more: Any) -> User:
        user = self.users[address] = User(address, name, zone, **more)
        self.add_calendar(
            address, calendar or (WORK if address == ME else f"calendar-of-{name}"), "Calendar", isDefaultCalendar=True
        )
        return user

    def add_calendar(self, user: str, identity: str, name: str, **entry: Any) -> None:
        whose = self.users[user]
        made = {
            "id": identity,
            "name": name,
            "color": "auto",
            "hexColor": "",
            "isDefaultCalendar": False,
            "changeKey": "1",
            "canShare": True,
            "canViewPrivateItems": True,
            "canEdit": True,
            "allowedOnlineMeetingProviders": ["teamsForBusiness"],
            "defaultOnlineMeetingProvider": "teamsForBusiness",
            "isTallyingResponses": True,
            "isRemovable": False,
            "owner": {"name": whose.name, "address": user},
            **entry,
        }
        whose.calendars[identity] = Calendar(made, whose.zone)

    def token(
        self, user: str = ME, scopes: frozenset[str] = READ, mailboxes: Sequence[str] = (), claims: str = ""
    ) -> str:
        """A ready access token; `user` is "" for an application."""
        token = f"eyJ0eXAi.{secrets.token_urlsafe(24)}.s"
        self.grants[token] = Grant(user, scopes, frozenset(mailboxes), claims)
        return token

    def calendar(self, identity: str = WORK) -> Calendar:
        return next(user.calendars[identity] for user in self.users.values() if identity in user.calendars)

    def put(self, calendar: str, *items: Item, check: bool = True) -> None:
        """New or changed events or masters."""
        held = self.calendar(calendar)
        with self.lock:
            for item in items:
                if check:
                    self.csdl.check(item, "graph.event", item["id"])
                fresh = {**item, "@odata.etag": f'W/"{len(held.log)}"'}
                held.items[item["id"]] = fresh
                held.log.append(item["id"])

    def change_occurrence(self, calendar: str, identity: str, **changes: Any) -> None:
        """Make an occurrence an exception: another time, another answer."""
        with self.lock:
            held = self.calendar(calendar)
            master = held.items[identity.partition(".")[0]]
            before = held.exceptions.get(master["id"], {}).get(identity)
            one = before or next(
                one for one in occurrences(master, datetime(2030, 1, 1, tzinfo=UTC)) if one["id"] == identity
            )
            made = {**one, "type": "exception", **changes, "@odata.etag": f'W/"{len(held.log)}"'}
            self.csdl.check(made, "graph.event", identity)
            held.exceptions.setdefault(master["id"], {})[identity] = made
            held.log.append(master["id"])

    def delete_occurrence(self, calendar: str, identity: str) -> None:
        with self.lock:
            held = self.calendar(calendar)
            series_id = identity.partition(".")[0]
            held.exceptions.setdefault(series_id, {})[identity] = None
            held.log.append(series_id)

    def remove(self, calendar: str, *identities: str) -> None:
        with self.lock:
            held = self.calendar(calendar)
            for identity in identities:
                del held.items[identity]
                held.log.append(identity)

    def expire_delta_tokens(self) -> None:
        """Every delta token so far is answered with 410."""
        with self.lock:
            for user in self.users.values():
                for held in user.calendars.values():
                    held.log.append("")
                    held.oldest = len(held.log)

    # --- answering ------------------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        if not request.path.startswith("/v1.0/"):
            return refusal(404, "ResourceNotFound")
        parts = [unquote(part) for part in request.path.removeprefix("/v1.0/").split("/")]
        grant = self.grants.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if grant is None:
            return refusal(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        if self.challenge and self.challenge not in grant.claims:
            encoded = base64.b64encode(
                json.dumps({"access_token": {"nbf": {"value": self.challenge}}}).encode()
            ).decode()
            asks = f'Bearer realm="", authorization_uri="https://x", error="insufficient_claims", claims="{encoded}"'
            return refusal(
                401, "InvalidAuthenticationToken", "TokenIssuedBeforeRevocationTimestamp", WWW_Authenticate=asks
            )
        try:
            address = self._whose(parts, grant)
            with self.lock:
                self._active[address] = self._active.get(address, 0) + 1
                self.most_at_once = max(self.most_at_once, self._active[address])
                crowded = self._active[address] > 4
            try:
                if crowded:
                    raise _RefusedError(429, "ApplicationThrottled", Retry_After="1")
                return self._route(request, self.users[address], parts, grant)
            finally:
                with self.lock:
                    self._active[address] -= 1
        except _RefusedError as refused:
            return refused.answer

    def _whose(self, parts: list[str], grant: Grant) -> str:
        if parts[0] == "me":
            if not grant.user:
                raise _RefusedError(400, "BadRequest")  # /me is of the delegated flow only
            del parts[0]
            return grant.user
        address = parts[1]
        del parts[:2]
        if address not in self.users:
            raise _RefusedError(404, "ErrorInvalidUser")
        if grant.user:
            allowed = address == grant.user or grant.user in self.users[address].shared_with
        else:
            allowed = address in grant.mailboxes
        if not allowed:
            raise _RefusedError(403, "ErrorAccessDenied")
        return address

    def _route(self, request: Request, user: User, parts: list[str], grant: Grant) -> Answer:
        profile = "User.Read" if grant.user == user.address else "User.Read.All"
        need = {"mailboxSettings": "MailboxSettings.Read"}.get(parts[0], "Calendars.Read") if parts else profile
        if need not in grant.scopes:
            raise _RefusedError(403, "ErrorAccessDenied")
        match (request.method, parts):
            case ("GET", []):
                identity = f"id-of-{user.name}"
                me = {"id": identity, "displayName": user.name, "mail": user.address, "userPrincipalName": user.address}
                return self._one(self._selected(me | user.profile, request, "user"), "graph.user")
            case ("GET", ["mailboxSettings"]):
                return self._one({"timeZone": user.zone}, "graph.mailboxSettings")
            case ("GET", ["mailboxSettings", "userPurpose"]):
                return Answer.json(
                    {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x", "value": user.purpose}
                )
            case ("GET", ["calendar"]):
                return self._one(next(iter(user.calendars.values())).entry, "graph.calendar")
            case ("GET", ["calendars"]):
                return self._page(request, [held.entry for held in user.calendars.values()], "graph.calendar")
            case ("POST", ["calendar", "getSchedule"]):
                return self._schedules(request, user)
            case ("GET", ["calendars", identity, *rest]) if identity in user.calendars:
                return self._calendar(request, user.calendars[identity], rest)
        raise _RefusedError(404, "ErrorItemNotFound")

    def _calendar(self, request: Request, held: Calendar, rest: list[str]) -> Answer:
        match rest:
            case []:
                return self._one(held.entry, "graph.calendar")
            case ["calendarView"]:
                return self._page(request, held.view(*_span(request)), "graph.event")
            case ["calendarView", "delta"]:
                return self._delta(request, held)
            case ["events", identity] if identity in held.items:
                return self._one(self._seen(held.items[identity], request, "event"), "graph.event")
            case ["events", identity, "instances"] if identity in held.items:
                return self._page(request, held.view(*_span(request), only=identity), "graph.event")
        raise _RefusedError(404, "ErrorItemNotFound")

    def _delta(self, request: Request, held: Calendar) -> Answer:
        if "$skiptoken" in request.query:
            return self._page(request, [], "graph.event")
        if {"$select", "$filter", "$top", "$orderby", "$expand", "$search"} & request.query.keys():
            raise _RefusedError(400, "ErrorInvalidUrlQuery")
        with self.lock:
            position = len(held.log)
            if "$deltatoken" in request.query:
                since, low, high = _opened(request.query["$deltatoken"])
                if since < held.oldest:
                    raise _RefusedError(410, "SyncStateNotFound")
                changed = dict.fromkeys(key for key in held.log[since:] if key)
            else:
                low, high = request.query["startDateTime"], request.query["endDateTime"]
                changed = dict.fromkeys(held.items)
            span = datetime.fromisoformat(low), datetime.fromisoformat(high)
            items: list[Item] = []
            for key in changed:
                item = held.items.get(key)
                if item is None:
                    items.append(
                        {"@odata.type": "#microsoft.graph.event", "id": key, "@removed": {"reason": "deleted"}}
                    )
                    continue
                inside = held.view(*span, only=key)
                if item["type"] == "seriesMaster":
                    bare = [
                        {name: one[name] for name in _BARE} if one["type"] == "occurrence" else one for one in inside
                    ]
                    items += (
                        [*bare]
                        if self.without_masters
                        else [item, *bare]
                        if bare or "$deltatoken" in request.query
                        else []
                    )
                elif inside:
                    items += inside
                elif "$deltatoken" in request.query:
                    items.append(
                        {"@odata.type": "#microsoft.graph.event", "id": key, "@removed": {"reason": "changed"}}
                    )
        return self._page(request, items, "graph.event", delta=f"{position}~{low}~{high}")

    def _page(self, request: Request, items: list[Item], kind: str, delta: str = "") -> Answer:
        address = f"{self.next_link_origin or self.origin}{request.path}"
        if "$skiptoken" in request.query:
            try:
                items, first, delta, select = self._pages[request.query["$skiptoken"]]
            except KeyError:
                raise _RefusedError(400, "ErrorInvalidUrlQuery") from None
        else:
            first, select = 0, request.query.get("$select", "")
        top = int(request.query.get("$top") or 10)
        asked = request.headers.get("prefer", "").partition("odata.maxpagesize=")[2].partition(",")[0]
        if not 1 <= top <= 1000:
            raise _RefusedError(400, "ErrorInvalidUrlQuery")
        size = self.page_size or int(asked or top)
        shown = [
            self._seen(one, request, kind.rpartition(".")[2], select) if kind == "graph.event" else one
            for one in items[first : first + size]
        ]
        answer: Item = {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection", "value": shown}
        if first + size < len(items):
            token = request.query.get("$skiptoken") if self.same_next_link else None
            token = token or secrets.token_urlsafe(9)
            self._pages[token] = (items, first + size, delta, select)
            answer["@odata.nextLink"] = f"{address}?" + urlencode({"$skiptoken": token, "$top": top}, safe="$")
        elif delta:
            answer["@odata.deltaLink"] = f"{address}?" + urlencode({"$deltatoken": delta}, safe="$")
        self.csdl.check_page({**answer, "value": [one for one in shown if not one.get("x-damaged")]}, kind)
        return Answer.json({**answer, "value": [_without_mark(one) for one in shown]})

    def _one(self, value: Item, kind: str) -> Answer:
        self.csdl.check(value, kind)
        return Answer.json({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#One", **value})

    def _seen(self, one: Item, request: Request, kind: str, select: str = "") -> Item:
        """An event as the request wants it: chosen properties, ids that stay, texts without markup."""
        prefer = request.headers.get("prefer", "")
        seen = dict(one)
        if 'IdType="ImmutableId"' not in prefer:
            seen["id"] = f"changing-{seen['id']}"
        if seen.get("body") and 'outlook.body-content-type="text"' not in prefer:
            seen["body"] = {"contentType": "html", "content": f"<html><body>{seen['body']['content']}</body></html>"}
        return self._selected(seen, request, kind, select)

    def _selected(self, value: Item, request: Request, kind: str, select: str = "") -> Item:
        names = select or request.query.get("$select", "")
        if not names:
            return value
        wanted = names.split(",")
        if not set(wanted) <= self.csdl.properties(kind).keys():
            raise _RefusedError(400, "RequestBroker--ParseUri")
        return {key: part for key, part in value.items() if key in wanted or key == "@odata.etag" or key == "x-damaged"}

    def _schedules(self, request: Request, user: User) -> Answer:
        body = json.loads(request.body)
        if user.personal:
            raise _RefusedError(400, "ErrorInvalidRequest")
        low, high = (moment_of(body[name]) for name in ("startTime", "endTime"))
        assert {body[name]["timeZone"] for name in ("startTime", "endTime")} == {"UTC"}
        if len(body["schedules"]) > 20 or high - low > timedelta(days=62):
            raise _RefusedError(400, "ErrorInvalidParameter")
        found: list[Item] = []
        for address in body["schedules"]:
            whose = self.users.get(address)
            if whose is None:
                error = {"message": "Unable to resolve e-mail address.", "responseCode": "ErrorMailRecipientNotFound"}
                found.append({"scheduleId": address, "scheduleItems": [], "availabilityView": "", "error": error})
                continue
            items = [
                {"isPrivate": False, "status": one["showAs"], "start": one["start"], "end": one["end"]}
                for held in whose.calendars.values()
                for one in held.view(low, high)
            ]
            hours = {
                "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
                "startTime": "08:00:00.0000000",
                "endTime": "17:00:00.0000000",
                "timeZone": {"name": whose.zone},
            }
            found.append(
                {"scheduleId": address, "scheduleItems": items, "availabilityView": "0", "workingHours": hours}
            )
        answer = {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection", "value": found}
        self.csdl.check_page(answer, "graph.scheduleInformation")
        return Answer.json(answer)


def _without_mark(item: Item) -> Item:
    return {key: value for key, value in item.items() if key != "x-damaged"}


def _span(request: Request) -> tuple[datetime, datetime]:
    if "$skiptoken" in request.query:
        return datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    try:
        low, high = (datetime.fromisoformat(request.query[name]) for name in ("startDateTime", "endDateTime"))
    except (KeyError, ValueError):
        raise _RefusedError(400, "ErrorInvalidParameter") from None
    return low, high


def _opened(token: str) -> tuple[int, str, str]:
    since, low, high = token.split("~")
    return int(since), low, high
