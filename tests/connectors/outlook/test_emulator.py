"""Against an Entra that others wrote (`emulator_support`), behind TLS.

It signs in through the browser, refreshes, and knows client credentials; it has no calendars, so Graph's part stays with
`fakes.graph`.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509

from api_support import Waits, free_port, self_signed, user_who
from calsight.errors import NotSignedInError, ServerTroubleError
from calsight.kit.signins import SignIns
from calsight.protocols import ConnectorContext
from calsight_outlook import OutlookConnector, auth
from calsight_outlook.graph import Session
from emulator_support import emulated, form_of, forms
from keyring_support import MemoryKeyring

SEED = {"users": [{"email": "ana@example.com", "name": "Ana"}]}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, with its key."""
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    authority = x509.BasicConstraints(ca=True, path_length=0)
    made = self_signed("localhost", (x509.SubjectAlternativeName(names), False), (authority, True))
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_text(made.private + made.certificate)
    return path


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[str]:
    """Its address: TLS in front of the emulator."""
    port = free_port()
    inside = f"http://127.0.0.1:{port}"

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {"Content-Type": self.headers["Content-Type"]} if self.headers["Content-Type"] else {}
            answer = requests.request(
                self.command, inside + self.path, data=body, headers=headers, allow_redirects=False, timeout=30
            )
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "text/html"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    front = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    front.daemon_threads = True
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    front.socket = tls.wrap_socket(front.socket, server_side=True)
    address = f"https://localhost:{front.server_port}"
    folder = tmp_path_factory.mktemp("emulator")
    with emulated("microsoft", SEED, folder, port, "--base-url", address):
        threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield address
        front.shutdown()
        front.server_close()


@pytest.fixture(autouse=True)
def browser(entra: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A browser whose user is Ana."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # they would win over what the session says
        monkeypatch.delenv(name, raising=False)

    def visit(address: str) -> None:
        with requests.Session() as session:
            session.verify = str(certificate)
            action, fields = form_of("ana@example.com", session.get(address, timeout=30).text)
            ((back, answer),) = forms(session.post(entra + action, data=fields, timeout=30).text)
            session.post(back, data=answer, timeout=30).raise_for_status()

    with user_who(visit, monkeypatch):
        yield


@pytest.fixture
def session(certificate: Path) -> Callable[[], requests.Session]:
    def made() -> requests.Session:
        one = Session()
        one.verify = str(certificate)
        return one

    return made


def settings(entra: str, **more: Any) -> dict[str, Any]:
    return {"client_id": "any", "authority": f"{entra}/common", **more}


def tokens(given: dict[str, Any], folder: Path, session: Callable[[], requests.Session]) -> auth.Tokens:
    return auth.Tokens(auth.OutlookSettings.of(given, {}), SignIns(folder), session)


def test_in_the_browser_and_renewed(
    entra: str, tmp_path: Path, session: Callable[[], requests.Session], waits: Waits, ring: MemoryKeyring
) -> None:
    given = settings(entra)
    connector = OutlookConnector(ConnectorContext(given, state_dir=tmp_path), policy=waits.policy, session=session)
    connector.connect(interactive=True, say=lambda text: None)
    assert connector.status() == "signed in"
    ours = tokens(given, tmp_path, session)
    first = ours()
    assert first.startswith("microsoft_")
    assert ours() == first
    renewed = ours(refused=first)
    assert renewed.startswith("microsoft_")
    assert renewed != first
    connector.disconnect()
    with pytest.raises(NotSignedInError, match="calsight connect outlook"):
        tokens(given, tmp_path, session)()


def test_as_an_application(entra: str, tmp_path: Path, session: Callable[[], requests.Session]) -> None:
    given = settings(entra, client_secrets="secret", authority=f"{entra}/contoso")
    ours = tokens(given, tmp_path, session)
    first = ours()
    assert first.startswith("microsoft_")
    assert ours(refused=first) != first


def test_a_certificate_that_nobody_knows(entra: str, tmp_path: Path, waits: Waits) -> None:
    connector = OutlookConnector(ConnectorContext(settings(entra), state_dir=tmp_path), policy=waits.policy)
    with pytest.raises(ServerTroubleError, match="certificate cannot be checked"):
        connector.connect(interactive=True, say=lambda text: None)
