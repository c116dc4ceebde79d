"""What goes wrong with a CalDAV server, as one sentence each: what, why, and the next step.

Nothing of what the server or its libraries say is passed on, because it holds addresses, passwords and whole pages.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from calsight.errors import (
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    ServerTroubleError,
    SourceError,
)
from calsight.kit.answers import Service
from calsight.kit.retry import Transient
from calsight_caldav import services

NAME = "caldav"
#: WebDAV's own: no space, which a server answers where an answer would be too long (RFC 6578, 3.6).
TOO_MUCH = 507


class Moved(Exception):  # noqa: N818 - a signal between two modules, never seen by users
    """The server sends on to another address."""

    def __init__(self, location: str) -> None:
        super().__init__("moved")
        self.location = location


class Unauthorized(Exception):  # noqa: N818 - as above
    """A 401, with the challenge that came with it."""

    def __init__(self, challenge: str) -> None:
        super().__init__("unauthorized")
        self.challenge = challenge


class Refused(Exception):  # noqa: N818 - as above
    """An error status that waiting does not mend, for the caller to say what it means."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.headers = headers
        self.body = body


class NoDavError(PayloadInvalidError):
    """Something answered, but no CalDAV server."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what[0].upper()}{what[1:]}: that is no CalDAV address. Take it from your calendar's settings on the service's "
            f"pages, or give your e-mail address: calsight connect {NAME} --server ADDRESS"
        )


class ElsewhereError(PermissionMissingError):
    """The server, or a domain's DNS, sends on to a host of somebody else's, who would get the password."""

    def __init__(self, host: str, to: str) -> None:
        parts = urlsplit(to)
        super().__init__(
            f"{host} sends on to {parts.hostname}, which may be another's: calsight gives your password to no stranger. "
            f"If you trust it: calsight connect {NAME} --server {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        )


class CertificateError(ServerTroubleError):
    """No address of that host can be asked."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} shows a certificate that nobody vouches for, or that is for another name, so nothing was sent to "
            "it. If it is your own server, name the certificate of whoever signed it (a PEM file): "
            f"calsight connect {NAME} --ca-file FILE"
        )


def service_of(server: str, *, bearer: bool = False) -> Service:
    """The server as sentences name it: by its service's name, or its host's."""
    known = services.by_server(server)
    name = known.name if known is not None and known.server else urlsplit(server).hostname or "The server"
    return Service(NAME, name, mend="Give calsight a new access token." if bearer else "")


def explain(error: Exception, server: str, *, bearer: bool = False) -> Exception:
    """The exception to raise for what the libraries raised: `Transient` if it may pass, a `SourceError` if not."""
    from requests.exceptions import RequestException

    service = service_of(server, bearer=bearer)
    if isinstance(error, Unauthorized):
        return unauthorized(error.challenge, server, bearer=bearer)
    if _cause(error, ssl.SSLCertVerificationError):
        return CertificateError(service.name)
    if _cause(error, socket.gaierror) or _unresolved(error):
        return service.not_found()
    if isinstance(error, RequestException | OSError):
        return service.broken()
    if isinstance(error, ValueError):  # of requests, for an address that an answer leads to
        return service.unexpected()
    raise error


def passing(refused: Refused, server: str) -> Transient | None:
    """The exception for a status that may pass, or None."""
    return None if refused.status == TOO_MUCH else service_of(server).passing(refused.status, refused.headers)


def unauthorized(challenge: str, server: str, *, bearer: bool = False) -> SourceError:
    """What a 401 means, and where one makes a password that the service takes."""
    service = service_of(server, bearer=bearer)
    if bearer:
        return NotSignedInError(f"{service.name} does not accept the access token. {service.anew}")
    schemes = {part.split()[0] for part in challenge.lower().split(",") if part.strip()}
    if schemes and not schemes & {"basic", "digest"} and schemes & {"bearer", "negotiate", "ntlm"}:
        return PermissionMissingError(
            f"{service.name} takes no password of a program ({', '.join(sorted(schemes & {'bearer', 'negotiate', 'ntlm'}))} "
            "only), so calsight cannot sign in to it. Export the calendar as an ICS file, or ask its administrator."
        )
    known = services.by_server(server)
    base = server.partition("/remote.php")[0].rstrip("/")
    hint = known.app_password(base) if known else ""
    if not hint:
        hint = "If you sign in there with two factors, make an app password in your account's security settings"
    user = f" Its user is {known.user}." if known and known.user else ""
    return NotSignedInError(
        f"{service.name} does not accept this user and password. {hint}.{user} Then: calsight connect {NAME}"
    )


def no_calendars(server: str, shared: Sequence[str] = ()) -> SourceError:
    """Signed in, and nothing there of one's own; `shared` are the names of what others share."""
    what = f"This account at {service_of(server).name} has no calendar"
    if shared:
        names = ", ".join(repr(name) for name in shared[:8])
        return SourceError(
            f"{what} of its own that holds events. Others share some with it: {names}. Name one: {NAME}:NAME"
        )
    return SourceError(
        f"{what} that holds events. Check on the service's pages that it is the right account; to sign in to another one: "
        f"calsight connect {NAME}"
    )


def forbidden(what: str, server: str) -> SourceError:
    """Signed in, but not allowed, or it is gone."""
    return PermissionMissingError(
        f"{service_of(server).name} does not let this account read {what}, or it is gone. Its owner can share it again."
    )


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        inner = next((one for one in error.args if isinstance(one, BaseException)), None)
        error = error.__cause__ or error.__context__ or getattr(error, "reason", None) or inner
        if not isinstance(error, BaseException):
            break
    return found


def _cause(error: Exception, kind: type[BaseException]) -> bool:
    return any(isinstance(one, kind) for one in _chain(error))


def _unresolved(error: Exception) -> bool:
    return any("NameResolution" in type(one).__name__ or "NameResolution" in str(one)[:400] for one in _chain(error))
