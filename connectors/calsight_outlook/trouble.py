"""What goes wrong with Microsoft, as one sentence each: what, why, and the next step.

Nothing of what Graph, the login host or the libraries say is passed on, because their messages hold addresses and tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import requests
from urllib3.exceptions import NameResolutionError

from calsight.errors import (
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    ServerTroubleError,
    SettingsError,
    SourceError,
)
from calsight.kit.answers import StateRefusedError, asked_wait
from calsight_outlook.service import MICROSOFT

SIGN_IN = MICROSOFT.sign_in


class GoneError(PermissionMissingError):
    """What was asked for is not there (any more), or not for this account."""


# --- the login host -----------------------------------------------------------------------------------------------------------

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
_CONDITIONAL_ACCESS = frozenset({50005, 50097, 50131, 53000, 53001, 53002, 53003, 53004, 53009, 530002, 530003, 530034})
_SECOND_FACTOR = frozenset({50072, 50074, 50076, 50079, 50158})
_CONSENT = frozenset({65001, 65004})
_ADMIN_CONSENT = frozenset({90093, 90094, 900941, 650052, 65005})
_REVOKED = frozenset({50173, 50132, 50133, 50078, 700003})
_EXPIRED = frozenset({70008, 70043, 700082, 700084, 50089})
_NO_SUCH_APP = frozenset({700016, 7000112, 50011, 7000218, 700054})
_NO_SUCH_TENANT = frozenset({90002, 900023, 50020, 500011, 500208})
_BAD_SECRET = frozenset({7000215, 7000222, 700027, 7000212, 7000216})
_ACCOUNT_GONE = frozenset({50034, 50053, 50057, 50126})
_CODE = re.compile(r"AADSTS(\d{5,8})")


def refused(result: Mapping[str, Any], *, application: bool) -> Exception:
    """The exception to raise for an answer of msal's that holds no token."""
    error = str(result.get("error", ""))
    codes = _codes(result)
    suberror = str(result.get("suberror", ""))
    if error == "calsight_timeout":
        return NotSignedInError("Nobody signed in within five minutes. Try again.")
    if error in ("temporarily_unavailable", "service_not_available"):
        return MICROSOFT.sign_in_trouble()
    if error in ("authorization_declined", "access_denied") and not codes & (_ADMIN_CONSENT | _CONDITIONAL_ACCESS):
        return NotSignedInError("You did not give your consent, so calsight is not signed in.")
    if error in ("expired_token", "code_expired"):
        return NotSignedInError(f"The code expired before anybody typed it. Try again: {SIGN_IN}")
    if codes & _BAD_SECRET or (application and error == "invalid_client"):
        return NotSignedInError(
            "Microsoft does not accept this application's secret or certificate: it is wrong or has expired. Make a new one in "
            "the app registration (Certificates & secrets), and write it into the settings."
        )
    if codes & _NO_SUCH_APP or error in ("unauthorized_client", "invalid_client"):
        return SettingsError(
            "Microsoft does not let this app registration sign in. Check client_id and authority in [connectors.outlook], and "
            'in the registration, under Authentication, the redirect URI http://localhost and "Allow public client flows".'
        )
    if codes & _NO_SUCH_TENANT:
        return SettingsError(
            "This account does not belong to the tenant that connectors.outlook.authority names, or there is no such tenant: "
            "check the authority."
        )
    if codes & _ADMIN_CONSENT:
        return PermissionMissingError(
            "Your organisation lets an administrator only consent to calsight. Ask one to grant Calendars.Read and User.Read "
            "to the app registration (Entra admin centre, Enterprise applications, Permissions)."
        )
    if codes & _CONSENT or suberror == "consent_required" or error == "consent_required":
        if application:
            return PermissionMissingError(
                "An administrator has not granted this application its permissions: see docs/outlook.md, A tenant's mailboxes."
            )
        return PermissionMissingError(
            f"Your consent to Calendars.Read is missing. Sign in again and give it: {SIGN_IN}"
        )
    if codes & _CONDITIONAL_ACCESS or suberror in ("message_only", "additional_action", "protection_policy_required"):
        return NotSignedInError(
            "Your organisation's Conditional Access does not allow this sign-in from here: it asks for a managed device, "
            f"an approved app or another network. Sign in from such a device ({SIGN_IN}), or ask your administrator to allow "
            "the app."
        )
    if codes & _SECOND_FACTOR or suberror == "basic_action":
        return NotSignedInError(f"Your organisation asks for a second factor again. Sign in anew: {SIGN_IN}")
    if codes & _REVOKED:
        return NotSignedInError(
            "Microsoft has revoked this sign-in, because the password was changed or an administrator ended it. "
            f"Sign in anew: {SIGN_IN}"
        )
    if codes & _EXPIRED or suberror in ("token_expired", "bad_token"):
        return NotSignedInError(
            f"This sign-in has expired, as it was not used for long or your organisation limits it. Sign in anew: {SIGN_IN}"
        )
    if codes & _ACCOUNT_GONE:
        return NotSignedInError("Microsoft does not let this account sign in: it is locked, disabled or gone.")
    if error == "invalid_grant" or error == "interaction_required":
        return NotSignedInError(f"Microsoft has ended this sign-in. Sign in anew: {SIGN_IN}")
    number = f" (AADSTS{min(codes)})" if codes else ""
    return NotSignedInError(f"Microsoft refused the sign-in{number}. Sign in anew: {SIGN_IN}")


def _codes(result: Mapping[str, Any]) -> set[int]:
    listed = result.get("error_codes")
    found = {code for code in listed if isinstance(code, int)} if isinstance(listed, list) else set()
    return found | {int(code) for code in _CODE.findall(str(result.get("error_description", "")))}


# --- Graph --------------------------------------------------------------------------------------------------------------------

#: Too many bytes, where Graph counts those. https://learn.microsoft.com/graph/errors
_SLOW_DOWN = frozenset({509})
#: What breaks on the way: worth another try.
_BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.HTTPError,  # msal raises it for the login host's own trouble
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
    if isinstance(error, _BROKEN):
        return MICROSOFT.broken()
    return ServerTroubleError("Microsoft could not be asked: check the address and the proxy in your settings.")


def explain(answer: requests.Response, *, asked_for: str, application: bool, incremental: bool = False) -> Exception:
    """The exception to raise for an error answer: `Transient` if it may pass, a `SourceError` if not.

    `asked_for` says what, in a sentence ("the calendar 'Team'"); `incremental` says that a delta token was sent.
    """
    status = answer.status_code
    if incremental and status in (400, 404, 410):
        return StateRefusedError()
    slow_down = status in _SLOW_DOWN or (status in (503, 504) and bool(asked_wait(answer.headers)))
    passing = MICROSOFT.passing(status, answer.headers, slow_down=slow_down)
    if passing:
        return passing
    if status == 403:
        return _forbidden(asked_for, application=application)
    if status in (404, 410):
        return _missing(answer, asked_for)
    if 300 <= status < 400:
        return PayloadInvalidError("Microsoft's address answers with a redirection, which calsight does not follow.")
    return MICROSOFT.refused(status)


def _forbidden(asked_for: str, *, application: bool) -> SourceError:
    if application:
        return PermissionMissingError(
            f"This application may not read {asked_for}: its permission Calendars.Read is missing, or RBAC for Applications "
            "does not cover this mailbox. docs/outlook.md shows both, under A tenant's mailboxes."
        )
    return PermissionMissingError(
        f"This Microsoft account may not read {asked_for}. If it is somebody else's, they can share it in Outlook (Sharing and "
        f"permissions, Can view all details); if it is yours, sign in again and give your consent to Calendars.Read: {SIGN_IN}"
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
        code = answer.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return code if isinstance(code, str) else ""
