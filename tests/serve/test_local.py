"""`calsight serve` as programs see it: one token for the pages, the web API and the MCP server of one person's machine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from urllib.parse import quote

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from calsight import pipeline
from calsight.cli import main
from calsight.core.judging.corrections import Away, KeepUp, Met, ThisMeeting, ThisPerson
from calsight.core.wording.words import Words
from calsight.errors import CancelledError
from calsight.protocols import Progress
from calsight.render.languages import words_in
from calsight.serve.book import Book
from calsight.serve.guard import Token
from calsight.serve.local.app import local_app
from calsight.serve.local.rows import so_far, told
from calsight.serve.local.sitting import Sitting
from calsight.settings.corrections_file import load_corrections
from mcp_support import READS
from serve.conftest import AS_OF, TOKEN
from serve.test_api import form


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text("", encoding="utf-8")
    return file


@pytest.fixture
def local(running, settings):
    return running(local_app(Token(TOKEN), settings=settings))


def said(local, body: dict[str, object]):
    return local.ask("POST", "/api/v1/corrections", json.dumps(body), {"Content-Type": "application/json"})


def test_corrections_are_kept_listed_and_taken_back(local, settings):
    kept = said(local, {"kind": "person", "address": "bo@example.com", "is": "mentor"})
    assert (kept.status, kept.json["number"]) == (201, 1)
    assert load_corrections(settings.with_name("corrections.toml")) == [ThisPerson("bo@example.com", "mentor")]
    assert [one["kind"] for one in local.ask("GET", "/api/v1/corrections").json["corrections"]] == ["person"]
    assert local.ask("DELETE", "/api/v1/corrections/1").status == 204
    assert local.ask("DELETE", "/api/v1/corrections/1").json["code"] == "not_found"
    assert local.ask("GET", "/api/v1/corrections").json == {"corrections": []}
    assert said(local, {"kind": "person", "address": "bo", "is": "mentor"}).json["code"] == "corrections"
    assert said(local, {"kind": "nonsense"}).json["code"] == "arguments"


def test_somebody_without_an_address_was_met_too(local, settings):
    assert said(local, {"kind": "met", "with": "name:Bo Lind", "on": "2026-03-04"}).status == 201
    assert load_corrections(settings.with_name("corrections.toml")) == [Met("name:Bo Lind", date(2026, 3, 4))]


def test_what_is_not_there_is_said_to_programs_and_to_people(local):
    """The MCP server beside it does not answer for addresses that nobody has."""
    assert local.ask("GET", "/api/v1/nothing").json["code"] == "not_found"
    assert local.ask("GET", "/api/v1/report").json["detail"] == "This address takes POST, not GET."
    page = local.ask("GET", "/nothing", headers={"Accept": "text/html"})
    assert (page.status, "<h1>" in page.body.decode()) == (404, True)


def test_the_mcp_server_is_there_for_whoever_bears_the_token(local, ics, tmp_path):
    path = tmp_path / "work.ics"
    path.write_bytes(ics)

    async def ask(headers: dict[str, str]) -> tuple[set[str], object]:
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"{local.address}/mcp", http_client=http)
            async with Client(transport) as client:
                names = {tool.name for tool in (await client.list_tools()).tools}
                return names, await client.call_tool("report", {"source": str(path), "as_of": AS_OF})

    names, answer = anyio.run(ask, {"Authorization": f"Bearer {TOKEN}"})
    assert names == READS
    assert answer.structured_content["level"]
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    given = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    assert local.ask("POST", "/mcp", body, given | {"Authorization": None}).status == 401
    assert local.ask("POST", "/mcp", body, given | {"Origin": "https://evil.example"}).status == 403


def test_pages_of_no_calendar_say_so(local):
    for path in ("/meetings", "/suggestions", "/suggestions.ics", "/body"):
        answer = local.ask("GET", path)
        assert (answer.status, answer.json["code"]) == (409, "closed")
    assert local.ask("GET", "/").status == 200
    assert local.ask("GET", "/assets/../app.py").status == 404
    assert local.ask("GET", "/assets/app.js").headers["content-type"].startswith("text/javascript")


def test_a_calendar_that_ended_is_judged_up_to_its_last_day(local, ics):
    """The demo's calendar ends in November; a year later there is nothing to see but what it held then."""

    def opened(day: str) -> str:
        fields = {"file": ("work.ics", ics), "as_of": day}
        body, media = form(**fields)
        assert local.ask("POST", "/open", body, {"Content-Type": media}).status == 303
        return local.ask("GET", "/").body.decode()

    before = "before the days of this report begin"
    assert before in opened("2028-11-22")
    assert before not in opened(AS_OF)
    body, media = form(file=("work.ics", ics), as_of="tomorrow")
    wrong = local.ask("POST", "/open", body, {"Content-Type": media})
    assert (wrong.status, "YYYY-MM-DD" in wrong.body.decode()) == (422, True)


def test_how_far_a_reading_has_come_is_told(local, ics):
    assert local.ask("GET", "/progress").json == {"said": ""}
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="work.ics"\r\n\r\n' + ics + b"\r\n--b--\r\n"
    assert local.ask("POST", "/open", body, {"Content-Type": "multipart/form-data; boundary=b"}).status == 303
    assert local.ask("GET", "/progress").json["said"].startswith("It is read.")
    local.ask("POST", "/close")
    assert local.ask("GET", "/progress").json == {"said": ""}
    told = so_far(Progress("work\u202e.ics", 1200), Words())
    assert told == "Reading work.ics: 1,200 entries so far"


def test_opening_another_calendar_ends_the_reading_of_the_first(settings, monkeypatch):
    sitting, reads = Sitting(Book(settings)), threading.Event()

    def read(*_: object, cancel: threading.Event, **__: object) -> None:
        reads.set()
        assert cancel.wait(60)
        raise CancelledError("cancelled")

    monkeypatch.setattr(pipeline, "read", read)
    with ThreadPoolExecutor(1) as other:
        first = sitting.folder()
        ended = other.submit(sitting.open, ["google"])
        assert reads.wait(60)
        second = sitting.folder()
        assert isinstance(ended.exception(60), CancelledError)
    sitting.close(first)  # what the first one's end does: it takes nothing from the second
    assert second.is_dir()
    sitting.close()
    assert not second.exists()


def test_accounts_say_how_they_are_connected(local):
    page = local.ask("GET", "/accounts").body.decode()
    for name in ("google", "outlook", "caldav"):
        assert f'name="source" value="{name}"' in page
        assert f"calsight connect {name}" in page
    assert 'value="ics"' not in page


def test_an_upload_that_is_no_calendar_is_said_on_the_page(local):
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../x.ics"\r\n\r\nnothing\r\n--b--\r\n'
    answer = local.ask("POST", "/open", body, {"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status == 422
    assert b'role="alert"' in answer.body
    assert b"/tmp" not in answer.body
    assert re.search(rb"[^/\w]x\.ics", answer.body), "it has the name that it came with"
    assert b"0/x.ics" not in answer.body


def test_a_person_is_shown_a_page_where_a_program_is_told_a_problem(local):
    seen = {"Accept": "text/html,*/*", "Authorization": None}
    lost = local.ask("GET", "/", headers=seen)  # a link from another site: the cookie is not sent along
    assert lost.status == 401
    assert b'<a class="button" href="/">' in lost.body
    assert lost.headers["content-type"].startswith("text/html")
    assert local.ask("GET", "/assets/app.css", headers=seen).status == 200
    wrong = local.ask("GET", "/meetings", headers={"Accept": "text/html"})
    assert (wrong.status, b"No calendar is open" in wrong.body) == (409, True)


def test_whose_calendar_it_is_is_asked_and_the_answer_is_enough(local):
    entry = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:20260301T000000Z\r\nDTSTART:202611{0:02}T100000Z\r\nDURATION:PT30M\r\n"
    entry += "SUMMARY:Talk\r\nATTENDEE:mailto:ana@example.com\r\nATTENDEE:mailto:bo@example.com\r\nEND:VEVENT\r\n"
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
        + "".join(map(entry.format, range(2, 12)))
        + "END:VCALENDAR\r\n"
    )
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.ics"\r\n\r\n'
        + text.encode()
        + b"\r\n--b--\r\n"
    )
    assert local.ask("POST", "/open", body, {"Content-Type": "multipart/form-data; boundary=b"}).status == 303
    asked = local.ask("GET", "/")
    assert b'action="/me"' in asked.body
    assert {b'value="ana@example.com"', b'value="bo@example.com"'} <= set(re.findall(rb'value="[^"]*"', asked.body))
    assert local.ask("GET", "/meetings").status == 303
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert local.ask("POST", "/me", "me=ana%40example.com", form).status == 303
    assert b'class="hero"' in local.ask("GET", "/").body


def test_an_answer_names_somebody_or_nothing_is_kept(local, settings):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    secret = "code=companion&value=yes&about=https%3A%2F%2Fcalendar.example.com%2Fsecret.ics"
    refused = local.ask("POST", "/answer", secret, form)
    assert (refused.status, refused.json["code"]) == (422, "answer")
    assert load_corrections(settings.with_name("corrections.toml")) == []
    assert local.ask("POST", "/answer", "code=companion&value=yes&about=bo%40example.com", form).status == 303
    assert len(load_corrections(settings.with_name("corrections.toml"))) == 1


def test_times_to_meet_are_called_after_both(running, settings, ics):
    local = running(local_app(Token(TOKEN), settings=settings, as_of=date.fromisoformat(AS_OF)))
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="work.ics"\r\n\r\n' + ics + b"\r\n--b--\r\n"
    assert local.ask("POST", "/open", body, {"Content-Type": "multipart/form-data; boundary=b"}).status == 303
    titles = re.findall(rb"SUMMARY:Time for .*", local.ask("GET", "/suggestions.ics").body)
    assert titles
    assert all(b" and " in title for title in titles)


def test_no_page_has_a_script_or_a_style_of_its_own(local, ics):
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="work.ics"\r\n\r\n' + ics + b"\r\n--b--\r\n"
    local.ask("POST", "/open", body, {"Content-Type": "multipart/form-data; boundary=b"})
    for path in ("/", "/meetings", "/suggestions", "/settings", "/accounts"):
        page = local.ask("GET", path).body.decode()
        assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|javascript:|https?://(?!www\.w3\.org)", page) == []


def test_the_command_prints_the_address_first(tmp_path):
    server = subprocess.Popen(
        [sys.executable, "-m", "calsight", "serve", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", address)
        for _ in range(300):
            try:
                assert httpx2.get(address, follow_redirects=True, timeout=300).status_code == 200
                break
            except httpx2.ConnectError:
                time.sleep(0.1)
        assert httpx2.get(address, timeout=300).status_code == 401
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=300)
    assert "token" not in errors


def test_it_does_not_listen_to_others_without_a_secret_of_ones_own(capfd, monkeypatch):
    monkeypatch.delenv("CALSIGHT_TOKEN", raising=False)
    assert main(["serve", "--host", "0.0.0.0", "--no-browser"]) == 2
    assert "CALSIGHT_TOKEN" in capfd.readouterr().err


def test_a_report_imports_nothing_of_the_server(ics, tmp_path):
    path = tmp_path / "work.ics"
    path.write_bytes(ics)
    code = (
        "import sys; from calsight.cli import main; "
        f"main(['report', {str(path)!r}, '--as-of', {AS_OF!r}, '--json', '--no-cache']); "
        "print(*[m for m in sys.modules if m.partition('.')[0] in ('fastapi', 'starlette', 'uvicorn', 'mcp', 'anyio') "
        "or m.startswith('calsight.serve')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == ""


def test_somebody_may_be_named_as_the_page_names_them(local, ics, settings):
    body, media = form(file=("work.ics", ics), as_of=AS_OF)
    assert local.ask("POST", "/open", body, {"Content-Type": media}).status == 303
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    keep = "kind=keep&every_weeks=3&with="
    page = local.ask("GET", "/").body.decode()
    name, address = re.search(r'<option value="([^"]+@[^"]+)">([^<]+)</option>', page).group(2, 1)
    assert local.ask("POST", "/correct", (keep + quote(name)).encode(), sent).status == 303
    assert load_corrections(settings.with_name("corrections.toml")) == [KeepUp(address, 3)]
    wrong = local.ask("POST", "/correct", f"{keep}Nobody", sent).json
    assert "'Nobody' is not an e-mail address" in wrong["detail"]


def test_what_was_said_is_told_by_title_and_day_and_in_the_readers_language(tmp_path):
    book = Book(tmp_path / "settings.toml")
    for one in (
        ThisMeeting("u1@google.com", True, date(2026, 3, 4), "", ""),
        ThisPerson("bo@example.com", "manager"),
        Away(date(2026, 3, 9), date(2026, 3, 13)),
        KeepUp("cy@example.com", 1),
    ):
        book.add(one)
    english = [one["text"] for one in told(book, Words(), {"u1@google.com": "Bo / Ana"})]
    assert sorted(english) == [
        "You want to meet cy@example.com every week.",
        "You were away from 9 March 2026 to 13 March 2026.",
        "bo@example.com is: my manager.",
        "“Bo / Ana” of 4 March 2026 was a one-to-one.",
    ]
    german = [one["text"] for one in told(book, words_in("de"), {})]
    assert "Du warst vom 9. März 2026 bis zum 13. März 2026 weg." in german
    assert any("u1@google.com" in text for text in german)  # of another calendar: there is no title here
