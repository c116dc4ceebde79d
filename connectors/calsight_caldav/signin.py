"""Signing in to a CalDAV server: from what the settings, the environment and the kept sign-in hold to a `Login`.

A program that embeds calsight gives the server with a token, or with a user and a password; everybody else is asked once, by
`calsight connect caldav`, and what they say is kept.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from calsight.errors import NotSignedInError, SettingsError, SourceError, UsageError
from calsight.kit.answers import Service
from calsight.kit.retry import RetryPolicy
from calsight.kit.section import checked_section, require_safe
from calsight.kit.signins import SignIns
from calsight.kit.texts import read_json
from calsight.protocols import Access
from calsight_caldav import finding, nextcloud, services
from calsight_caldav.account import Account
from calsight_caldav.dav import Dav, Login, host_of
from calsight_caldav.reach import Reach
from calsight_caldav.trouble import NAME, CertificateError, ElsewhereError, NoDavError, no_calendars, service_of

CALDAV = Service(NAME, "a CalDAV server")
#: How long is waited in all for addresses that may be wrong (seconds).
_PATIENCE = 30.0
_TEXTS = ("server", "user", "ca_file")


@dataclass(frozen=True, slots=True)
class CaldavSettings:
    """`[connectors.caldav]`, or the same as arguments. The first three may stand in CALSIGHT_CALDAV_SERVER and so on, too.

    server          the server's address, or an e-mail address at it
    user            whom to sign in as, where that is not the e-mail address
    password        an app password, or a callable that gives it
    access_token    a ready access token, or a callable that gives one
    ca_file         path of certificates of one's own (PEM)
    token_file      True: `connect` keeps the sign-in in a file (mode 0600) instead of the keyring
    """

    server: str = ""
    user: str = ""
    password: str | Callable[[], str] = ""
    access_token: str | Callable[[], str] = ""
    ca_file: str = ""
    token_file: bool = False

    @classmethod
    def of(cls, section: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> CaldavSettings:
        """The section and the environment, checked. Raises `SettingsError`."""
        values = checked_section(NAME, section, [field.name for field in fields(cls)], _TEXTS)
        for key in ("server", "user", "password", "access_token"):
            values[key] = values.get(key) or environ.get(f"CALSIGHT_CALDAV_{key}".upper(), "")
        if values.get("ca_file"):
            path = Path(values["ca_file"]).expanduser()
            if not path.is_file():
                raise SettingsError(f"connectors.{NAME}.ca_file: there is no file {values['ca_file']}.")
            values["ca_file"] = str(path.resolve())
        if "://" in values["server"]:
            require_safe(values["server"], f"connectors.{NAME}.server")
        return cls(**values)

    @property
    def given(self) -> bool:
        """Whether a program signs in by itself."""
        return bool(self.server and (self.access_token or (self.user and self.password)))


def login(settings: CaldavSettings, signins: SignIns, access: Access) -> Login:
    """Who asks which server. No network, save DNS where a program gives an e-mail address. Raises `NotSignedInError`."""
    if settings.given:
        server = settings.server if "://" in settings.server else next(_candidates(settings.server, access))
        secret = settings.access_token or settings.password
        give: Callable[[], str] = secret if callable(secret) else lambda: str(secret)
        return Login(server, settings.user, give, bool(settings.access_token), Reach(settings.ca_file, access))
    kept = _kept(signins)
    if kept is None:
        raise CALDAV.not_signed_in()
    reach = Reach(settings.ca_file or kept.get("ca_file", ""), access)
    return Login(kept["server"], kept["user"], lambda: str(kept["password"]), reach=reach)


def _candidates(typed: str, access: Access) -> Iterator[str]:
    return finding.candidates(typed, offline=access.network == "none")


def _kept(signins: SignIns) -> dict[str, Any] | None:
    text = signins.recall(NAME)
    try:
        kept = read_json(text) if text else None
    except ValueError:
        return None
    needed = ("server", "user", "password")
    return kept if isinstance(kept, dict) and all(isinstance(kept.get(key), str) for key in needed) else None


def status(settings: CaldavSettings, signins: SignIns) -> str:
    """One short line for `calsight sources`. No network."""
    if settings.given:
        return CALDAV.status(signed_in=True, how="with what a program or the settings give")
    kept = _kept(signins)
    return CALDAV.status(signed_in=kept is not None, how=service_of(kept["server"]).name if kept else "")


def guide(signins: SignIns) -> str:
    """Where each known service has its calendars and makes app passwords, and the command that comes after that."""
    rest = " --token-file" if signins.needs_file() else ""
    rows = []
    for one in services.SERVICES:
        where = one.server or f"https://HOST{one.path}"
        password = f"app password: {one.where}" if one.where else "your usual password"
        link = one.link.format(base="https://HOST") if one.link else ""
        rows.append(f" - {one.name}: {where}\n     {password}" + (f"\n     {link}" if link else ""))
    return (
        "calsight signs in to a CalDAV server with your e-mail address (or the server's address) and a password. Most\n"
        "services want an app password, made for one program, so that it can be taken back and yours stays with you:\n\n"
        + "\n".join(rows)
        + f"\n\nNextcloud signs in through your browser by itself, without a password to type.\n\nThen:\n  {CALDAV.sign_in} "
        f"--server ADDRESS{rest}\nADDRESS is your e-mail address, or the server's."
    )


def connect(
    settings: CaldavSettings,
    signins: SignIns,
    policy: RetryPolicy,
    access: Access,
    *,
    interactive: bool,
    say: Callable[[str], None],
) -> None:
    """Ask what is not known, find the server, sign in, and keep what is needed to stay so.

    Raises `NotSignedInError`, `PermissionMissingError`, `ServerTroubleError`, `SettingsError` …, each with the next step.
    """
    if settings.access_token or (settings.given and callable(settings.password)):
        say("An access token or a password is given by a program: there is nothing to sign in to.")
        return
    signins.check(NAME)
    kept = _kept(signins) or {}
    typed = settings.server or asked(
        "Your e-mail address, or the address of the server", say, before=kept.get("server", "")
    )
    if not typed:
        raise UsageError(f"Name the server, or your e-mail address: {CALDAV.sign_in} --server ADDRESS")
    revoke = ""
    reach = Reach(settings.ca_file, access)
    base = nextcloud.base_of(typed, reach) if not settings.user else ""
    logins: Iterable[Login]
    if base:
        app = nextcloud.sign_in(base, policy, reach, interactive=interactive, say=say)
        logins = [Login(f"{app.server}/remote.php/dav/", app.user, lambda: app.password, reach=reach)]
        revoke = app.server
    else:
        logins = _logins(typed, settings, kept, reach, say)
    account = _signed_in(logins, policy)
    found = account.dav.login
    sign_in = {"server": found.server, "user": found.user, "password": found.secret(), "ca_file": reach.ca_file}
    where = signins.keep(NAME, json.dumps({**sign_in, "revoke": revoke}))
    mine = [one.name for one in account.calendars() if one.mine]
    others = len(account.calendars()) - len(mine)
    say(f"Signed in to {service_of(found.server).name}. The sign-in is kept in {where}.")
    shown = ", ".join(mine[:12]) + (", …" if len(mine) > 12 else "")
    say(f"Your calendars: {shown or 'none of your own'}." + (f" Shared with you: {others}." if others else ""))


def _logins(
    typed: str, settings: CaldavSettings, kept: Mapping[str, Any], reach: Reach, say: Callable[[str], None]
) -> Iterator[Login]:
    """What to try, the likeliest first: each address that the server may have, each user that one may be there."""
    known = services.by_address(typed) if "://" not in typed else services.by_server(typed)
    if known is not None and (hint := known.app_password(typed.partition("/remote.php")[0].rstrip("/"))):
        say(hint)
    user = settings.user or (typed if "@" in typed and "://" not in typed and (known is None or not known.user) else "")
    user = user or asked(f"User ({known.user})" if known and known.user else "User", say, before=kept.get("user", ""))
    password = settings.password or asked("Password (an app password where the service has them)", say, secret=True)
    if not user or not password:
        raise UsageError(
            f"A user and a password are needed: {CALDAV.sign_in} --server ADDRESS --user NAME asks for the password. "
            "A script may give it in CALSIGHT_CALDAV_PASSWORD."
        )
    given: Callable[[], str] = password if callable(password) else lambda: str(password)
    users = [user] if settings.user or "@" not in user else [user, user.partition("@")[0]]  # RFC 6764, 6
    for server in _candidates(typed, reach.access):
        for one in users:
            yield Login(server, one, given, reach=reach)


def _signed_in(logins: Iterable[Login], policy: RetryPolicy) -> Account:
    """The account of the first login that a server accepts, its calendars known. Raises what the likeliest met."""
    failure: SourceError | None = None
    empty: SourceError | None = None
    signed_in_as = refused_at = ""
    closed: set[str] = set()
    retrier = replace(policy, deadline=min(policy.deadline, _PATIENCE)).begin()
    for one in logins:
        if refused_at and one.server != refused_at:
            break  # that is the server, and it does not accept the password
        if host_of(one.server) in closed or (empty and one.user != signed_in_as):
            continue
        with closing(Dav(one, retrier)) as dav:
            account = Account(dav)
            try:
                if account.calendars():
                    return account
                signed_in_as, empty = one.user, empty or no_calendars(one.server)
            except NotSignedInError as error:
                failure, refused_at = (failure if refused_at else error), one.server
            except (NoDavError, ElsewhereError) as error:
                failure = failure or error
            except SourceError as error:
                if isinstance(error, CertificateError):
                    closed.add(host_of(one.server))
                if not isinstance(failure, NotSignedInError):
                    failure = error
    raise empty or failure or NoDavError("nothing was found there")


def disconnect(settings: CaldavSettings, signins: SignIns, access: Access) -> None:
    """Forget the sign-in, and end an app password that Nextcloud made for calsight."""
    kept = _kept(signins)
    signins.forget(NAME)
    if kept and kept.get("revoke"):
        reach = Reach(settings.ca_file or kept.get("ca_file", ""), access)
        nextcloud.revoke(kept["revoke"], kept["user"], kept["password"], reach)


def asked(what: str, say: Callable[[str], None], *, secret: bool = False, before: str = "") -> str:
    """What somebody types, or the next line of standard input; `before` where they type nothing."""
    prompt = f"{what}{f' [{before}]' if before else ''}: "
    stream = sys.stdin
    if stream is None:
        return before
    if stream.isatty():
        from getpass import getpass

        return (getpass(prompt) if secret else input(prompt)).strip() or before
    say(prompt.rstrip())
    return stream.readline().strip() or before
