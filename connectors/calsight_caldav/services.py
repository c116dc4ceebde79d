"""The services that many people have their calendars at: where they are, and where one makes a password for a program."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Known:
    """A service.

    name        as people call it
    server      where its calendars are; "" where everybody has a server of their own
    domains     of its e-mail addresses
    hosts       its servers, and all that end so
    path        where its calendars are on a server of one's own
    mark        what tells the address of such a server
    link        where one makes an app password; {base} is the server's own address. "" where the usual password will do
    where       the way there in words
    user        what it wants as user, where that is not the e-mail address
    """

    name: str
    server: str = ""
    domains: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    path: str = ""
    mark: str = ""
    link: str = ""
    where: str = ""
    user: str = ""

    def app_password(self, base: str) -> str:
        """The sentence that says how to make one, for the server at `base`; "" where none is needed."""
        if not self.where:
            return ""
        at = f": {self.link.format(base=base)}" if self.link else ""
        return f"{self.name} wants an app password, not the one that you sign in with on its pages ({self.where}){at}"


SERVICES = (
    Known(
        "iCloud",
        "https://caldav.icloud.com/",
        domains=("icloud.com", "me.com", "mac.com"),
        hosts=("icloud.com",),
        link="https://account.apple.com/account/manage",
        where="Sign-In and Security, App-Specific Passwords",
    ),
    Known(
        "Fastmail",
        "https://caldav.fastmail.com/",
        domains=("fastmail.com", "fastmail.fm", "fastmail.net", "messagingengine.com"),
        hosts=("fastmail.com", "messagingengine.com"),
        link="https://app.fastmail.com/settings/security",
        where="Settings, Privacy & Security, Integrations, New app password",
    ),
    Known(
        "Nextcloud",
        path="/remote.php/dav",
        mark="/remote.php/",
        link="{base}/settings/user/security",
        where="Settings, Security, Devices & sessions",
    ),
    Known(
        "mailbox.org",
        "https://dav.mailbox.org/",
        domains=("mailbox.org",),
        hosts=("mailbox.org",),
        link="https://office.mailbox.org/",
        where="All settings, Security, Application passwords; without two factors your usual password will do",
    ),
    Known(
        "Posteo",
        "https://posteo.de:8443/",
        domains=("posteo.de", "posteo.net", "posteo.org", "posteo.eu", "posteo.at", "posteo.ch"),
        hosts=("posteo.de",),
    ),
    Known(
        "Zoho",
        "https://calendar.zoho.com/",
        domains=("zoho.com", "zohomail.com"),
        hosts=("zoho.com", "zoho.eu", "zoho.in", "zoho.com.au"),
        link="https://accounts.zoho.com/home#security/app_password",
        where="Zoho Accounts, Security, App Passwords",
    ),
    Known(
        "Zoho",
        "https://calendar.zoho.eu/",
        domains=("zohomail.eu",),
        link="https://accounts.zoho.eu/home#security/app_password",
        where="Zoho Accounts, Security, App Passwords",
    ),
    Known(
        "Yahoo",
        "https://caldav.calendar.yahoo.com/",
        domains=("yahoo.com", "ymail.com", "rocketmail.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr"),
        hosts=("yahoo.com",),
        link="https://login.yahoo.com/account/security",
        where="Account security, Generate app password",
    ),
    Known(
        "Infomaniak",
        "https://sync.infomaniak.com/",
        domains=("ik.me", "infomaniak.com", "etik.com"),
        hosts=("infomaniak.com",),
        link="https://manager.infomaniak.com/v3/profile/application-password",
        where="Manager, Profile, Application passwords",
        user="the user name that https://config.infomaniak.com shows, two letters and digits",
    ),
    Known("SOGo", path="/SOGo/dav/", mark="/SOGo/"),
    Known(
        "Zimbra",
        path="/dav/",
        where="Preferences, Accounts, Account Security, Applications; without two factors your usual password will do",
    ),
)


def by_address(typed: str) -> Known | None:
    """The service whose e-mail address, or domain, that is."""
    domain = typed.rpartition("@")[2].lower().rstrip(".")
    return next((one for one in SERVICES if domain in one.domains), None)


def by_server(url: str) -> Known | None:
    """The service that this server is of; one's own servers show by their paths."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    for one in SERVICES:
        if any(host == known or host.endswith(f".{known}") for known in one.hosts):
            return one
    return next((one for one in SERVICES if one.mark and one.mark in parts.path), None)
