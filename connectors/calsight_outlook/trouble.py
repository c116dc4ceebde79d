"""What goes wrong with Microsoft, as one sentence each: what, why, and the next step.

Nothing of what Graph, the login host or the libraries say is passed on, because their messages hold addresses and tokens.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

import requests
from requests.utils import parse_dict_header
from urllib3.exceptions import NameResolutionError

from calsight.errors import (
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    ServerTroubleError,
    SourceError,
)
from calsight.kit.answers import Service, StateRefusedError, asked_wait
from calsight.kit.texts import read_json
from calsight_outlook.service import MICROSOFT


class GoneError(PermissionMissingError):
    """What was asked for is not there (any more), or not for this account."""


#: Too many bytes, where Graph counts those. https://learn.microsoft.com/graph/errors
_SLOW_DOWN = frozenset({509})
#: What breaks on the way: worth another try.
_BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


def unreachable(error: requests.RequestException) -> Exception:
    """The exception to raise for a request that got no whole answer."""
    if isinstance(error, requests.exceptions.SSLError):
        return ServerTroubleError(
            "The connection to Microsoft is not safe: its certificate cannot be checked. Behind a proxy that opens "
            "connections, point REQUESTS_CA_BUNDLE to its certificate."
        )
    if isinstance(getattr(error.args[0] if error.args else None, "reason", None), NameResolutionError):
        return MICROSOFT.not_found()
    if isinstance(error, requests.HTTPError):  # raised for the login host's own trouble
        return MICROSOFT.sign_in_trouble()
    if isinstance(error, _BROKEN):
        return MICROSOFT.broken()
    return ServerTroubleError("Microsoft could not be asked: check the address and the proxy in your settings.")


def claims_of(answer: requests.Response) -> str:
    """The claims (JSON) that Graph asks the next token to meet; "" where it asks for none.

    It does when something about account, device or network has changed: continuous access evaluation.
    https://learn.microsoft.com/entra/identity-platform/claims-challenge
    """
    scheme, _, rest = answer.headers.get("www-authenticate", "").partition(" ")
    if scheme.lower() != "bearer":
        return ""
    encoded = parse_dict_header(rest).get("claims") or ""  # type: ignore[no-untyped-call]
    try:
        text = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        return text if isinstance(read_json(text), dict) else ""
    except ValueError:
        return ""


def still_challenged(service: Service) -> NotSignedInError:
    """What is said where a token that meets the claims is not accepted either."""
    return NotSignedInError(
        "Microsoft asks for a new sign-in, because something about your account, this device or its network has changed "
        f"(continuous access evaluation). {service.anew}"
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request is about, for the sentence that says why it failed.

    what            as a sentence names it ("the calendar 'Team'")
    refusable       the statuses that say that Graph does not accept the token in the address (any more)
    """

    what: str
    refusable: frozenset[int] = frozenset()


def explain(answer: requests.Response, asked: Asked, service: Service, *, application: bool) -> Exception:
    """The exception to raise for an error answer: `Transient` if it may pass, a `SourceError` if not."""
    error = _explained(answer, asked.what, service, application=application)
    if answer.status_code in asked.refusable and isinstance(error, SourceError):
        return StateRefusedError(error)
    return error


def _explained(answer: requests.Response, asked_for: str, service: Service, *, application: bool) -> Exception:
    status = answer.status_code
    slow_down = status in _SLOW_DOWN or (status in (503, 504) and bool(asked_wait(answer.headers)))
    passing = service.passing(status, answer.headers, slow_down=slow_down)
    if passing:
        return passing
    if status == 403:
        return _forbidden(asked_for, service, application=application)
    if status in (404, 410):
        return _missing(answer, asked_for)
    if 300 <= status < 400:
        return PayloadInvalidError("Microsoft's address answers with a redirection, which calsight does not follow.")
    return service.refused(status)


def _forbidden(asked_for: str, service: Service, *, application: bool) -> SourceError:
    if application:
        return PermissionMissingError(
            f"This application may not read {asked_for}: its permission Calendars.Read is missing, or RBAC for Applications "
            "does not cover this mailbox. Test-ServicePrincipalAuthorization in Exchange Online PowerShell says which."
        )
    consent = "sign in again and give your consent to Calendars.Read: " + service.sign_in
    return PermissionMissingError(
        f"This Microsoft account may not read {asked_for}. If it is somebody else's, they can share it in Outlook (Sharing and "
        f"permissions, Can view all details); if it is yours, "
        + ("the token must allow Calendars.Read." if service.mend else consent)
    )


def _missing(answer: requests.Response, asked_for: str) -> SourceError:
    if _code(answer) == "MailboxNotEnabledForRESTAPI":
        return PermissionMissingError(
            "This account has no mailbox in Exchange Online or Outlook.com (it may be on a server of your organisation's own), "
            "so Microsoft Graph cannot read its calendar. An exported ICS file can be read instead."
        )
    return GoneError(
        f"Microsoft cannot find {asked_for}, or it is not shared with this account. Its owner can share it in Outlook, under "
        "Sharing and permissions."
    )


def _code(answer: requests.Response) -> str:
    """The machine-readable cause in an error answer."""
    try:
        code = read_json(answer.content)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return code if isinstance(code, str) else ""
