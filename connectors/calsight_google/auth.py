"""Signing in to Google: from what the settings, the environment and the kept sign-in hold to credentials.

Four ways, the first that is there wins: credentials (or an access token, or a callable that gives either) from the program
that embeds calsight; an access token in CALSIGHT_GOOGLE_ACCESS_TOKEN; a service account, acting for a user of its domain; the
sign-in that `calsight connect google` keeps.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from calsight.errors import (
    NotSignedInError,
    PermissionMissingError,
    ServerTroubleError,
    SettingsError,
)
from calsight.kit.answers import Service
from calsight.kit.browser import PATIENCE, has_browser
from calsight.kit.quiet import quiet
from calsight.kit.section import checked_section, require_safe, with_environment
from calsight.kit.signins import SignIns
from calsight.kit.texts import read_json
from calsight_google.guide import CLIENTS, ERROR_PAGES, STEPS

GOOGLE = Service("google", "Google")
#: The libraries that would log tokens and addresses.
LIBRARIES = (
    "googleapiclient",
    "google",
    "google_auth_httplib2",
    "google_auth_oauthlib",
    "oauthlib",
    "requests_oauthlib",
    "urllib3",
)

EVENTS = "https://www.googleapis.com/auth/calendar.events.readonly"
CALENDARS = "https://www.googleapis.com/auth/calendar.calendarlist.readonly"
FREE_BUSY = "https://www.googleapis.com/auth/calendar.freebusy"
_LEAST = (EVENTS, CALENDARS)

_AUTH_URI = "https://accounts.google.com/o/oauth2/v2/auth"
_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_PERMISSIONS = "https://myaccount.google.com/connections"

#: How long a callable's token is used before it is asked again.
_TOKEN_LIFE = timedelta(minutes=5)
_TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class GoogleSettings:
    """`[connectors.google]`, or the same as arguments.

    client_secrets    path of the client file (JSON) from the Google Cloud console; with `client_id`, the secret itself
    client_id         the client's id, where there is no file
    authority         where to sign in, instead of what the client file says (an issuer with OpenID discovery)
    api_endpoint      where the Calendar API is; also CALSIGHT_GOOGLE_API_ENDPOINT
    scopes            what to ask consent for, instead of calsight's least
    token_file        True: `connect` keeps the sign-in in a file (mode 0600) instead of the keyring
    service_account   path of a service account's key file
    subject           whom the service account acts for; "each": for whomever a source names
    access_token      a ready access token, or a callable that gives one; also CALSIGHT_GOOGLE_ACCESS_TOKEN
    credentials       google-auth credentials, or a callable that gives them (from Python only)
    """

    client_secrets: str = ""
    client_id: str = ""
    authority: str = ""
    api_endpoint: str = ""
    scopes: tuple[str, ...] = _LEAST
    token_file: bool = False
    service_account: str = ""
    subject: str = ""
    access_token: str | Callable[[], str] = ""
    credentials: Any = None

    @property
    def acts_for_each(self) -> bool:
        """Whether a service account acts for whomever a source names."""
        return bool(self.service_account) and self.subject == "each"

    @classmethod
    def of(cls, section: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> GoogleSettings:
        """The section and the environment, checked. Raises `SettingsError`."""
        texts = ("client_secrets", "client_id", "authority", "api_endpoint", "service_account", "subject")
        values = checked_section(GOOGLE.connector, section, [field.name for field in fields(cls)], texts)
        values = with_environment(GOOGLE.connector, values, environ)
        values["scopes"] = tuple(
            scope if "/" in scope else f"https://www.googleapis.com/auth/{scope}"
            for scope in values.get("scopes", _LEAST)
        )
        for key in ("authority", "api_endpoint"):
            if values.get(key):
                require_safe(values[key], f"connectors.google.{key}")
        return cls(**values)


def service_of(settings: GoogleSettings) -> Service:
    """Google, as sentences name it to whoever signs in in this way."""
    if settings.credentials is not None:
        return replace(GOOGLE, mend="The program that runs calsight must give new credentials.")
    if settings.access_token:
        return replace(
            GOOGLE,
            mend="Give a new access token (CALSIGHT_GOOGLE_ACCESS_TOKEN, or access_token under [connectors.google]).",
        )
    if settings.service_account:
        return replace(GOOGLE, mend="Check the service account's key, its subject and its domain-wide delegation.")
    return GOOGLE


def credentials(settings: GoogleSettings, signins: SignIns) -> Any:
    """google-auth credentials. No network. Raises `NotSignedInError`, `SettingsError`."""
    if settings.credentials is not None:
        given = settings.credentials
        return given() if callable(given) and not hasattr(given, "before_request") else given
    if settings.access_token:
        return _from_token(settings.access_token)
    if settings.service_account:
        return _service_account(settings)
    kept = _kept(signins)
    if kept is None:
        raise GOOGLE.not_signed_in()
    from google.oauth2.credentials import Credentials

    return Credentials(
        None,
        refresh_token=kept["refresh_token"],
        token_uri=kept["token_uri"],
        client_id=kept["client_id"],
        client_secret=kept["client_secret"],
    )


def _from_token(token: str | Callable[[], str]) -> Any:
    from google.oauth2.credentials import Credentials

    if not callable(token):
        return Credentials(token)

    def renew(request: Any, scopes: Any) -> tuple[str, datetime]:
        return token(), (datetime.now(UTC) + _TOKEN_LIFE).replace(tzinfo=None)

    return Credentials(None, refresh_handler=renew)


def _service_account(settings: GoogleSettings) -> Any:
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.service_account import Credentials

    info = _json_file(settings.service_account, "connectors.google.service_account")
    try:
        made = Credentials.from_service_account_info(
            info, scopes=list(settings.scopes), subject=settings.subject or None
        )
    except (ValueError, KeyError, GoogleAuthError):
        made = None
    if made is None:
        raise SettingsError(f"{settings.service_account} is not a service account's key file (JSON).")
    require_safe(str(info["token_uri"]), f"token_uri in {settings.service_account}")
    return made


def _kept(signins: SignIns) -> dict[str, Any] | None:
    text = signins.recall(GOOGLE.connector)
    try:
        kept = read_json(text) if text else None
    except ValueError:
        return None
    needed = {"refresh_token", "token_uri", "revoke_uri", "client_id", "client_secret"}
    return kept if isinstance(kept, dict) and needed <= kept.keys() else None


def status(settings: GoogleSettings, signins: SignIns) -> str:
    """One short line for `calsight sources`. No network."""
    if settings.credentials is not None or settings.access_token:
        return GOOGLE.status(signed_in=True, how="with a token that was given")
    if settings.service_account:
        return GOOGLE.status(signed_in=True, how="service account")
    return GOOGLE.status(signed_in=_kept(signins) is not None)


def connect(settings: GoogleSettings, signins: SignIns, *, interactive: bool, say: Callable[[str], None]) -> None:
    """Sign in through the browser (authorization code with PKCE on a loopback address) and keep the refresh token.

    `interactive=False` opens no browser and shows the address only. Raises `SettingsError`, `NotSignedInError`,
    `PermissionMissingError`, `ServerTroubleError`.
    """
    if settings.service_account or settings.access_token or settings.credentials is not None:
        say("A service account or a token is given: there is nothing to sign in to.")
        return
    client, revoke_uri = _client(settings, signins, say)
    signins.check(GOOGLE.connector)
    token = _consent(client, settings.scopes, interactive=interactive, say=say)
    where = signins.keep(
        GOOGLE.connector,
        json.dumps(
            {
                "refresh_token": token,
                "auth_uri": client["auth_uri"],
                "token_uri": client["token_uri"],
                "revoke_uri": revoke_uri,
                "client_id": client["client_id"],
                "client_secret": client["client_secret"],
                "scopes": list(settings.scopes),
            }
        ),
    )
    say(f"Signed in to Google. The sign-in is kept in {where}.")


def disconnect(signins: SignIns) -> None:
    """Revoke the sign-in with Google, and forget it whether or not Google hears; if not, raises `ServerTroubleError`."""
    import requests

    kept = _kept(signins)
    signins.forget(GOOGLE.connector)
    if kept is None:
        return
    revoked = False
    revoke_uri = kept["revoke_uri"]
    with quiet(*LIBRARIES), suppress(requests.RequestException):
        answer = requests.post(revoke_uri, data={"token": kept["refresh_token"]}, timeout=_TIMEOUT)
        revoked = answer.status_code in (200, 400)  # 400: Google does not know it (any more)
    if not revoked:
        raise ServerTroubleError(
            f"The sign-in is forgotten here, but Google could not be told: remove calsight's access at {_PERMISSIONS}"
        )


def guide(signins: SignIns) -> str:
    """The steps to an OAuth client, and the command that comes after them."""
    rest = " --token-file" if signins.needs_file() else ""
    return (
        f"{STEPS}\n\nThen:\n  {GOOGLE.sign_in} --client-secrets FILE{rest}\nor\n"
        f"  {GOOGLE.sign_in} --client-id ID --client-secrets SECRET{rest}"
    )


def _client(settings: GoogleSettings, signins: SignIns, say: Callable[[str], None]) -> tuple[dict[str, str], str]:
    """The OAuth client (id, secret, and where to sign in) and where to revoke; without one, what the last sign-in used."""
    if settings.client_id and not _names_file(settings.client_secrets):
        if not settings.client_secrets:
            raise SettingsError(
                "Google wants the client's secret beside its ID: "
                f"{GOOGLE.sign_in} --client-id {settings.client_id} --client-secrets SECRET. Its page shows it ({CLIENTS})."
            )
        client = {"client_id": settings.client_id, "client_secret": settings.client_secrets}
    elif settings.client_secrets:
        content = _json_file(settings.client_secrets, "connectors.google.client_secrets")
        found = content.get("installed") if isinstance(content, dict) else None
        if not isinstance(found, dict) or not {"client_id", "client_secret"} <= found.keys():
            raise SettingsError(
                f"{settings.client_secrets} is not the client file of a desktop app. In the Google Cloud console create an "
                f'OAuth client of type "Desktop app" and download its JSON: {GOOGLE.sign_in} --guide'
            )
        client = {key: str(value) for key, value in found.items() if isinstance(value, str)}
    elif (kept := _kept(signins)) is not None:
        client = {key: kept[key] for key in ("client_id", "client_secret", "auth_uri", "token_uri") if key in kept}
    else:
        say(guide(signins))
        raise SettingsError(
            "Google needs an OAuth client of your own: the steps are above. Then: "
            f"{GOOGLE.sign_in} --client-secrets FILE" + (" --token-file" if signins.needs_file() else "")
        )
    client.setdefault("auth_uri", _AUTH_URI)
    client.setdefault("token_uri", _TOKEN_URI)
    revoke_uri = client["token_uri"].rpartition("/")[0] + "/revoke"
    if settings.authority:
        endpoints = _discover(settings.authority)
        client["auth_uri"] = endpoints["authorization_endpoint"]
        client["token_uri"] = endpoints["token_endpoint"]
        revoke_uri = endpoints.get("revocation_endpoint", revoke_uri)
    for address in (client["auth_uri"], client["token_uri"], revoke_uri):
        require_safe(address, "The address to sign in at")
    return client, revoke_uri


def _names_file(secret: str) -> bool:
    """Whether what should be a client's secret is the name of its file, there or not."""
    return secret.lower().endswith(".json") or (bool(secret) and Path(secret).expanduser().is_file())


def _json_file(name: str, setting: str) -> Any:
    try:
        return read_json(Path(name).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{setting}: {name} cannot be read ({error.strerror or error}).") from None
    except ValueError:
        raise SettingsError(f"{setting}: {name} is not JSON.") from None


def _discover(authority: str) -> dict[str, str]:
    """The endpoints that an issuer publishes (OpenID Connect Discovery 1.0)."""
    import requests

    endpoints: Any = None
    address = f"{authority.rstrip('/')}/.well-known/openid-configuration"
    with quiet(*LIBRARIES), suppress(requests.RequestException, ValueError):
        endpoints = read_json(requests.get(address, timeout=_TIMEOUT).content)
    if not isinstance(endpoints, dict) or not {"authorization_endpoint", "token_endpoint"} <= endpoints.keys():
        raise ServerTroubleError(f"{authority} does not say where to sign in (OpenID discovery): check the authority.")
    return endpoints


def _consent(
    client: Mapping[str, str], scopes: tuple[str, ...], *, interactive: bool, say: Callable[[str], None]
) -> str:
    """Send the user to Google and return the refresh token."""
    import requests
    from google_auth_oauthlib.flow import WSGITimeoutError
    from oauthlib.oauth2.rfc6749.errors import OAuth2Error

    from calsight_google.flow import LoopbackFlow
    from calsight_google.refusals import refused

    problem: Exception
    with quiet(*LIBRARIES):
        flow = LoopbackFlow.for_client(client, scopes, say=say, browser=interactive and has_browser())
        try:
            return flow.run(patience=PATIENCE)
        except WSGITimeoutError:
            say(ERROR_PAGES)
            problem = NotSignedInError(f"Nobody signed in within {PATIENCE // 60} minutes. Try again.")
        except PermissionMissingError as error:
            problem = error
        except OAuth2Error as error:
            problem = refused(error.error or "", GOOGLE)
        except requests.HTTPError:
            problem = GOOGLE.sign_in_trouble().error
        except (requests.RequestException, OSError):
            problem = ServerTroubleError(
                "Google's sign-in could not be reached: check that you are online, and try again."
            )
    raise problem
