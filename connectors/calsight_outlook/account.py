"""Whose calendars these are: what Graph says of a mailbox, its owner, its calendars and its time zone, asked for once each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from calsight import Calendar, Window
from calsight.errors import PayloadInvalidError, PermissionMissingError, SourceError
from calsight.kit.answers import StateRefusedError
from calsight_outlook.mailbox import ME, root
from calsight_outlook.schedules import in_utc
from calsight_outlook.service import MICROSOFT
from calsight_outlook.zones import iana, zone

if TYPE_CHECKING:
    from calsight_outlook.graph import Graph


#: https://learn.microsoft.com/graph/api/resources/mailboxsettings, userPurpose
_NOBODYS = frozenset({"shared", "room", "equipment"})


class Account:
    """What is known of the mailboxes that one account reads; each is asked for when it is first needed."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    def _once(self, what: str, mailbox: str, ask: Callable[[], Any]) -> Any:
        key = (what, mailbox)
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]

    def me(self, graph: Graph) -> Mapping[str, Any]:
        """The signed-in user; nothing where the token does not allow to ask (it lacks User.Read)."""

        def ask() -> Mapping[str, Any]:
            select = "id,displayName,mail,userPrincipalName,otherMails,proxyAddresses"
            try:
                return graph.get(ME, {"$select": select}, asked_for="your profile")
            except (PermissionMissingError, PayloadInvalidError):
                return {}

        found: Mapping[str, Any] = self._once("me", ME, ask)
        return found

    def owner_of(self, graph: Graph, mailbox: str, *, application: bool) -> Mapping[str, Any]:
        """Whoever has a mailbox: the signed-in user; for an application that may ask (User.Read.All), another's profile."""
        if mailbox == ME:
            return self.me(graph)
        if not application:
            return {}

        def ask() -> Mapping[str, Any]:
            select = "mail,userPrincipalName,otherMails,proxyAddresses"
            try:
                return graph.get(root(mailbox), {"$select": select}, asked_for="the addresses of that mailbox")
            except SourceError:
                return {}

        found: Mapping[str, Any] = self._once("owner", mailbox, ask)
        return found

    def is_shared(self, graph: Graph, mailbox: str) -> bool:
        """Whether the mailbox is no person's but a room's, a device's or a team's. False where nobody lets us ask."""

        def ask() -> str:
            try:
                found = graph.get(f"{root(mailbox)}/mailboxSettings/userPurpose", asked_for="what the mailbox is for")
            except SourceError:
                return ""
            return str(found.get("value") or "")

        return self._once("purpose", mailbox, ask) in _NOBODYS

    def listed(self, graph: Graph, mailbox: str) -> list[Mapping[str, Any]]:
        """The calendars of a mailbox."""

        def ask() -> list[Mapping[str, Any]]:
            address = graph.address(f"{root(mailbox)}/calendars", {"$top": "100"})
            pages = graph.pages(address, asked_for="the list of calendars")
            entries = (entry for answer in pages for entry in MICROSOFT.members(answer, "value"))
            try:
                return [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
            except StateRefusedError as refused:
                error = refused.error
            raise error

        found: list[Mapping[str, Any]] = self._once("calendars", mailbox, ask)
        return found

    def sees_private(self, graph: Graph, calendar: Calendar, path: str, asked_for: str) -> bool:
        """Whether private events come with their details: in a calendar that is shared they may not."""
        entry = self._once("calendar", calendar.id, lambda: graph.get(path, asked_for=asked_for))
        return entry.get("canViewPrivateItems") is not False

    def zone_of(self, graph: Graph, mailbox: str, window: Window) -> str:
        """The mailbox's zone: as it is set where the token allows to ask, else that of its working hours; "" if unknown.

        Whatever goes wrong while it is looked up costs the zone and nothing else.
        """

        def ask() -> str:
            try:
                settings = graph.get(f"{root(mailbox)}/mailboxSettings", asked_for="the mailbox's time zone")
                name = settings.get("timeZone")
            except SourceError:
                name = self._zone_of_working_hours(graph, mailbox, window)
            return iana(name) or ("UTC" if zone(name) else "") if isinstance(name, str) else ""

        found: str = self._once("zone", mailbox, ask)
        return found

    def _zone_of_working_hours(self, graph: Graph, mailbox: str, window: Window) -> Any:
        me = self.me(graph) if mailbox == ME else {}
        address = mailbox if mailbox != ME else me.get("mail") or me.get("userPrincipalName")
        if not address:
            return ""
        span = {"startTime": in_utc(window.start), "endTime": in_utc(window.start + timedelta(hours=1))}
        try:
            answer = graph.post(
                f"{root(mailbox)}/calendar/getSchedule", {"schedules": [address], **span}, asked_for="working hours"
            )
            return MICROSOFT.members(answer, "value")[0]["workingHours"]["timeZone"]["name"]
        except (SourceError, LookupError, TypeError):
            return ""


def calendar_of(entry: Mapping[str, Any], mailbox: str, me: Mapping[str, Any]) -> Calendar:
    """A calendar resource of that mailbox; `me` is the signed-in user. Raises `PayloadInvalidError`."""
    identity = entry.get("id")
    if not isinstance(identity, str) or not identity:
        raise MICROSOFT.unexpected()
    owner = entry.get("owner") or {}
    return Calendar(
        id=f"{mailbox}/{identity}",
        name=entry.get("name") or "Calendar",
        owner=_owner(
            owner.get("address") or ("" if mailbox == ME else mailbox), me, bool(entry.get("isDefaultCalendar"))
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
