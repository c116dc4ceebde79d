"""A Google Calendar of our own: a real HTTP server on loopback, for what the independent emulator lacks.

    with FakeGoogle() as google:
        google.put("ana@example.com", item("one", ...))          # fakes.google_items
        connector = GoogleConnector(ConnectorContext({"api_endpoint": google.url, "access_token": google.token()}))

It does sign-in (authorization code with PKCE, refresh, revocation, service accounts), the calendar list, events.list (paging
with stable snapshots, windows, partial responses, sync tokens, 410, tombstones, access roles, hidden guests), free/busy, and
any trouble that a test asks for. Every answer is checked against the discovery document that ships inside the client library
(google-api-python-client); an answer that does not fit is a failure of the fake, and the test that uses it fails.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode
from zoneinfo import ZoneInfo

from fakes.google_api import RefusedError, check_mask, discovery, is_moment, masked, method_named, parse_mask, validator
from fakes.google_items import LONG_AGO, Item, cancelled
from fakes.server import Answer, Request, Server

SCOPES = "https://www.googleapis.com/auth/"
READ = f"{SCOPES}calendar.events.readonly {SCOPES}calendar.calendarlist.readonly"


@dataclass
class _Calendar:
    entry: Item
    whose: str
    log: list[tuple[str, Item]] = field(default_factory=list)
    events: dict[str, Item] = field(default_factory=dict)
    oldest: int = 0


@dataclass
class _Account:
    refresh_token: str
    scopes: str


class FakeGoogle(Server):
    """Ana's Google, unless it is another `owner`'s; every answer is checked to be one that Google could give."""

    def __init__(self, owner: str = "ana@example.com", zone: str = "Europe/Berlin") -> None:
        super().__init__()
        self.owner = owner
        self.page_size: int | None = None
        self.new_page_token: Callable[[], str] = lambda: secrets.token_urlsafe(12)
        self.client = ("client-id.apps.googleusercontent.com", "client-secret")
        self.consent: Callable[[str], str | None] = lambda scopes: scopes
        self.service_accounts: dict[str, tuple[Any, frozenset[str]]] = {}
        self._calendars: dict[str, _Calendar] = {}
        self._tokens: dict[str, str] = {}
        self._acting: dict[str, str] = {}
        self._refresh: dict[str, _Account] = {}
        self._codes: dict[str, tuple[str, str, str]] = {}
        self._pages: dict[str, tuple[str, list[Item], int, int, dict[str, str]]] = {}
        self.add_calendar(owner, summary=owner, primary=True, timeZone=zone, accessRole="owner")

    # --- for tests: what there is ---------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return self.origin

    def add_person(self, address: str, zone: str = "Europe/Berlin") -> None:
        """Somebody else of the owner's domain, for whom a service account may act."""
        self.add_calendar(address, whose=address, summary=address, primary=True, timeZone=zone, accessRole="owner")

    def add_calendar(self, identity: str, whose: str = "", **entry: Any) -> None:
        entry = {
            "kind": "calendar#calendarListEntry",
            "id": identity,
            "timeZone": "UTC",
            "accessRole": "owner",
            **entry,
        }
        validator("CalendarListEntry")(entry)
        self._calendars[identity] = _Calendar(entry, whose or self.owner)

    def put(self, calendar: str, *items: Item) -> None:
        """New or changed events."""
        check = validator("Event")
        with self.lock:
            held = self._calendars[calendar]
            for one in items:
                check(one)
                held.events[one["id"]] = one
                held.log.append((one["id"], one))

    def remove(self, calendar: str, *identities: str) -> None:
        """Cancel events (or occurrences)."""
        with self.lock:
            held = self._calendars[calendar]
            for identity in identities:
                gone = cancelled(held.events[identity])
                held.events[identity] = gone
                held.log.append((identity, gone))

    def remove_series(self, calendar: str, series: str, *, tell: int | None = None) -> None:
        """Delete a whole series. Of its occurrences Google tells the first `tell` only, and the series itself."""
        with self.lock:
            held = self._calendars[calendar]
            members = [key for key, one in held.events.items() if one.get("recurringEventId") == series]
            for key in members:
                held.events[key] = cancelled(held.events[key])
            held.log += [(key, held.events[key]) for key in members[:tell]]
            gone = {"kind": "calendar#event", "etag": '"gone"', "id": series, "status": "cancelled"}
            held.log.append((series, gone))

    def events(self, calendar: str) -> dict[str, Item]:
        """What the calendar holds now, without what is cancelled."""
        with self.lock:
            held = self._calendars[calendar].events
            return {key: one for key, one in held.items() if one["status"] != "cancelled"}

    def expire_sync_tokens(self) -> None:
        """Every sync token so far is answered with 410."""
        with self.lock:
            for calendar in self._calendars.values():
                calendar.log.append(("", {}))
                calendar.oldest = len(calendar.log)

    def token(self, scopes: str = READ) -> str:
        """A ready access token."""
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self._tokens[token] = scopes
        return token

    def revoke_all(self) -> None:
        """Nobody is signed in any more."""
        self._tokens.clear()
        self._refresh.clear()

    def expire_access_tokens(self) -> None:
        """Access tokens end, refresh tokens do not."""
        self._tokens.clear()

    @property
    def refresh_tokens(self) -> list[str]:
        return list(self._refresh)

    def client_file(self, folder: Path) -> Path:
        """A client file as the Google Cloud console gives it, that leads here."""
        path = folder / "client_secret.json"
        path.write_text(
            json.dumps(
                {
                    "installed": {
                        "client_id": self.client[0],
                        "client_secret": self.client[1],
                        "project_id": "invented",
                        "auth_uri": f"{self.url}/o/oauth2/auth",
                        "token_uri": f"{self.url}/token",
                        "redirect_uris": ["http://localhost"],
                    }
                }
            ),
            encoding="utf-8",
        )
        return path

    # --- answering ------------------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        path = request.path
        if path in ("/o/oauth2/auth", "/o/oauth2/v2/auth"):
            return self._authorize(request.query)
        if path == "/.well-known/openid-configuration":
            return Answer.json(
                {
                    "authorization_endpoint": f"{self.url}/o/oauth2/v2/auth",
                    "token_endpoint": f"{self.url}/token",
                    "revocation_endpoint": f"{self.url}/revoke",
                }
            )
        if path == "/token":
            return self._token(request.form)
        if path == "/revoke":
            known = self._refresh.pop(request.form.get("token", ""), None)
            return Answer.json({}, 200 if known else 400)
        try:
            return self._api(request)
        except RefusedError as refused:
            return refused.answer

    def _api(self, request: Request) -> Answer:
        parts = [unquote(part) for part in request.path.removeprefix("/calendar/v3/").split("/")]
        match (request.method, parts):
            case ("GET", ["users", "me", "calendarList"]):
                self._allow("calendarList.list", request)
                person = self._person(request)
                items = [calendar.entry for calendar in self._calendars.values() if calendar.whose == person]
                return self._checked("CalendarList", {"kind": "calendar#calendarList", "items": items})
            case ("GET", ["calendars", calendar, "events"]):
                self._allow("events.list", request)
                if calendar in self._calendars and self._calendars[calendar].whose != self._person(request):
                    raise RefusedError(404, "notFound", "Not Found")
                return self._list(calendar, request.query)
            case ("POST", ["freeBusy"]):
                self._allow("freebusy.query", request)
                return self._free_busy(json.loads(request.body))
        raise RefusedError(404, "notFound")

    def _person(self, request: Request) -> str:
        """For whom a request is made."""
        return self._acting.get(request.headers.get("authorization", "").removeprefix("Bearer "), self.owner)

    def _allow(self, method: str, request: Request) -> None:
        scopes = self._tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if scopes is None:
            raise RefusedError(401, "authError", "Invalid Credentials")
        described = method_named(method)
        if not set(scopes.split()) & set(described["scopes"]):
            raise RefusedError(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
        allowed = described.get("parameters", {}) | discovery()["parameters"]
        for name, value in request.query.items():
            if name not in allowed:
                raise RefusedError(400, "invalidParameter", f"Unknown parameter {name}")
            if allowed[name].get("format") == "date-time" and not is_moment(value):
                raise RefusedError(400, "badRequest", f"Bad {name}")

    def _list(self, identity: str, query: Mapping[str, str]) -> Answer:
        calendar = self._calendars.get(self.owner if identity == "primary" else identity)
        if calendar is None:
            raise RefusedError(404, "notFound", "Not Found")
        role = calendar.entry["accessRole"]
        if role == "none":
            raise RefusedError(403, "forbidden", "Forbidden")
        mask = parse_mask(query.get("fields", ""))
        check_mask(mask, discovery()["schemas"]["Events"])
        rest = {key: value for key, value in query.items() if key != "pageToken"}
        with self.lock:
            if "pageToken" in query:
                if query["pageToken"] not in self._pages:
                    raise RefusedError(400, "invalid", "Invalid page token value.")
                asked, items, first, position, before = self._pages[query["pageToken"]]
                if (asked, before) != (identity, rest):
                    raise RefusedError(400, "invalid", "A page token with other parameters")
            else:
                items, first, position = self._select(calendar, query), 0, len(calendar.log)
            size = self.page_size or min(int(query.get("maxResults", 250)), 2500)
            answer: Item = {
                "kind": "calendar#events",
                "etag": '"list"',
                "summary": calendar.entry.get("summary", ""),
                "updated": LONG_AGO,
                "timeZone": calendar.entry["timeZone"],
                "accessRole": role,
                "defaultReminders": [],
                "items": [self._seen(one, role) for one in items[first : first + size]],
            }
            if first + size < len(items):
                page = self.new_page_token()
                self._pages[page] = (identity, items, first + size, position, rest)
                answer["nextPageToken"] = page
            elif "orderBy" not in query:
                answer["nextSyncToken"] = f"{position}."
        return self._checked("Events", masked(answer, mask), once=("Event", "items"))

    def _select(self, calendar: _Calendar, query: Mapping[str, str]) -> list[Item]:
        if query.get("singleEvents") != "true":
            raise RefusedError(400, "badRequest", "this fake knows occurrences only")
        if "syncToken" in query:
            if {"timeMin", "timeMax", "q", "orderBy", "updatedMin", "iCalUID"} & query.keys():
                raise RefusedError(400, "badRequest", "Sync token cannot be used with other query restrictions.")
            since = query["syncToken"].partition(".")[0]
            if not since.isdigit():
                raise RefusedError(400, "invalid", "Invalid sync token value.")
            if int(since) < calendar.oldest:
                raise RefusedError(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
            changed = dict(calendar.log[int(since) :])
            return [one for key, one in changed.items() if key]
        low, high = (datetime.fromisoformat(query[name]) if name in query else None for name in ("timeMin", "timeMax"))
        deleted = query.get("showDeleted") == "true"
        found = []
        for one in calendar.events.values():
            if one["status"] == "cancelled":
                if deleted:
                    found.append(one)
                continue
            if not one["start"]:  # what no Google would give; a test wants to see what becomes of it
                found.append(one)
                continue
            zone = calendar.entry["timeZone"]
            start, end = _moment_of(one["start"], zone), _moment_of(one["end"], zone)
            if (low is None or end > low) and (high is None or start < high):
                found.append(one)
        return found

    def _seen(self, one: Item, role: str) -> Item:
        """What a reader of this role sees of an event."""
        if one["status"] == "cancelled":
            return one
        if role == "freeBusyReader" or (
            one.get("visibility") in ("private", "confidential") and role in ("reader", "writerWithoutPrivateAccess")
        ):
            bare = ("kind", "etag", "id", "status", "start", "end", "originalStartTime", "recurringEventId", "iCalUID")
            return {**{key: one[key] for key in bare if key in one}, "visibility": "private"}
        if one.get("guestsCanSeeOtherGuests") is False and not one.get("organizer", {}).get("self"):
            return {**one, "attendees": [guest for guest in one.get("attendees", ()) if guest.get("self")]}
        return one

    def _free_busy(self, body: Item) -> Answer:
        validator("FreeBusyRequest")(body)
        low, high = (datetime.fromisoformat(body[name]) for name in ("timeMin", "timeMax"))
        found: Item = {}
        for asked in body["items"]:
            calendar = self._calendars.get(asked["id"])
            if calendar is None:
                found[asked["id"]] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
                continue
            busy = []
            for one in self.events(asked["id"]).values():
                zone = calendar.entry["timeZone"]
                start, end = _moment_of(one["start"], zone), _moment_of(one["end"], zone)
                if one.get("transparency") != "transparent" and start < high and end > low:
                    busy.append({"start": max(start, low).isoformat(), "end": min(end, high).isoformat()})
            found[asked["id"]] = {"busy": busy}
        answer = {
            "kind": "calendar#freeBusy",
            "timeMin": body["timeMin"],
            "timeMax": body["timeMax"],
            "calendars": found,
        }
        return self._checked("FreeBusyResponse", answer)

    def _checked(self, schema: str, answer: Item, once: tuple[str, str] | None = None) -> Answer:
        """An answer that fits its schema. `once` names a list whose (many) members are checked each, the rest apart."""
        rest = answer
        if once and once[1] in answer:
            check = validator(once[0])
            for one in answer[once[1]]:
                check(one)
            rest = {**answer, once[1]: []}
        validator(schema)(rest)
        return Answer.json(answer)

    # --- signing in -----------------------------------------------------------------------------------------------------------

    def _authorize(self, query: Mapping[str, str]) -> Answer:
        """The consent screen: its user decides at once, as `consent` says."""
        assert query["client_id"] == self.client[0]
        assert query["code_challenge_method"] == "S256"
        assert query["access_type"] == "offline"
        granted = self.consent(query["scope"])
        answer = {"state": query["state"]}
        if granted is None:
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe(12)
            self._codes[answer["code"]] = (granted, query["code_challenge"], query["redirect_uri"])
        return Answer(302, {"Location": f"{query['redirect_uri']}?{urlencode(answer)}"}, b"")

    def _token(self, form: Mapping[str, str]) -> Answer:
        grant = form.get("grant_type")
        if grant == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self._service_account(form["assertion"])
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            return Answer.json({"error": "invalid_client"}, 401)
        answer = {"token_type": "Bearer", "expires_in": 3599}
        if grant == "refresh_token":
            account = self._refresh.get(form["refresh_token"])
            if account is None:
                return Answer.json(
                    {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400
                )
            return Answer.json({**answer, "access_token": self.token(account.scopes), "scope": account.scopes})
        scopes, challenge, redirect = self._codes.pop(form["code"])
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if proof != challenge or redirect != form["redirect_uri"]:
            return Answer.json({"error": "invalid_grant"}, 400)
        refresh = f"1//{secrets.token_urlsafe(24)}"
        self._refresh[refresh] = _Account(refresh, scopes)
        return Answer.json({**answer, "access_token": self.token(scopes), "refresh_token": refresh, "scope": scopes})

    def _service_account(self, assertion: str) -> Answer:
        """Google's side of domain-wide delegation: the key must be known, and its client allowed all the scopes."""
        from google.auth import jwt

        claims = jwt.decode(assertion, verify=False)
        certificate, allowed = self.service_accounts[claims["iss"]]
        jwt.decode(assertion, certs=certificate, audience=claims["aud"])
        person = claims["sub"]
        known = person in {calendar.whose for calendar in self._calendars.values()}
        if not known or not set(claims["scope"].split()) <= allowed:
            return Answer.json({"error": "unauthorized_client", "error_description": "Client is unauthorized."}, 401)
        token = self.token(claims["scope"])
        self._acting[token] = person
        return Answer.json({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})


def _moment_of(value: Mapping[str, str], zone: str) -> datetime:
    if "dateTime" in value:
        return datetime.fromisoformat(value["dateTime"])
    return datetime.fromisoformat(value["date"]).replace(tzinfo=ZoneInfo(value.get("timeZone", zone)))
