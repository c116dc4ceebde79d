"""For connectors that ask a service: what their section of the settings may hold, and what a sync state is good for.

A sync state is a text of the service's (a token) together with what it is bound to: whatever changes the answer (account,
calendar, window, query). Where anything of that differs, or the last full fetch is too long ago, it is of no use.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from calsight.errors import SettingsError


def checked_section(
    name: str, section: Mapping[str, Any], known: Collection[str], texts: Iterable[str]
) -> dict[str, Any]:
    """A copy of the section `[connectors.NAME]`, in which a path has become a text.

    `known` are the settings that there are, `texts` those that must be texts; `token_file` must be true or false, `scopes` a
    list of texts. What is not in the section is not in the copy. Raises `SettingsError`.
    """
    for key in section:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise SettingsError(f"connectors.{name} has no setting {key!r}.{hint}")
    values = dict(section)
    for key in texts:
        if isinstance(values.get(key), Path):
            values[key] = str(values[key])
        if not isinstance(values.get(key, ""), str):
            raise SettingsError(f"connectors.{name}.{key} must be a text.")
    if not isinstance(values.get("token_file", False), bool):
        raise SettingsError(f"connectors.{name}.token_file must be true or false.")
    scopes = values.get("scopes", ())
    if isinstance(scopes, str) or not all(isinstance(scope, str) and scope for scope in scopes):
        raise SettingsError(f"connectors.{name}.scopes must be a list of texts.")
    return values


def require_safe(address: str, what: str) -> None:
    """Raises `SettingsError` unless the address is https, or plain http on this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return
    if parts.scheme != "http" or not _is_loopback(host):
        raise SettingsError(f"{what} must begin with https:// (plain http is accepted for this machine only).")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def sync_state(bound: Mapping[str, Any], token: str, full: str) -> bytes:
    """What to keep of a fetch: what it is bound to, the service's token, and when the last full fetch began (ISO 8601)."""
    return json.dumps({**bound, "token": token, "full": full}).encode()


def usable_state(
    state: bytes | None, bound: Mapping[str, Any], now: datetime, *, lasts: timedelta
) -> Mapping[str, Any] | None:
    """What `sync_state` was given, if it is bound to the same and the last full fetch began less than `lasts` ago."""
    if not state:
        return None
    try:
        known = json.loads(state)
        fresh = now - datetime.fromisoformat(known["full"]) < lasts
    except (ValueError, TypeError, KeyError):
        return None
    same = all(known.get(key) == value for key, value in bound.items())
    return known if same and fresh and isinstance(known.get("token"), str) else None
