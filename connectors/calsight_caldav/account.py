"""Whoever is signed in: their principal, their addresses, and their calendars with those that others share with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from calsight import Calendar
from calsight.errors import PermissionMissingError, SourceError
from calsight.kit.calendars import meant
from calsight.kit.times import zone_named
from calsight_caldav.dav import Dav, host_of, related
from calsight_caldav.trouble import NoDavError, Refused, forbidden, no_calendars
from calsight_caldav.xml import CALDAV, DAV, SERVER, Resource, path_of, propfind

_WHO = (f"{DAV}current-user-principal", f"{DAV}resourcetype", f"{DAV}principal-URL")
_PERSON = (
    f"{CALDAV}calendar-home-set",
    f"{CALDAV}calendar-user-address-set",
    f"{CALDAV}schedule-outbox-URL",
    f"{DAV}displayname",
)
_CALENDAR = (
    f"{DAV}resourcetype",
    f"{DAV}displayname",
    f"{DAV}owner",
    f"{CALDAV}supported-calendar-component-set",
    f"{CALDAV}calendar-timezone",
)


@dataclass(frozen=True, slots=True)
class Person:
    """A principal. `homes` are where its calendars are, `outbox` is where one asks when others are busy ("" for nowhere)."""

    url: str
    homes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    name: str = ""
    outbox: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A calendar as its home lists it. `mine` says that nobody else's name stands on it."""

    url: str
    name: str
    mine: bool
    owner: Person
    zone: str = ""


@dataclass(slots=True)
class Account:
    """The account that `dav` is signed in to; what was found out is asked for once."""

    dav: Dav
    person: Person | None = None
    listed: list[Listed] | None = None
    _others: dict[str, Person] = field(default_factory=dict)

    def me(self) -> Person:
        """Whoever is signed in. Raises `NoDavError` where no CalDAV server answers."""
        if self.person is None:
            self.person = self._person(self._principal(self.dav.login.server))
        return self.person

    def _principal(self, server: str) -> str:
        """Where the signed-in user's principal is (RFC 5397)."""
        try:
            answer = self.dav.propfind(server, propfind(*_WHO))
        except Refused as refused:
            status = refused.status
        else:
            for found in answer.resources():
                if hrefs := found.hrefs(f"{DAV}current-user-principal"):
                    return self._safe(hrefs[0])
                if f"{DAV}principal" in found.tags(f"{DAV}resourcetype"):
                    return found.url
            raise NoDavError(f"{host_of(server)} names no calendars of yours at this address")
        raise NoDavError(f"{host_of(server)} refused to say whose calendars are at this address (status {status})")

    def _person(self, url: str) -> Person:
        answer = self._asked(url, _PERSON, 0, "your account")
        found = next(iter(answer), Resource(url, 200, {}))
        addresses = [href for href in found.hrefs(f"{CALDAV}calendar-user-address-set") if "@" in href]
        outbox = found.hrefs(f"{CALDAV}schedule-outbox-URL")
        return Person(
            url,
            homes=tuple(self._safe(home) for home in dict.fromkeys(found.hrefs(f"{CALDAV}calendar-home-set"))),
            addresses=tuple(dict.fromkeys(_address(href) for href in addresses if href.lower().startswith("mailto:"))),
            name=_name_of(found.text(f"{DAV}displayname"), url, addresses),
            outbox=self._safe(outbox[0]) if outbox else "",
        )

    def _asked(self, url: str, props: Sequence[str], depth: int, what: str) -> list[Resource]:
        try:
            return list(self.dav.propfind(url, propfind(*props), depth=depth).resources())
        except Refused:
            pass
        raise forbidden(what, self.dav.login.server)

    def _safe(self, url: str) -> str:
        if not related(host_of(self.dav.login.server), host_of(url)):
            raise PermissionMissingError(
                f"{host_of(self.dav.login.server)} names calendars at {host_of(url)}, which is another's: calsight gives your "
                "password to no stranger."
            )
        return url

    # --- calendars ------------------------------------------------------------------------------------------------------------

    def calendars(self) -> list[Listed]:
        """All calendars that hold events: one's own, and those that others share."""
        if self.listed is None:
            me = self.me()
            found: dict[str, Listed] = {}
            for home in me.homes or (me.url,):
                for resource in self._asked(home, _CALENDAR, 1, "the list of your calendars"):
                    if _holds_events(resource):
                        found.setdefault(path_of(resource.url), self._listed(resource, me))
            self.listed = list(found.values())
        return self.listed

    def _listed(self, found: Resource, me: Person) -> Listed:
        owners = found.hrefs(f"{DAV}owner")
        shared = f"{SERVER}shared" in found.tags(f"{DAV}resourcetype")
        mine = not shared and (not owners or path_of(owners[0]) in {path_of(me.url), *map(path_of, me.homes)})
        owner = me if mine else Person("")
        if not mine and owners and path_of(owners[0]) != path_of(me.url):
            owner = self._other(owners[0])
        return Listed(
            found.url,
            found.text(f"{DAV}displayname") or _last(found.url),
            mine,
            owner,
            _zone_of(found.text(f"{CALDAV}calendar-timezone")),
        )

    def _other(self, url: str) -> Person:
        """Somebody who shares a calendar, as far as the server tells who they are."""
        if url not in self._others:
            try:
                found = self._person(self._safe(url))
            except SourceError:  # Cyrus tells nobody of anybody else
                found = Person(url)
            if not found.addresses and "@" in _last(url):
                found = replace(found, addresses=(_last(url),))
            self._others[url] = found
        return self._others[url]

    def meant(self, reference: str) -> list[Listed]:
        """The calendars of a reference: all of one's own for "", else one by its address or name, or all of a person's.

        Raises `SourceError` where there is none, `UsageError` for a name that two have.
        """
        listed, wanted = self.calendars(), reference.strip()
        if not wanted:
            mine = [one for one in listed if one.mine] or [one for one in listed if not one.owner.url]
            if not mine:
                raise no_calendars(self.dav.login.server, [one.name for one in listed])
            return mine
        path = path_of(wanted) if "/" in wanted else wanted
        one = meant(
            listed,
            lambda one: path_of(one.url) == path,
            lambda one: one.name.casefold() == wanted.casefold(),
            lambda one: path_of(one.url).rpartition("/")[2] == wanted,
            several=lambda count: (
                f"{count} calendars of this account are called {reference!r}: name one by the last part of its address: "
                + ", ".join(_last(one.url) for one in listed if one.name.casefold() == wanted.casefold())
                + "."
            ),
        )
        if one is not None:
            return [one]
        return self.of_person(wanted) or [self._unlisted(wanted, len(listed))]

    def of_person(self, address: str) -> list[Listed]:
        """What somebody shares: whoever has that address or, where the server does not tell, is called as it begins."""
        shared, address = [one for one in self.calendars() if not one.mine], address.lower()
        of_person = [one for one in shared if address in map(str.lower, one.owner.addresses)]
        name, at, _ = address.partition("@")
        if of_person or not at:
            return of_person
        nameless = [one for one in shared if one.owner.url and not one.owner.addresses]
        found = [one for one in nameless if _last(one.owner.url).lower() == name]
        return [replace(one, owner=replace(one.owner, addresses=(address,))) for one in found]

    def _unlisted(self, wanted: str, count: int) -> Listed:
        """A calendar by its own address: what is shared need not be listed."""
        if wanted.lower().startswith(("http://", "https://")):
            for found in self._asked(self._safe(wanted), _CALENDAR, 0, "that calendar"):
                if _holds_events(found):
                    return self._listed(found, self.me())
        names = ", ".join(repr(one.name) for one in self.calendars()[:8] if "@" not in one.name)
        raise PermissionMissingError(
            f"This account has no calendar {wanted!r}. It has {count}" + (f": {names}." if names else ".")
        )

    def owner_of(self, one: Listed) -> tuple[str, ...]:
        """The addresses of whoever a calendar is of; the sign-in's own, where a server knows none of its users."""
        user = self.dav.login.user
        return one.owner.addresses or ((user,) if one.mine and "@" in user else ())


def calendar_of(account: Account, one: Listed) -> Calendar:
    """A calendar as calsight has it. Whether an organizer is on the list is up to the program that wrote the entry."""
    return Calendar(
        id=one.url,
        name=one.name,
        zone=one.zone,
        owner=account.owner_of(one),
        owner_name=one.owner.name,
        producer="caldav",
    )


def _holds_events(resource: Resource) -> bool:
    tags = resource.tags(f"{DAV}resourcetype")
    if f"{CALDAV}calendar" not in tags or tags & {f"{CALDAV}schedule-inbox", f"{CALDAV}schedule-outbox"}:
        return False
    kinds = resource.props.get(f"{CALDAV}supported-calendar-component-set")
    names = {str(one.get("name", "")).upper() for one in kinds.iter(f"{CALDAV}comp")} if kinds is not None else set()
    return not names or "VEVENT" in names


def _zone_of(timezone: str) -> str:
    """The IANA name in a VTIMEZONE that says which zone a calendar is of, "" where there is none."""
    for line in timezone.replace("\r", "").split("\n"):
        name, _, value = line.partition(":")
        if name.partition(";")[0].upper() in ("TZID", "X-LIC-LOCATION"):
            zone = zone_named(value.strip())
            if zone is not None:
                return zone.key
    return ""


def _name_of(shown: str, url: str, addresses: Sequence[str]) -> str:
    """A principal's name, unless it is only what they sign in with."""
    logins = {_last(url), *(_address(href).partition("@")[0] for href in addresses)}
    return "" if "@" in shown or shown.casefold() in {login.casefold() for login in logins} else shown


def _address(href: str) -> str:
    return unquote(href[len("mailto:") :]).strip()


def _last(url: str) -> str:
    return path_of(url).rpartition("/")[2]
