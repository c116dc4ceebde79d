"""A connector's section of the settings, `[connectors.NAME]`: what may stand there, and which addresses are safe to ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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


def with_environment(name: str, values: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """The section with CALSIGHT_NAME_API_ENDPOINT and CALSIGHT_NAME_ACCESS_TOKEN where it does not say itself; "" for none."""
    settings = ("api_endpoint", "access_token")
    given = {key: environ.get(f"CALSIGHT_{name}_{key}".upper(), "") for key in settings}
    return {**values, **{key: values.get(key) or given[key] for key in settings}}


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
