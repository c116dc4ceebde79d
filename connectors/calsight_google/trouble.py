"""What goes wrong with Google, as one sentence each: what, why, and the next step.

Nothing of what Google or its libraries say is passed on, because their messages hold URLs with addresses and tokens.
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass

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
from calsight.kit.texts import read_json
from calsight_google.auth import GOOGLE, GoogleSettings, service_of
from calsight_google.refusals import TABLE, refused, refused_service_account

#: Why Google forbids, where waiting helps. https://developers.google.com/workspace/calendar/api/guides/errors
_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded", "calendarUsageLimitsExceeded", "dailyLimitExceededUnreg"})
_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"})
_NOT_ENABLED = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})

#: What breaks on the way: worth another try.
BROKEN = (OSError, http.client.HTTPException, httplib2.HttpLib2Error, TransportError)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request is about, for the sentence that says why it failed.

    what         as a sentence names it ("the calendar 'Team'")
    scope        the consent that it needs
    refusable    whether a token of ours is in it, which Google may not accept (any more)
    """

    what: str
    scope: str
    refusable: bool = False


def explain(error: Exception, asked: Asked, settings: GoogleSettings) -> Exception:
    """The exception to raise for what the libraries raised: `Transient` if it may pass, a `SourceError` if not.

    `settings` say how one is signed in, and so what there is to do about it.
    """
    if isinstance(error, HttpError):
        return _http(error, asked, settings)
    if isinstance(error, RefreshError):
        return _refresh(error, settings)
    if _offline(error):
        return GOOGLE.not_found()
    if isinstance(error, BROKEN):
        return GOOGLE.broken()
    if isinstance(error, GoogleAuthError):
        return NotSignedInError(f"The Google sign-in cannot be used. {service_of(settings).anew}")
    if isinstance(error, ValueError):  # UTF-8 that is none
        return GOOGLE.not_json()
    # Of odd answers, its library raises all of these.
    if isinstance(error, ClientLibraryError | RecursionError | TypeError | LookupError):
        return PayloadInvalidError("Google answered with something that its own library cannot read: try later.")
    raise error


def _offline(error: BaseException | None) -> bool:
    """Whether a name could not be looked up, however the libraries wrapped it."""
    while error is not None:
        if isinstance(error, httplib2.ServerNotFoundError | socket.gaierror):
            return True
        error = error.__cause__ or error.__context__
    return False


def _http(error: HttpError, asked: Asked, settings: GoogleSettings) -> Exception:
    status = int(error.resp.status)
    reasons = _reasons(error.content)
    passing = GOOGLE.passing(status, error.resp, slow_down=status == 403 and bool(reasons & _SLOW_DOWN))
    if passing:
        return passing
    if asked.refusable and status in (400, 410):
        return StateRefusedError(GOOGLE.refused(status))
    if status == 403:
        return _forbidden(reasons, asked, settings)
    if status == 404:
        return PermissionMissingError(
            f"Google cannot find {asked.what}, or it is not shared with this account. "
            "Its owner can share it in Google Calendar, under Settings and sharing."
        )
    return service_of(settings).refused(status)


def _forbidden(reasons: set[str], asked: Asked, settings: GoogleSettings) -> SourceError:
    if reasons & _USED_UP:
        return RateLimitedError("Google's quota for this app or calendar is used up for today: try tomorrow.")
    if reasons & _SCOPE:
        return PermissionMissingError(_not_consented(asked.scope, settings))
    if reasons & _NOT_ENABLED:
        return PermissionMissingError(
            "The Google Calendar API is not enabled in the Google Cloud project of your client file. "
            "Enable it there (APIs & Services, Library, Google Calendar API), wait a minute, and try again."
        )
    return PermissionMissingError(
        f"This Google account may not read {asked.what}. "
        "Its owner can share it with all event details in Google Calendar, under Settings and sharing."
    )


def _not_consented(scope: str, settings: GoogleSettings) -> str:
    """What is missing, and how to allow it in the way in which one is signed in."""
    name = _short(scope)
    if settings.access_token or settings.credentials is not None:
        return f"The Google access token does not allow {name!r}: give one that does."
    if scope in settings.scopes:
        if settings.service_account:
            return f"Google did not give the service account {name!r}: allow it in the Admin console (Domain-wide delegation)."
        return f"Google did not get your consent to {name!r}. Sign in anew and tick its box: {GOOGLE.sign_in}"
    wanted = ", ".join(f'"{_short(one)}"' for one in (*settings.scopes, scope))
    then = "allow it in the Admin console (Domain-wide delegation)" if settings.service_account else GOOGLE.sign_in
    return (
        f"calsight did not ask Google for {name!r}. Write under [connectors.google] in the settings: scopes = [{wanted}]. "
        f"Then: {then}"
    )


def _refresh(error: RefreshError, settings: GoogleSettings) -> Exception:
    details = next((part for part in error.args if isinstance(part, Mapping)), {})
    code = str(details.get("error", ""))
    if getattr(error, "retryable", False):
        return GOOGLE.sign_in_trouble()
    if settings.access_token or settings.credentials is not None:
        anew = service_of(settings).anew
        return NotSignedInError(
            f"The Google access token has expired or was refused, and nothing is there to renew it. {anew}"
        )
    if not code:  # no answer of OAuth's, but a proxy's or a broken server's
        return GOOGLE.sign_in_trouble()
    if settings.service_account:
        return refused_service_account(details)
    subtype = str(details.get("error_subtype", ""))
    return refused(subtype if subtype in TABLE else code, GOOGLE)


def _reasons(content: bytes | str) -> set[str]:
    """The machine-readable causes in an error answer, of both of Google's formats."""
    try:
        error = read_json(content)["error"]
        found = {part.get("reason") for key in ("errors", "details") for part in error.get(key) or ()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
    return {reason for reason in found if isinstance(reason, str)}


def _short(scope: str) -> str:
    return scope.rpartition("/")[2]
