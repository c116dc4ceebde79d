"""What must not get in, and what must not get out."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI, Request

from calsight.reading.event_lines import event_line
from calsight.serve import Limits, create_app, run
from calsight.serve.app import assemble, make_service
from calsight.serve.guard import LOOPBACK, Door, Token
from calsight.testing import event
from serve.conftest import AS_OF, TOKEN, Served

ASKED = f"?as_of={AS_OF}"
SMALL = Limits(workers=1, body=2 * 1024 * 1024, upload=300, work=300, waiting=64)


@pytest.fixture
def local(running):
    """A server as `calsight serve` has it: a token, and this machine's own names only."""
    service = make_service(limits=SMALL)
    app = assemble(service, Door(Token(TOKEN), hosts=LOOPBACK))
    app.state.service = service
    return running(app)


# --- who may speak ---


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""])
def test_another_name_for_this_machine_is_refused(local, host):
    answer = local.ask("GET", "/openapi.json", headers={"Host": host.format(port=local.port)})
    assert (answer.status, answer.json["code"]) == (421, "host")


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_its_own_names_are_not(local, host):
    assert local.ask("GET", "/openapi.json", headers={"Host": host.format(port=local.port)}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_sites_are_refused_whatever_they_bear(local, ics, headers):
    answer = local.post(f"report{ASKED}", ics, **headers)
    assert (answer.status, answer.json["code"]) == (403, "origin")
    assert "access-control-allow-origin" not in answer.headers


def test_a_site_that_was_named_may_speak(running, ics):
    api = running(create_app(token=TOKEN, origins=["https://desk.example"], limits=SMALL))
    assert api.post(f"report{ASKED}", ics, Origin="https://desk.example").status == 200
    assert api.post(f"report{ASKED}", ics, Origin="https://evil.example").status == 403


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xff"])
def test_without_the_token_nothing_is_read(local, ics, given):
    answer = local.post(f"report{ASKED}", ics, Authorization=given)
    assert (answer.status, answer.json["code"]) == (401, "token")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_address_opens_once_and_the_browser_that_opened_it_stays_in(local, ics):
    anonymous = replace(local, headers={})
    opened = anonymous.ask("GET", f"/?token={TOKEN}")
    assert (opened.status, opened.headers["location"]) == (303, "/")
    cookie = opened.headers["set-cookie"]
    assert f"calsight-{local.port}=" in cookie
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()
    assert TOKEN not in cookie
    again = anonymous.ask("GET", f"/?token={TOKEN}")
    assert (again.status, again.json["code"]) == (401, "token")
    mine = {"Cookie": cookie.partition(";")[0]}
    assert anonymous.ask("GET", f"/?token={TOKEN}", headers=mine).status == 303
    assert anonymous.post(f"report{ASKED}", ics, Origin=local.address, **mine).status == 200
    # A cookie alone changes nothing: a browser says where what changes something comes from.
    assert anonymous.post(f"report{ASKED}", ics, **mine).status == 401
    assert anonymous.ask("GET", "/?token=wrong").status == 401


def test_an_embedder_says_who_is_signed_in(running, ics):
    async def known(request: Request) -> bool:
        return request.headers.get("x-user") == "ana"

    outer = FastAPI()
    outer.mount("/calsight", create_app(authenticate=known, limits=SMALL))
    api = running(outer)
    path = f"/calsight/api/v1/report{ASKED}"
    refused = api.ask("POST", path, ics, {"Content-Type": "text/calendar"})
    assert (refused.status, refused.json["code"]) == (401, "sign_in")
    assert api.ask("POST", path, ics, {"Content-Type": "text/calendar", "X-User": "ana"}).status == 200
    assert api.ask("GET", "/calsight/openapi.json").status == 200
    assert (
        api.ask("POST", path, ics, {"Content-Type": "text/calendar", "X-User": "ana", "Host": "any.example"}).status
        == 200
    )


def test_every_answer_forbids_what_is_not_this_servers(local, ics):
    for answer in (local.post(f"report{ASKED}", ics), local.ask("GET", "/gone"), local.post("report", b"")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "'sha256" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "server" not in answer.headers


# --- what is taken on ---


def test_a_large_upload_is_refused_before_it_is_sent(local):
    answer = local.post("report", b"x", **{"Content-Length": str(SMALL.body + 1)})
    assert (answer.status, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize("media", ["text/calendar", "multipart/form-data; boundary=b"])
def test_one_that_does_not_say_how_large_it_is_is_cut_off(local, media):
    sent = 0

    def endless():
        nonlocal sent
        if media != "text/calendar":
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.ics"\r\n\r\n'
        for _ in range(2000):
            sent += 65536
            yield b"x" * 65536

    try:
        answer = local.ask("POST", "/api/v1/report", endless(), {"Content-Type": media, "Transfer-Encoding": "chunked"})
    except ConnectionError:
        pass  # the server hung up while we were sending: as good
    else:
        assert (answer.status, answer.json["code"]) == (413, "too_large")
    assert sent < 64 * 1024 * 1024


def raw(port: int, *pieces: bytes, wait: float = 300) -> bytes:
    """What a server says to pieces that are sent without the rest ever coming."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
        for piece in pieces:
            connection.sendall(piece)
        said = b""
        while piece := connection.recv(65536):
            said += piece
        return said


def test_a_slow_upload_is_given_up(running):
    local = running(create_app(token=TOKEN, limits=replace(SMALL, upload=0.2)))
    head = f"POST /api/v1/report HTTP/1.1\r\nHost: 127.0.0.1:{local.port}\r\nAuthorization: Bearer {TOKEN}\r\n"
    said = raw(local.port, f"{head}Content-Type: text/calendar\r\nContent-Length: 100\r\n\r\nBEGIN".encode())
    assert b"408" in said.partition(b"\r\n")[0]
    assert json.loads(said.partition(b"\r\n\r\n")[2])["code"] == "too_slow"


def test_a_head_that_never_ends_is_given_up(local, monkeypatch):
    monkeypatch.setattr(run, "HEAD", 0.3)
    assert raw(local.port, b"GET / HTTP/1.1\r\nHost: x\r\n") == b""
    assert raw(local.port, b"") == b""


def bomb(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("work.ics", "w") as file:
        for _ in range(size // 2**20):
            file.write(b"\0" * 2**20)
    return packed.getvalue()


def test_a_zip_bomb_is_a_problem_and_the_server_goes_on(local, ics):
    answer = local.post("report", bomb(400 * 2**20), "application/zip")
    assert answer.status == 422
    assert local.post(f"report{ASKED}", ics).status == 200


def test_no_path_of_an_uploads_name_or_of_an_archives_is_followed(local, ics, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../evil.ics", ics)
        archive.writestr("/tmp/evil-calsight.ics", ics)
    assert local.post(f"report{ASKED}", packed.getvalue(), "application/zip").status in (200, 422)
    assert not Path("/tmp/evil-calsight.ics").exists()
    assert local.ask("GET", "/api/v1/..%2f..%2fetc/passwd").status == 404


def test_a_source_of_this_machine_is_not_read(local):
    for source in ("/etc/passwd", "http://127.0.0.1:1/", "google:primary", "-"):
        answer = local.ask("POST", f"/api/v1/report?source={source}")
        assert (answer.status, answer.json["code"]) == (403, "sources_off")


def test_twenty_at_once_are_all_answered_and_nothing_is_left_behind(local, ics, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ThreadPoolExecutor(20) as many:
        answers = list(many.map(lambda _: local.post(f"doctor{ASKED}", ics), range(20)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert list(tmp_path.glob("calsight-*")) == []


def test_more_than_can_wait_are_told_to_come_again(running, ics):
    api = running(create_app(token=TOKEN, limits=replace(SMALL, waiting=1)))
    with ThreadPoolExecutor(12) as many:
        answers = list(many.map(lambda _: api.post(f"report{ASKED}", ics), range(12)))
    assert {answer.status for answer in answers} == {200, 503}
    busy = next(answer for answer in answers if answer.status == 503)
    assert busy.json["code"] == "busy"
    assert busy.headers["retry-after"].isdigit()


def test_a_worker_that_takes_too_long_is_ended_and_one_that_dies_is_replaced(running, ics):
    service = make_service(limits=replace(SMALL, work=0.001))
    api = running(assemble(service, Door(Token(TOKEN))))
    slow = api.post(f"report{ASKED}", ics)
    assert (slow.status, slow.json["code"]) == (422, "too_slow")

    service = make_service(limits=SMALL)
    api = running(assemble(service, Door(Token(TOKEN))))
    assert api.post(f"doctor{ASKED}", ics).status == 200
    (worker,) = service.pool._made
    number = worker.ready.result()
    os.kill(number, signal.SIGKILL)
    while Path(f"/proc/{number}").exists() and "Z" not in Path(f"/proc/{number}/stat").read_text().split()[2]:
        time.sleep(0.01)
    assert api.post(f"doctor{ASKED}", ics).status == 200
    assert worker.ready.result() != number


SERVER = """
import sys
from calsight.serve import Limits, create_app
from calsight.serve.run import listening, server_of
if __name__ == "__main__":
    port = listening("127.0.0.1", 0)
    print(port.getsockname()[1], flush=True)
    server_of(create_app(token=sys.argv[1], limits=Limits(workers=1))).run(sockets=[port])
"""


def below(number: int) -> set[int]:
    """All processes that one started, and those that these did."""
    children = {
        int(child) for one in Path(f"/proc/{number}/task").glob("*/children") for child in one.read_text().split()
    }
    return children.union(*(below(child) for child in children))


SLEEPY = """
import os, pathlib, time
def rule(event, presence):
    if event.uid == "sleep":
        pathlib.Path(os.environ["SLEEPS"]).touch()
        time.sleep(3600)
"""


def until(true: Callable[[], bool]) -> None:
    """Wait for something that comes about in other processes."""
    last = time.monotonic() + 300
    while not true():
        assert time.monotonic() < last
        time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are told by /proc here")
def test_a_server_that_is_killed_leaves_no_worker_behind_however_busy(install, tmp_path):
    install("sleepy", "plug_sleepy", SLEEPY, rules="sleepy = plug_sleepy:rule")
    sleeps = tmp_path / "sleeps"
    given = os.environ | {"PYTHONPATH": str(tmp_path), "SLEEPS": str(sleeps)}
    process = subprocess.Popen([sys.executable, "-c", SERVER, TOKEN], stdout=subprocess.PIPE, env=given)
    assert process.stdout is not None
    api = Served(int(process.stdout.readline()), None)
    lines = json.dumps(event_line(event("ana", "bo", uid="sleep"))).encode()
    with ThreadPoolExecutor(1) as many:
        cut = many.submit(api.post, "report?me=ana@example.com&as_of=2026-03-28", lines, "application/x-ndjson")
        until(sleeps.exists)
        started = below(process.pid)
        assert len(started) >= 2
        process.kill()
        until(lambda: not any(Path(f"/proc/{one}/exe").exists() for one in started))
        process.communicate()
        assert isinstance(cut.exception(), OSError)


# --- what gets out ---


def test_no_token_and_no_address_is_logged(local, ics, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    local.ask("GET", f"/?token={TOKEN}")
    local.post(f"report{ASKED}&me=ana%40secret.example", ics)
    local.post("report", b"BEGIN:VCALENDAR\r\nX-SECRET:ana@secret.example")
    local.post("report?weeks=ana%40secret.example", ics)
    told = caplog.text + "".join(capfd.readouterr())
    assert TOKEN not in told
    assert "secret.example" not in told
    assert "token=" not in told


def test_a_defect_of_ours_says_nothing_of_the_calendar(running, ics, monkeypatch, caplog):
    from calsight.serve import api as module

    service = make_service(limits=SMALL)
    api = running(assemble(service, Door(Token(TOKEN))))

    def broken(said):
        raise RuntimeError("ana@secret.example")

    monkeypatch.setattr(module, "corrections_of", broken)
    answer = api.post(f"report{ASKED}", ics)
    assert (answer.status, answer.json["code"]) == (500, "internal")
    assert b"secret" not in answer.body
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_threads_serve_where_there_can_be_no_processes(running, ics):
    before = threading.active_count()
    api = running(create_app(token=TOKEN, limits=replace(SMALL, workers=0)))
    assert api.post(f"doctor{ASKED}", ics).status == 200
    assert threading.active_count() >= before
