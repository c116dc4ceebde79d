"""Signing in to Microsoft: from what the settings, the environment and the kept sign-in hold to access tokens.

Three ways, the first that is there wins: an access token (or a callable that gives one) from the program that embeds calsight
or from CALSIGHT_OUTLOOK_ACCESS_TOKEN; an application of one's own with a secret or a certificate, for a tenant's mailboxes; the
sign-in that `calsight connect outlook` keeps.
"""

from __future__ import annotations

import os
import threading
import time
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from calsight.errors import NotSignedInError, SettingsError
from calsight.kit.answers import Service
from calsight.kit.asking import can_answer, chosen, word
from calsight.kit.browser import DONE, PATIENCE, has_browser, opening
from calsight.kit.quiet import quiet
from calsight.kit.retry import Retrier, Transient
from calsight.kit.section import checked_section, require_safe, with_environment
from calsight.kit.signins import SignIns
from calsight_outlook.guide import ERROR_PAGES, KINDS, STEPS, WHICH_TENANT, WHOSE, admin_consent, next_commands
from calsight_outlook.login_host import LoginHost
from calsight_outlook.registration import remember, remembered
from calsight_outlook.service import MICROSOFT

if TYPE_CHECKING:
    import requests

#: The libraries that would log tokens and addresses.
LIBRARIES = ("msal", "msal_extensions", "urllib3", "requests")

_LOGIN = "https://login.microsoftonline.com"
_AUTHORITY = f"{_LOGIN}/common"
#: What people call whose accounts they mean → what Microsoft calls that.
_ACCOUNTS = {"personal": "consumers", "any": "common"}
_GRAPH = "https://graph.microsoft.com"
#: Where Graph is in the national clouds, by their login host. https://learn.microsoft.com/graph/deployments
_NATIONAL = {
    "login.microsoftonline.us": "https://graph.microsoft.us",
    "login.partner.microsoftonline.cn": "https://microsoftgraph.chinacloudapi.cn",
    "login.chinacloudapi.cn": "https://microsoftgraph.chinacloudapi.cn",
}
_GRAPH_HOSTS = (
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
)
_LEAST = ("Calendars.Read", "User.Read")
_NO_TENANT = frozenset({"common", "organizations", "consumers"})

#: A token is renewed so long before its end (seconds).
_EARLY = 120


@dataclass(frozen=True, slots=True)
class OutlookSettings:
    """`[connectors.outlook]`, or the same as arguments.

    client_id        the application (client) ID of an app registration of your own
    account          whose accounts the registration is for: "personal", "any", or a tenant; says what the authority is
    authority        where to sign in, with the tenant, where that is not enough
    api_endpoint     where Graph is, unless the authority's cloud says; also CALSIGHT_OUTLOOK_API_ENDPOINT
    scopes           what to ask consent for, instead of calsight's least
    token_file       True: `connect` keeps the sign-in in a file (mode 0600) instead of the keyring
    client_secrets   for an application without a user: its secret, or the path of a file that holds it
    certificate      for an application without a user: path of a PEM file with its certificate and private key
    access_token     a ready access token, or a callable that gives one; also CALSIGHT_OUTLOOK_ACCESS_TOKEN
    """

    client_id: str = ""
    account: str = ""
    authority: str = _AUTHORITY
    api_endpoint: str = ""
    scopes: tuple[str, ...] = _LEAST
    token_file: bool = False
    client_secrets: str = ""
    certificate: str = ""
    access_token: str | Callable[[], str] = ""

    @property
    def application(self) -> bool:
        """Whether an application reads without a user."""
        return bool(self.client_secrets or self.certificate)

    @classmethod
    def of(cls, section: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> OutlookSettings:
        """The section and the environment, checked. Raises `SettingsError`."""
        texts = ("client_id", "account", "authority", "api_endpoint", "client_secrets", "certificate")
        values = checked_section(MICROSOFT.connector, section, [field.name for field in fields(cls)], texts)
        given = values.get("access_token", "")
        if not isinstance(given, str) and not callable(given):
            raise SettingsError("connectors.outlook.access_token must be a text.")
        values = with_environment(MICROSOFT.connector, values, environ)
        tenant = _ACCOUNTS.get(values.get("account", ""), values.get("account") or "common")
        authority = (values.get("authority") or f"{_LOGIN}/{tenant}").rstrip("/")
        parts = urlsplit(authority)
        if parts.scheme != "https" or not parts.hostname:
            raise SettingsError("connectors.outlook.authority must begin with https://.")
        values["authority"] = authority if parts.path else f"{authority}/common"
        graph = _NATIONAL.get(parts.hostname, _GRAPH)
        endpoint = values["api_endpoint"] or graph
        require_safe(endpoint, "connectors.outlook.api_endpoint")
        host = urlsplit(endpoint).hostname
        audience = f"https://{host}" if host in _GRAPH_HOSTS else graph
        values["api_endpoint"] = endpoint.rstrip("/") + ("" if urlsplit(endpoint).path.strip("/") else "/v1.0")
        scopes = values.get("scopes", _LEAST)
        values["scopes"] = tuple(scope if "/" in scope else f"{audience}/{scope}" for scope in scopes)
        return cls(**values)


def service_of(settings: OutlookSettings) -> Service:
    """Microsoft, as sentences name it to whoever signs in in this way."""
    if settings.access_token:
        return replace(
            MICROSOFT,
            mend="Give a new access token (CALSIGHT_OUTLOOK_ACCESS_TOKEN, or access_token under [connectors.outlook]).",
        )
    if settings.application:
        return replace(MICROSOFT, mend="Check the application's secret or certificate, and what it may read.")
    return MICROSOFT


class Tokens:
    """Gives access tokens for one account; threads may share it.

    Nothing is asked of anybody before the first token is wanted. Raises what `refusals.refused` makes of Microsoft's answer,
    `NotSignedInError`, and what `requests` raises.
    """

    def __init__(self, settings: OutlookSettings, signins: SignIns, session: Callable[[], requests.Session]) -> None:
        """`session` makes the HTTP session that msal asks through."""
        self._settings = settings
        self._signins = signins
        self._session = session
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0
        self.service = service_of(settings)
        self.application = settings.application

    def __call__(self, *, refused: str = "", claims: str = "") -> str:
        """An access token; where the last one was `refused`, a new one, which meets the `claims` that Graph asks for."""
        given = self._settings.access_token
        if given:
            return given() if callable(given) else given
        with self._lock:
            if not self._token or self._token == refused or time.monotonic() > self._until:
                with quiet(*LIBRARIES), self._session() as http:
                    ask = self._of_application if self._settings.application else self._of_user
                    result = ask(LoginHost(http), renew=bool(refused), claims=claims or None)
                self._token = _token(result, self._settings)
                self._until = time.monotonic() + float(result.get("expires_in") or 0) - _EARLY
            return self._token

    @property
    def renewable(self) -> bool:
        """Whether a refused token may be followed by a better one."""
        return not isinstance(self._settings.access_token, str) or not self._settings.access_token

    def _of_application(self, http: LoginHost, *, renew: bool, claims: str | None) -> Mapping[str, Any]:
        from msal import ConfidentialClientApplication

        _require_client(self._settings)
        if self._settings.authority.rpartition("/")[2].lower() in _NO_TENANT:
            raise SettingsError(
                "An application signs in to one tenant: write it as authority under [connectors.outlook] in the settings, "
                "https://login.microsoftonline.com/TENANT."
            )
        secret = _credential(self._settings)
        app = _application(ConfidentialClientApplication, self._settings, http, client_credential=secret)
        audience = self._settings.scopes[0].rpartition("/")[0]
        return app.acquire_token_for_client([f"{audience}/.default"], claims_challenge=claims)  # type: ignore[no-any-return]

    def _of_user(self, http: LoginHost, *, renew: bool, claims: str | None) -> Mapping[str, Any]:
        from msal import PublicClientApplication
        from msal_extensions.token_cache import LockError

        from calsight_outlook import cache as kept

        if not kept.recall(self._signins):
            raise MICROSOFT.not_signed_in()
        _require_client(self._settings)
        cache = kept.token_cache(self._signins)
        app = _application(PublicClientApplication, self._settings, http, token_cache=cache)
        try:
            for account in app.get_accounts():
                scopes = list(self._settings.scopes)
                result = app.acquire_token_silent_with_error(
                    scopes, account=account, force_refresh=renew, claims_challenge=claims
                )
                if result is not None:
                    return result  # type: ignore[no-any-return]
        except LockError:
            busy = NotSignedInError("Other runs of calsight are renewing the sign-in: try again when they are done.")
            raise Transient(busy) from None
        raise MICROSOFT.not_signed_in()


def _require_client(settings: OutlookSettings) -> None:
    if not settings.client_id:
        raise SettingsError(
            f"Microsoft needs an app registration of your own. The steps: {MICROSOFT.sign_in} --guide. Then write its "
            "application (client) ID as client_id under [connectors.outlook] in the settings."
        )


def guide(signins: SignIns) -> str:
    """The steps to an app registration, and the commands that come after them."""
    from calsight_outlook import cache as kept

    return f"{STEPS}\n\n{next_commands(MICROSOFT.sign_in, ' --token-file' if kept.needs_file(signins) else '')}"


def _application(kind: Any, settings: OutlookSettings, http: LoginHost, **options: Any) -> Any:
    """msal's application. It asks the login host where everything is."""
    from msal.authority import WELL_KNOWN_AUTHORITY_HOSTS

    known = urlsplit(settings.authority).hostname in WELL_KNOWN_AUTHORITY_HOSTS
    try:
        return kind(
            settings.client_id,
            authority=settings.authority,
            http_client=http,
            client_capabilities=["CP1"],  # claims can be met: tokens last longer, and end when something changes
            instance_discovery=None if known else False,  # Microsoft knows its own login hosts only
            **options,
        )
    except ValueError:
        cause = "Microsoft does not know where to sign in there"
    raise SettingsError(f"connectors.outlook.authority is {settings.authority}: {cause}. Check the tenant in it.")


def _credential(settings: OutlookSettings) -> Any:
    if not settings.certificate:
        path = Path(settings.client_secrets).expanduser()
        return path.read_text(encoding="utf-8").strip() if _is_file(path) else settings.client_secrets
    try:
        text = Path(settings.certificate).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    if "PRIVATE KEY-----" not in text or "BEGIN CERTIFICATE-----" not in text:
        raise SettingsError(
            f"connectors.outlook.certificate: {settings.certificate} is not a PEM file with a certificate and its private key."
        )
    return {"private_key": text, "public_certificate": text}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _token(result: Mapping[str, Any], settings: OutlookSettings) -> str:
    from calsight_outlook.refusals import refused

    token = result.get("access_token")
    if isinstance(token, str) and token:
        return token
    raise refused(result, service_of(settings), application=settings.application)


def status(settings: OutlookSettings, signins: SignIns) -> str:
    """One short line for `calsight sources`. No network."""
    if settings.access_token:
        return MICROSOFT.status(signed_in=True, how="with a token that was given")
    if settings.application:
        return MICROSOFT.status(signed_in=True, how="application")
    from calsight_outlook.cache import holds_sign_in

    return MICROSOFT.status(signed_in=holds_sign_in(signins))


def connect(
    settings: OutlookSettings,
    signins: SignIns,
    http: requests.Session,
    retrier: Retrier,
    *,
    interactive: bool,
    say: Callable[[str], None],
) -> None:
    """Sign in and keep the sign-in: through the browser (authorization code with PKCE on a loopback address), or, with
    `interactive=False` and where there is no browser, with a code that is typed on another device.

    Raises `SettingsError`, `NotSignedInError`, `PermissionMissingError`, `ServerTroubleError`.
    """
    if settings.application or settings.access_token:
        say("A token, a secret or a certificate is given: there is nothing to sign in to.")
        return
    import requests
    from msal import PublicClientApplication

    from calsight_outlook import cache as kept
    from calsight_outlook.trouble import unreachable

    if not settings.client_id:
        say(guide(signins))
        raise SettingsError(
            "Microsoft needs an app registration of your own: the steps are above, and the command that comes after them."
        )
    where = kept.check(signins)
    if signins.folder is None:
        raise NotSignedInError("There is no state folder, which signing in to Microsoft needs.")
    settings = _for_account(settings, signins.folder, say)
    with quiet(*LIBRARIES):
        try:
            host, cache = LoginHost(http), kept.token_cache(signins)
            app = retrier(
                lambda: _reached(lambda: _application(PublicClientApplication, settings, host, token_cache=cache))
            )
            before = app.get_accounts()
            sign_in = _in_browser if interactive and has_browser() else _with_code
            result = sign_in(app, list(settings.scopes), say)
            _explain(result, settings, say)
            _token(result, settings)
            remember(settings.client_id, settings.authority, signins.folder)
            mine = result.get("id_token_claims", {}).get("oid")
            for account in before:  # one account at a time
                if mine and account.get("local_account_id") != mine:
                    app.remove_account(account)
            say(f"Signed in to Microsoft. The sign-in is kept in {where}.")
            return
        except requests.RequestException as error:
            problem = unreachable(error)
    raise problem


def _for_account(settings: OutlookSettings, folder: Path, say: Callable[[str], None]) -> OutlookSettings:
    """The settings with an authority: where nobody has said whose account it is, whoever can answer is asked."""
    if settings.account or settings.authority != _AUTHORITY or remembered(folder) or not can_answer():
        return settings
    number = chosen(WHOSE, [choice for choice, _ in KINDS], say)
    account = KINDS[number or 0][1] or word(WHICH_TENANT, say)
    if number is None or not account:
        raise SettingsError(
            f"Nobody said whose account it is. Try again: {MICROSOFT.sign_in} --account personal|any|TENANT"
        )
    return replace(settings, account=account, authority=f"{_LOGIN}/{_ACCOUNTS.get(account, account)}")


def _explain(result: Mapping[str, Any], settings: OutlookSettings, say: Callable[[str], None]) -> None:
    """What there is to say of a sign-in that failed beside the sentence that ends it."""
    from calsight_outlook.refusals import ADMIN_CONSENT, TIMED_OUT, codes_of

    timed_out = result.get("error") == TIMED_OUT
    if timed_out:
        say(ERROR_PAGES)
    if timed_out or codes_of(result) & ADMIN_CONSENT:
        say(f"For an administrator who consents: {admin_consent(settings.authority, settings.client_id)}")


def _reached(work: Callable[[], Any]) -> Any:
    """What `work` gives; what breaks on the way as the error that says whether it may pass."""
    import requests

    from calsight_outlook.trouble import unreachable

    try:
        return work()
    except requests.RequestException as error:
        problem = unreachable(error)
    raise problem


def _in_browser(app: Any, scopes: list[str], say: Callable[[str], None]) -> Mapping[str, Any]:
    from msal.oauth2cli.oauth2 import BrowserInteractionTimeoutError

    from calsight_outlook.refusals import TIMED_OUT

    def visit(address: str) -> None:
        say(opening(address))
        webbrowser.open(address)

    try:
        found: Mapping[str, Any] = app.acquire_token_interactive(
            scopes, prompt="select_account", timeout=PATIENCE, auth_uri_callback=visit, success_template=DONE
        )
    except BrowserInteractionTimeoutError:
        return {"error": TIMED_OUT}
    return found


def _with_code(app: Any, scopes: list[str], say: Callable[[str], None]) -> Mapping[str, Any]:
    flow = app.initiate_device_flow(scopes)
    if "user_code" not in flow:
        return flow  # type: ignore[no-any-return] # what went wrong
    say(f"On any device visit {flow['verification_uri']} and type the code {flow['user_code']}")
    return app.acquire_token_by_device_flow(flow)  # type: ignore[no-any-return]
