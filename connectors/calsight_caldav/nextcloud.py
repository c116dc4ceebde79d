"""Nextcloud's own way to sign in: through the browser, after which it gives an app password made for calsight (login flow v2).

https://docs.nextcloud.com/server/latest/developer_manual/client_apis/LoginFlow/index.html
"""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from calsight.errors import NotSignedInError, PayloadInvalidError, ServerTroubleError
from calsight.kit.browser import PATIENCE, has_browser, opening
from calsight.kit.quiet import quiet
from calsight.kit.retry import RetryPolicy
from calsight.kit.section import require_safe
from calsight.kit.texts import read_json
from calsight_caldav.dav import LIBRARIES, host_of
from calsight_caldav.reach import Reach

_JSON = {"Accept": "application/json"}
_TIMEOUT = 20
_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class AppPassword:
    """What Nextcloud gives at the end. `server` is its base address, without a slash."""

    server: str
    user: str
    password: str


def base_of(typed: str, reach: Reach) -> str:
    """The base address of the Nextcloud behind what a person typed; "" where there is none."""
    from calsight_caldav import services

    if "@" in typed or services.by_address(typed) is not None:
        return ""
    url = typed if "://" in typed else f"https://{typed}"
    base = url.partition("/remote.php")[0].partition("/index.php")[0].rstrip("/")
    known = services.by_server(url)
    if known is not None and known.name != "Nextcloud":
        return ""
    try:
        answer = _asked(reach, "GET", f"{base}/status.php")
        found = read_json(answer.content) if answer.status_code == 200 else {}
    except (requests.RequestException, OSError, ValueError):
        return ""
    return base if isinstance(found, dict) and "installed" in found and "productname" in found else ""


def sign_in(
    base: str, policy: RetryPolicy, reach: Reach, *, interactive: bool, say: Callable[[str], None]
) -> AppPassword:
    """Send somebody to the browser, and wait for the app password. Raises `NotSignedInError`, `ServerTroubleError`."""
    require_safe(base, "The address of the server")
    begun = _posted(f"{base}/index.php/login/v2", {}, reach)
    try:
        address, token, endpoint = begun["login"], begun["poll"]["token"], begun["poll"]["endpoint"]
        if host_of(endpoint) != host_of(base) or host_of(address) != host_of(base):
            raise NotSignedInError(
                f"{host_of(base)} sends to {urlsplit(address).hostname} to sign in. If that is its right name, use it: "
                "calsight connect caldav --server ADDRESS"
            )
    except (AttributeError, KeyError, TypeError, ValueError):
        begun = {}
    if not begun:
        raise _unexpected(base)
    if interactive and has_browser():
        say(opening(address))
        webbrowser.open(address)
    else:
        say(f"Visit this address in a browser on any machine, and allow calsight in:\n{address}")
    until = policy.clock() + PATIENCE
    while policy.clock() < until:
        found = _posted(endpoint, {"token": token}, reach, pending=404)
        if found:
            parts = [found.get(name) for name in ("server", "loginName", "appPassword")]
            if not all(isinstance(part, str) and part for part in parts):
                raise _unexpected(base)
            server, user, password = map(str, parts)
            return AppPassword(server.rstrip("/"), user, password)
        policy.sleep(_EVERY)
    raise NotSignedInError(f"Nobody signed in within {PATIENCE // 60} minutes. Try again.")


def _unexpected(base: str) -> PayloadInvalidError:
    return PayloadInvalidError(f"{host_of(base)} answered with something that is not what was asked for.")


def _posted(url: str, form: dict[str, str], reach: Reach, *, pending: int = 0) -> dict[str, Any]:
    """The answer; nothing while it is `pending`."""
    trouble = ServerTroubleError(
        f"{host_of(url)} could not be reached to sign in: check that you are online, and try again."
    )
    found: Any = None
    try:
        answer = _asked(reach, "POST", url, data=form)
        if answer.status_code == pending:
            return {}
        if answer.status_code == 200:
            found = read_json(answer.content)
    except (requests.RequestException, OSError, ValueError):
        pass
    if not isinstance(found, dict):
        raise trouble
    return found


def revoke(server: str, user: str, password: str, reach: Reach) -> None:
    """End the app password. Raises `ServerTroubleError` where the server could not be told."""
    done = False
    try:
        address, headers = f"{server}/ocs/v2.php/core/apppassword", {"OCS-APIRequest": "true"}
        answer = _asked(reach, "DELETE", address, auth=(user.encode(), password.encode()), headers=headers)
        done = answer.status_code in (200, 401, 403)  # the latter: it has ended already
    except (requests.RequestException, OSError):
        pass
    if not done:
        raise ServerTroubleError(
            f"The sign-in is forgotten here, but {host_of(server)} could not be told: remove calsight there, under Devices & "
            f"sessions: {server}/settings/user/security"
        )


def _asked(
    reach: Reach, method: str, url: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> requests.Response:
    """One answer. The app password will be called as the session's agent."""
    named = {**_JSON, **(headers or {})}
    with quiet(*LIBRARIES), reach.session(url) as session:
        return session.request(
            method, url, headers=named, timeout=_TIMEOUT, verify=session.verify, allow_redirects=False, **more
        )
