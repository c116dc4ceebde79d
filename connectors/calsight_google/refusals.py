"""Why Google refuses a sign-in: its codes, and for each the cause and the next step in a sentence.

The codes are OAuth's (RFC 6749) and Google's own, of https://developers.google.com/identity/protocols/oauth2/native-app and
https://support.google.com/accounts/answer/12917337. What Google writes beside them is looked at, and never passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calsight.errors import NotSignedInError, PermissionMissingError, SourceError
from calsight.kit.answers import Service

_CONSOLE = "Google Cloud console (https://console.cloud.google.com/auth)"
_TRUSTED = "Admin console, Security, Access and data control, API controls, Manage third-party app access"

#: code → (what it is, the sentence); {sign_in} is the command that signs in
TABLE: Mapping[str, tuple[type[SourceError], str]] = {
    "access_denied": (
        NotSignedInError,
        "You did not give your consent in the browser, so calsight is not signed in. If Google said there that the app is "
        f"being tested, add your address to its test users ({_CONSOLE}, Audience). To try again: {{sign_in}}",
    ),
    "admin_policy_enforced": (
        PermissionMissingError,
        f"Your organisation's administrator does not let this app read your calendar. Ask them to trust it ({_TRUSTED}); they "
        "need the client ID in your client file.",
    ),
    "policy_enforced": (
        PermissionMissingError,
        "This account is under Google's Advanced Protection, which lets no app of one's own read it. Export the calendar as an "
        "ICS file instead (Google Calendar, Settings, Import & export).",
    ),
    "org_internal": (
        PermissionMissingError,
        f"Your app is for accounts of its own organisation only. Sign in with one of those, or make it external ({_CONSOLE}, "
        "Audience).",
    ),
    "disabled_client": (
        NotSignedInError,
        f"This OAuth client is disabled, or its project is. Enable it, or make a new one ({_CONSOLE}, Clients), and sign in "
        "anew: {sign_in}",
    ),
    "deleted_client": (
        NotSignedInError,
        "Google does not know this OAuth client any more: it was deleted. Get a new client file, and sign in anew: {sign_in}",
    ),
    "invalid_client": (
        NotSignedInError,
        "Google does not know this OAuth client any more, or its secret was changed. Get a new client file, and sign in anew: "
        "{sign_in}",
    ),
    "unauthorized_client": (
        NotSignedInError,
        f'This OAuth client may not sign in like this: it is not of the type "Desktop app". Make one of that type ({_CONSOLE}, '
        "Clients), and sign in anew: {sign_in}",
    ),
    "redirect_uri_mismatch": (
        NotSignedInError,
        f'This OAuth client is not of the type "Desktop app". Make one of that type ({_CONSOLE}, Clients), and sign in anew: '
        "{sign_in}",
    ),
    "mismatching_state": (
        NotSignedInError,
        "That answer belongs to an earlier try to sign in. Start anew, and visit the address that is shown then: {sign_in}",
    ),
    "invalid_scope": (
        NotSignedInError,
        "Google does not know a scope that was asked for: check scopes under [connectors.google] in the settings.",
    ),
    "invalid_rapt": (
        NotSignedInError,
        "Your organisation asks for a new sign-in every so often. Sign in anew: {sign_in}. An administrator can exempt the app "
        "(Admin console, Security, Google Cloud session control, Exempt trusted apps).",
    ),
    "invalid_grant": (
        NotSignedInError,
        "Google has ended this sign-in (invalid_grant). It ends after seven days while your Google Cloud app is "
        f'"in testing": publish the app to keep it ({_CONSOLE}, Audience). It also ends when you change your password or '
        "remove calsight's access. Sign in anew: {sign_in}",
    ),
}

_DELEGATION: tuple[type[SourceError], str] = (
    PermissionMissingError,
    "Google does not let this service account act for that person. An administrator of the domain must allow its client ID the "
    "scopes of calsight (Admin console, Security, API controls, Domain-wide delegation).",
)
#: What Google writes beside invalid_grant to a service account → the same
_SERVICE_ACCOUNT: Mapping[str, tuple[type[SourceError], str]] = {
    "invalid jwt signature": (
        NotSignedInError,
        "Google does not accept the key of this service account: it was deleted or disabled. Make a new one (Google Cloud "
        "console, IAM & Admin, Service accounts, Keys), and name its file as service_account under [connectors.google].",
    ),
    "account not found": (
        NotSignedInError,
        "Google does not know this service account any more. Name the key file of another as service_account under "
        "[connectors.google].",
    ),
    "invalid email or user id": (
        PermissionMissingError,
        "Google does not know whom the service account is to act for: subject under [connectors.google] must be the main "
        "address of a person in your domain.",
    ),
    "timeframe": (
        NotSignedInError,
        "Google does not accept what this machine says of the time. Set its clock, and try again.",
    ),
}
_ANY_GRANT: tuple[type[SourceError], str] = (
    NotSignedInError,
    "Google refuses this service account (invalid_grant): its subject is nobody in your domain, its key was deleted, or this "
    "machine's clock is wrong. Check the three.",
)


def refused(code: str, service: Service) -> SourceError:
    """The error to raise for a code of OAuth's or Google's to somebody who signs in, or is signed in."""
    known = TABLE.get(code)
    if known is None:
        named = f" ({code})" if code.isidentifier() else ""
        return NotSignedInError(f"Google refused the sign-in{named}. {service.anew}")
    kind, sentence = known
    return kind(sentence.format(sign_in=service.sign_in))


def refused_service_account(details: Mapping[str, Any]) -> SourceError:
    """The error to raise for what Google answers to a service account."""
    kind, sentence = _DELEGATION
    if details.get("error") == "invalid_grant":
        written = str(details.get("error_description", "")).lower()
        kind, sentence = next((row for part, row in _SERVICE_ACCOUNT.items() if part in written), _ANY_GRANT)
    return kind(sentence)
