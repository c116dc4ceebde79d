"""Against an Entra that others wrote: the emulator of vercel-labs (https://emulate.dev), on Node, behind TLS.

`make emulator` installs it into the virtual environment (make test and make check do so by themselves). It signs in through the
browser, refreshes, and knows client credentials; it has no calendars, so Graph's part stays with `fakes.graph`.
"""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from calsight.errors import NotSignedInError, ServerTroubleError
from calsight.protocols import ConnectorContext
from calsight.signin import SignIns
from calsight_outlook import OutlookConnector, auth
from calsight_outlook.graph import Session
from google_support import Waits
from keyring_support import MemoryKeyring

EMULATOR = Path(sys.prefix) / "emulate/node_modules/emulate/dist/index.js"
NODE = shutil.which("node")
if NODE is None:
    pytest.skip("the emulator needs Node, which is not here", allow_module_level=True)
if not EMULATOR.exists():
    pytest.skip("the emulator is not installed: make emulator", allow_module_level=True)

SEED = {"microsoft": {"users": [{"email": "ana@example.com", "name": "Ana"}]}}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, with its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2126, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    kind = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[str]:
    """Its address: TLS in front of the emulator."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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
    seed = tmp_path_factory.mktemp("emulator") / "seed.json"
    seed.write_text(json.dumps(SEED))
    command = [
        NODE,
        EMULATOR,
        "start",
        "--service",
        "microsoft",
        "--port",
        str(port),
        "--seed",
        seed,
        "--base-url",
        address,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # type: ignore[call-overload]
        for line in process.stdout:
            if "Config:" in line:  # the last that it says once it listens
                break
        else:
            pytest.fail("the emulator did not start")
        threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield address
        front.shutdown()
        front.server_close()
        process.terminate()
        process.stdout.close()


class _Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((found["action"], {}))
        elif tag == "input" and self.forms:
            self.forms[-1][1][found["name"]] = found.get("value", "")


def _forms(text: str) -> list[tuple[str, dict[str, str]]]:
    page = _Forms()
    page.feed(text)
    return page.forms


@pytest.fixture(autouse=True)
def browser(entra: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A browser whose user is Ana."""
    threads: list[threading.Thread] = []
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # they would win over what the session says
        monkeypatch.delenv(name, raising=False)

    def visit(address: str) -> None:
        with requests.Session() as session:
            session.verify = str(certificate)
            choice = _forms(session.get(address, timeout=30).text)
            action, fields = next(form for form in choice if form[1]["email"] == "ana@example.com")
            ((back, answer),) = _forms(session.post(entra + action, data=fields, timeout=30).text)
            session.post(back, data=answer, timeout=30).raise_for_status()

    def opened(address: str, *_: object) -> bool:
        threads.append(threading.Thread(target=visit, args=(address,)))
        threads[-1].start()
        return True

    monkeypatch.setattr(webbrowser, "get", lambda using=None: object())
    monkeypatch.setattr(webbrowser, "open", opened)
    yield
    for thread in threads:
        thread.join()


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
