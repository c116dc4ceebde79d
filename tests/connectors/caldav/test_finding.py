"""Finding the server of an address: services that everybody knows, the DNS, and which host may get the password."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.message
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from api_support import offline
from calsight_caldav import finding
from calsight_caldav.dav import related
from calsight_caldav.trouble import ElsewhereError


@contextmanager
def name_server(records: dict[tuple[str, str], list[str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A name server on loopback that knows these records."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, sender = self.request
            query = dns.message.from_wire(data)
            answer = dns.message.make_response(query)
            question = query.question[0]
            kind = dns.rdatatype.to_text(question.rdtype)
            found = records.get((question.name.to_text(), kind))
            if found:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
            sender.sendto(answer.to_wire(), self.client_address)

    with socketserver.UDPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        whole = dns.resolver.Resolver

        def resolver(*_: Any, **__: Any) -> dns.resolver.Resolver:
            made = whole(configure=False)
            made.nameservers, made.port = ["127.0.0.1"], server.server_address[1]
            return made

        monkeypatch.setattr(dns.resolver, "Resolver", resolver)
        yield
        server.shutdown()


SRV, TXT = ("_caldavs._tcp.example.com.", "SRV"), ("_caldavs._tcp.example.com.", "TXT")


@pytest.mark.parametrize(
    ("records", "first"),
    [
        ({SRV: ["0 1 443 cal.example.com."]}, "https://cal.example.com/.well-known/caldav"),
        ({SRV: ["0 1 8443 cal.example.com."], TXT: ['"path=/dav/"']}, "https://cal.example.com:8443/dav/"),
        (
            {SRV: ["10 1 443 slow.example.com.", "0 1 443 cal.example.com."]},
            "https://cal.example.com/.well-known/caldav",
        ),
        ({SRV: ["0 1 443 caldav.fastmail.com."]}, "https://caldav.fastmail.com/.well-known/caldav"),
        ({SRV: ["0 0 0 ."]}, "https://example.com/.well-known/caldav"),
        ({}, "https://example.com/.well-known/caldav"),
    ],
)
def test_the_dns_says_where_a_domains_calendars_are(
    records: dict[tuple[str, str], list[str]], first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with name_server(records, monkeypatch):
        assert next(finding.candidates("ana@example.com")) == first


def test_the_dns_leads_to_no_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever can forge it would get the password (RFC 6764, 8)."""
    with (
        name_server({SRV: ["0 1 443 cal.evil.example."]}, monkeypatch),
        pytest.raises(
            ElsewhereError, match=r"leads|sends on to cal\.evil\.example.*--server https://cal\.evil\.example/"
        ),
    ):
        list(finding.candidates("ana@example.com"))


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        ("ana@icloud.com", "https://caldav.icloud.com/"),
        ("ana@me.com", "https://caldav.icloud.com/"),
        ("Ana@FastMail.com", "https://caldav.fastmail.com/"),
        ("ana@mailbox.org", "https://dav.mailbox.org/"),
        ("ana@posteo.de", "https://posteo.de:8443/"),
        ("ana@zohomail.eu", "https://calendar.zoho.eu/"),
        ("ana@yahoo.com", "https://caldav.calendar.yahoo.com/"),
        ("ana@ik.me", "https://sync.infomaniak.com/"),
    ],
)
def test_known_services_need_no_dns(typed: str, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    assert list(finding.candidates(typed)) == [server]


@pytest.mark.parametrize(
    ("mine", "other", "safe"),
    [
        ("example.com", "example.com:8443", True),
        ("example.com", "cal.example.com", True),
        ("caldav.icloud.com", "p42-caldav.icloud.com:443", True),
        ("cal.example.com", "www.example.com", False),
        ("example.co.uk", "evil.co.uk", False),
        ("example.com", "badexample.com", False),
        ("127.0.0.1", "127.0.0.2", False),
    ],
)
def test_who_may_get_the_password(mine: str, other: str, safe: bool) -> None:
    assert related(mine, other) is safe
