"""What a connector may reach: addresses and files, held to `calsight.protocols.Access`.

A product that reads calendars for others must not be led to what only its own machine can reach: by a name that resolves to an
address of its network, by a redirect, by a name that resolves to another address the second time, or by a link in a folder.
Addresses are looked at where connections are made, so each of these is seen.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calsight.errors import AccessError
from calsight.protocols import Access

if TYPE_CHECKING:
    import requests

    from calsight.core.model.options import Network

_WIDTH: tuple[Network, ...] = ("none", "public", "all")
#: IPv6 addresses that stand for one of IPv4, in their last 32 bits (RFC 6052, RFC 4291).
_CARRIES_IPV4 = (ip_network("64:ff9b::/96"), ip_network("::/96"))


def narrower(one: Access, other: Access) -> Access:
    """What both allow."""
    network = min(one.network, other.network, key=_WIDTH.index)
    if one.folders is None or other.folders is None:
        return Access(network, other.folders if one.folders is None else one.folders)
    both = [(a.resolve(), b.resolve()) for a in one.folders for b in other.folders]
    inner = [a if a.is_relative_to(b) else b for a, b in both if a.is_relative_to(b) or b.is_relative_to(a)]
    return Access(network, tuple(dict.fromkeys(inner)))


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet: not of this machine, a link, a private network, or reserved."""
    own = _unwrapped(ip_address(address.partition("%")[0]))
    return own.is_global and not own.is_multicast and not own.is_reserved


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that one of IPv6 only carries."""
    if isinstance(address, IPv4Address):
        return address
    carried = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if carried is None and address > IPv6Address("::1") and any(address in network for network in _CARRIES_IPV4):
        carried = IPv4Address(int(address) & 0xFFFFFFFF)
    return carried or address


def may_read(access: Access, path: Path) -> bool:
    """Whether the file or folder may be read, links followed. Nothing outside is touched, so nothing is told about it."""
    if access.folders is None:
        return True
    place = path.resolve()
    return any(place.is_relative_to(folder.resolve()) for folder in access.folders)


def require_file(access: Access, path: Path) -> None:
    """Raise `AccessError` unless the file or folder may be read."""
    if not may_read(access, path):
        raise AccessError(f"{path}: lies outside the folders that may be read here. They are set by [sources] folders.")


def require_stdin(access: Access) -> None:
    """Raise `AccessError` where files are limited: what is piped into a server is nobody's calendar."""
    if access.folders is not None:
        raise AccessError("standard input: it may not be read here. [sources] folders says what may.")


def require_host(access: Access, host: str) -> None:
    """Raise `AccessError` unless every address of that name may be asked. For endpoints that settings name.

    A session with `guard` asks again for each connection, which this cannot.
    """
    if access.network == "none":
        raise AccessError(f"{host}: the network may not be used here ([sources] network is none).")
    if access.network == "public":
        _require_public(host, _addresses(host, 443))


def guard(session: requests.Session, access: Access) -> None:
    """Hold every connection of the session to `access`. Call it when its adapters are mounted.

    With "public" no proxy is used: what a proxy reaches cannot be seen from here.
    """
    if access.network == "all":
        return
    session.trust_env = False
    session.proxies = {}
    for adapter in session.adapters.values():
        manager = adapter.poolmanager  # type: ignore[attr-defined]  # every adapter of requests has one
        manager.pool_classes_by_scheme = _pools(access)


def _pools(access: Access) -> dict[str, Any]:
    """urllib3's pools, whose connections look at where they lead before a byte is sent."""
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection

    def connected(connection: HTTPConnection, connect: Any) -> socket.socket:
        host = connection.host
        if access.network == "none":
            raise AccessError(f"{host}: the network may not be used here ([sources] network is none).")
        _require_public(host, _addresses(host, connection.port))
        made: socket.socket = connect()
        try:
            _require_public(host, [made.getpeername()[0]])  # the name may have led elsewhere this time
        except BaseException:
            made.close()
            raise
        return made

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connected(self, super()._new_conn)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connected(self, super()._new_conn)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _addresses(host: str, port: int | None) -> list[str]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []  # connecting says what is wrong with it
    return [str(address[4][0]) for address in found]


def _require_public(host: str, addresses: Iterable[str]) -> None:
    if not all(map(is_public, addresses)):
        raise AccessError(
            f"{host}: is an address of this machine or of a private network, and none such may be asked here ([sources] "
            "network is public)."
        )
