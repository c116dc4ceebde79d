"""What Google and Microsoft refuse, as somebody meets it who runs `calsight`: a sentence with the next step, no traceback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from fakes.google import FakeGoogle
from fakes.graph import WORK, FakeGraph, refuse
from fakes.graph_items import event
from fakes.login import CLIENT, FakeLogin, entra_error
from fakes.server import Answer, Trouble
from process_support import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def refused_by_google(home: Home, google: FakeGoogle, typed: str, *, at: str = "") -> tuple[int, str]:
    """Sign in on a machine without a browser. `typed` is what is pasted, with the fields of the address that was shown.

    A line for each that is to be pasted; `at` is the error of the token's address, if it gives one.
    """
    if at:
        google.trouble(Trouble(Answer.json({"error": at}, 401 if at == "invalid_client" else 400)), path="/token")
    client = google.client_file(home.folder)
    with home.begun("connect", "google", "--client-secrets", str(client), "--no-browser") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("http")).strip()
        fields = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        process.stdin.write(typed.format(address=address, **fields) + "\n")
        process.stdin.flush()
        said = process.stdout.read()
    assert "Traceback" not in said
    assert "@example.com" not in said
    return process.returncode, said


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("access_denied", "You did not give your consent in the browser"),
        ("admin_policy_enforced", "Your organisation's administrator does not let this app"),
        ("policy_enforced", "Advanced Protection"),
        ("org_internal", "for accounts of its own organisation only"),
        ("something_new", "Google refused the sign-in (something_new)"),
    ],
)
def test_google_s_browser_page_says_no(home: Home, google: FakeGoogle, code: str, sentence: str) -> None:
    status, said = refused_by_google(home, google, "{redirect_uri}?error=" + code + "&state={state}")
    assert (status, sentence in said) == (3, True), said


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("invalid_client", "Google does not know this OAuth client any more"),
        ("unauthorized_client", 'not of the type "Desktop app"'),
        ("disabled_client", "This OAuth client is disabled"),
    ],
)
def test_google_s_token_address_says_no(home: Home, google: FakeGoogle, code: str, sentence: str) -> None:
    status, said = refused_by_google(home, google, "https://localhost:1/?code=4/x&state={state}", at=code)
    assert (status, sentence in said) == (3, True), said


def test_what_is_pasted_wrongly_is_said_and_may_be_pasted_again(home: Home, google: FakeGoogle) -> None:
    status, said = refused_by_google(home, google, "4/0Aab\n\n{address}\n?error=access_denied&state={state}")
    assert said.count("That is not the address of the last page") == 2
    assert (status, "You did not give your consent" in said) == (3, True)


def test_the_answer_to_an_earlier_try_is_refused(home: Home, google: FakeGoogle) -> None:
    status, said = refused_by_google(home, google, "{redirect_uri}?code=4/x&state=another")
    assert (status, "belongs to an earlier try" in said) == (3, True), said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--client-id", "x"], "Google wants the client's secret beside its ID"),
        (["--client-id", "x", "--client-secrets", "gone.json"], "gone.json cannot be read"),
        (["--client-secrets", "gone.json"], "gone.json cannot be read"),
    ],
)
def test_half_a_client_is_said_before_anybody_is_sent_to_a_browser(home: Home, words: list[str], sentence: str) -> None:
    done = home.run("connect", "google", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_without_a_name_those_that_need_an_account_are_named(home: Home) -> None:
    done = home.run("connect")
    assert (done.returncode, done.stdout) == (2, "")
    assert "calsight connect google or calsight connect outlook" in done.stderr


# --- Microsoft ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def login(graph: FakeGraph) -> Iterator[FakeLogin]:
    with FakeLogin(graph) as fake:
        yield fake


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (50194, "for one organisation only"),
        (9002331, "for personal Microsoft accounts only"),
        (50105, "Users and groups"),
        (53003, "Conditional Access"),
        (7000218, "Allow public client flows"),
        (90094, "adminconsent?client_id="),
        (500200, "personal Microsoft account"),
        (50055, "password of this account has expired"),
    ],
)
def test_microsoft_says_no(tmp_path: Path, graph: FakeGraph, login: FakeLogin, code: int, sentence: str) -> None:
    login.refusal = entra_error(code)
    home = Home(tmp_path, login.origin)
    done = home.run(
        "connect", "outlook", "--client-id", CLIENT, "--account", "any", CALSIGHT_OUTLOOK_API_ENDPOINT=graph.url
    )
    said = done.stdout + done.stderr
    assert done.returncode in (2, 3)
    assert sentence in said
    assert "Traceback" not in said
    assert "@example.com" not in said
    assert "AADSTS" not in said


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (403, "ErrorAccessDenied", "may"),
        (404, "MailboxNotEnabledForRESTAPI", "mailbox"),
        (401, "InvalidAuthenticationToken", "new access token"),
    ],
)
def test_graph_says_no(home: Home, graph: FakeGraph, status: int, code: str, sentence: str) -> None:
    graph.trouble(*[refuse(status, code)] * 9, path="/calendar")
    token = graph.token()
    done = home.run("report", "outlook", CALSIGHT_OUTLOOK_API_ENDPOINT=graph.url, CALSIGHT_OUTLOOK_ACCESS_TOKEN=token)
    assert (done.returncode, done.stdout) == (3, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert token not in done.stderr


def test_where_changes_cannot_be_asked_for_everything_is_read_and_it_is_said(home: Home, graph: FakeGraph) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    graph.put(WORK, *(event(f"e{week}", now - timedelta(weeks=week), 30) for week in range(1, 9)))
    graph.trouble(*[refuse(400, "ErrorInvalidRequest")] * 9, path="/delta")
    words = ("report", "outlook", "--json")
    done = home.run(*words, CALSIGHT_OUTLOOK_API_ENDPOINT=graph.url, CALSIGHT_OUTLOOK_ACCESS_TOKEN=graph.token())
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [problem["code"] for problem in report["problems"]].count("read_as_a_whole") == 1
    assert report["sources"][0]["occurrences"] == 8
