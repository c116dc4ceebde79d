"""What goes wrong with Google, as one sentence each: what, why, and the next step.

Nothing of what Google or its libraries say is passed on, because their messages hold URLs with addresses and tokens.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping

import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from googleapiclient.errors import Error as ClientLibraryError
from googleapiclient.errors import HttpError

from calsight.errors import (
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    RateLimitedError,
    SourceError,
)
from calsight.kit.answers import StateRefusedError
from calsight_google.auth import GOOGLE

#: Why Google forbids, where waiting helps. https://developers.google.com/workspace/calendar/api/guides/errors
_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded", "calendarUsageLimitsExceeded", "dailyLimitExceededUnreg"})
_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"})
_NOT_ENABLED = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})

#: What breaks on the way: worth another try.
BROKEN = (OSError, http.client.HTTPException, httplib2.HttpLib2Error, TransportError)


def explain(error: Exception, *, asked_for: str, scope: str, incremental: bool = False) -> Exception:
    """The exception to raise for what the libraries raised: `Transient` if it may pass, a `SourceError` if not.

    `asked_for` says what, in a sentence ("the calendar 'Team'"); `scope` is the consent that the request needs; `incremental`
    says that a sync token was sent.
    """
    if isinstance(error, HttpError):
        return _http(error, asked_for, scope, incremental)
    if isinstance(error, RefreshError):
        return _refresh(error)
    if _offline(error):
        return GOOGLE.not_found()
    if isinstance(error, BROKEN):
        return GOOGLE.broken()
    if isinstance(error, GoogleAuthError):
        return NotSignedInError(f"The Google sign-in cannot be used. Sign in anew: {GOOGLE.sign_in}")
    if isinstance(error, ValueError):  # UTF-8 that is none
        return GOOGLE.not_json()
    if isinstance(error, ClientLibraryError):
        return PayloadInvalidError("Google answered with something that its own library cannot read: try later.")
    raise error


def _offline(error: BaseException | None) -> bool:
    """Whether a name could not be looked up, however the libraries wrapped it."""
    while error is not None:
        if isinstance(error, httplib2.ServerNotFoundError | socket.gaierror):
            return True
        error = error.__cause__ or error.__context__
    return False


def _http(error: HttpError, asked_for: str, scope: str, incremental: bool) -> Exception:
    status = int(error.resp.status)
    reasons = _reasons(error.content)
    if incremental and status in (400, 410):
        return StateRefusedError()
    passing = GOOGLE.passing(status, error.resp, slow_down=status == 403 and bool(reasons & _SLOW_DOWN))
    if passing:
        return passing
    if status == 403:
        return _forbidden(reasons, asked_for, scope)
    if status == 404:
        return PermissionMissingError(
            f"Google cannot find {asked_for}, or it is not shared with this account. "
            "Its owner can share it in Google Calendar, under Settings and sharing."
        )
    return GOOGLE.refused(status)


def _forbidden(reasons: set[str], asked_for: str, scope: str) -> SourceError:
    if reasons & _USED_UP:
        return RateLimitedError("Google's quota for this app or calendar is used up for today: try tomorrow.")
    if reasons & _SCOPE:
        return PermissionMissingError(
            f"Google did not get your consent to {_short(scope)!r}. Sign in anew and tick its box: {GOOGLE.sign_in}"
        )
    if reasons & _NOT_ENABLED:
        return PermissionMissingError(
            "The Google Calendar API is not enabled in the Google Cloud project of your client file. "
            "Enable it there (APIs & Services, Library, Google Calendar API), wait a minute, and try again."
        )
    return PermissionMissingError(
        f"This Google account may not read {asked_for}. "
        "Its owner can share it with all event details in Google Calendar, under Settings and sharing."
    )


def _refresh(error: RefreshError) -> Exception:
    details = next((part for part in error.args if isinstance(part, Mapping)), {})
    code = details.get("error", "")
    if code == "invalid_grant":
        return NotSignedInError(
            "Google has ended this sign-in (invalid_grant). It ends after seven days while your Google Cloud app is "
            '"in testing": publish the app to keep it, see docs/google.md. It also ends when you change your password or '
            f"remove calsight's access. Sign in anew: {GOOGLE.sign_in}"
        )
    if code in ("unauthorized_client", "access_denied"):
        return PermissionMissingError(
            "Google does not let this service account act for that person. An administrator of the domain must allow its "
            "client ID the scopes of calsight (Admin console, Security, API controls, Domain-wide delegation)."
        )
    if code in ("invalid_client", "deleted_client"):
        return NotSignedInError(
            f"Google does not know this OAuth client any more. Get a new client file, and sign in anew: {GOOGLE.sign_in}"
        )
    if getattr(error, "retryable", False):
        return GOOGLE.sign_in_trouble()
    return NotSignedInError(
        f"The Google access token has expired or was refused, and nothing is there to renew it. "
        f"Give a new one, or sign in: {GOOGLE.sign_in}"
    )


def _reasons(content: bytes | str) -> set[str]:
    """The machine-readable causes in an error answer, of both of Google's formats."""
    try:
        error = json.loads(content)["error"]
        found = {part.get("reason") for key in ("errors", "details") for part in error.get(key) or ()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
    return {reason for reason in found if isinstance(reason, str)}


def _short(scope: str) -> str:
    return scope.rpartition("/")[2]
