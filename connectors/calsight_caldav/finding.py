"""From what a person types, an e-mail address or a server's, to the addresses where a CalDAV server may be (RFC 6764)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from calsight_caldav import services
from calsight_caldav.dav import related
from calsight_caldav.trouble import ElsewhereError

_WELL_KNOWN = "/.well-known/caldav"
#: How long one looks in the DNS (seconds).
_PATIENCE = 5.0
#: Where servers that answer at no address of the standard's have been found.
_USUAL = ("/remote.php/dav/", "/dav/", "/SOGo/dav/", "/caldav.php/")


def candidates(typed: str, *, offline: bool = False) -> Iterator[str]:
    """Where to look, the likeliest first, each address once; `offline`: the DNS is not asked.

    Raises `ElsewhereError` where the DNS leads astray.
    """
    seen: set[str] = set()
    for url in _likely(typed.strip(), offline):
        if url not in seen:
            seen.add(url)
            yield url


def _likely(typed: str, offline: bool) -> Iterator[str]:
    if "://" in typed:
        parts = urlsplit(typed)
        root = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        yield typed if parts.path.endswith("/") or parts.query else f"{typed}/"
        if parts.path.strip("/"):
            yield typed
        yield root + _WELL_KNOWN
        yield from (root + path for path in ("/", *_USUAL))
        return
    known = services.by_address(typed)
    if known is not None:
        yield known.server
        return
    domain = typed.rpartition("@")[2].rstrip("./").lower()
    host, _, path = domain.partition("/")
    elsewhere = None
    for target, port, where in [] if offline else _services_of(host):
        url = f"https://{target}{'' if port == 443 else f':{port}'}{where or _WELL_KNOWN}"
        if related(host, target) or services.by_server(url) is not None:
            yield url
            if where:
                yield url.removesuffix(where) + _WELL_KNOWN
        else:
            elsewhere = elsewhere or ElsewhereError(f"The DNS of {host}", url)
    if elsewhere is not None:
        raise elsewhere
    if path:
        yield f"https://{domain}/"
    yield f"https://{host}{_WELL_KNOWN}"
    yield from (f"https://{host}{path}" for path in ("/", *_USUAL))


def _services_of(domain: str) -> list[tuple[str, int, str]]:
    """(host, port, path) of the SRV records for CalDAV over TLS, the preferred first, with the path of their TXT record."""
    import dns.exception
    import dns.resolver

    name = f"_caldavs._tcp.{domain}"
    try:
        resolver = dns.resolver.Resolver()
        records = sorted(resolver.resolve(name, "SRV", lifetime=_PATIENCE), key=lambda one: (one.priority, -one.weight))
    except (dns.exception.DNSException, OSError, UnicodeError):
        return []
    found = [(one.target.to_text(omit_final_dot=True).lower(), int(one.port)) for one in records]
    try:
        texts = [
            b"".join(one.strings).decode("utf-8", "replace")
            for one in resolver.resolve(name, "TXT", lifetime=_PATIENCE)
        ]
    except (dns.exception.DNSException, OSError):
        texts = []
    path = next((text[5:] for text in texts if text.lower().startswith("path=/")), "")
    return [(host, port, path) for host, port in found if host not in ("", ".")]
