"""Which browsers are browsers, and how the answer of one on another machine comes back."""

from __future__ import annotations

import io
import threading
import webbrowser

import pytest

from api_support import no_browser
from calsight.kit.browser import has_browser, take_pasted


@pytest.mark.parametrize("name", ["lynx", "w3m", "links", "elinks", "www-browser", "/usr/bin/w3m"])
def test_a_text_browser_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser(name))
    assert not has_browser()


@pytest.mark.parametrize("name", ["firefox", "xdg-open", "/opt/browser"])
def test_others_are(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser(name))
    assert has_browser()


def test_there_may_be_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    no_browser(monkeypatch)
    assert not has_browser()


def delivered(typed: io.TextIOBase | None, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """What reached the program, and what was said of the rest."""
    got: list[str] = []
    said: list[str] = []
    before = set(threading.enumerate())
    monkeypatch.setattr("sys.stdin", typed)
    take_pasted("http://localhost:7/", got.append, said.append)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    return got, said


def test_the_address_that_was_pasted_is_delivered_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.StringIO(
        "hello\n\nhttp://evil.example/?code=1&state=x\n  http://localhost:7/?code=2&state=x \nhttp://localhost:7/?code=3\n"
    )
    got, said = delivered(typed, monkeypatch)
    assert got == ["http://localhost:7/?code=2&state=x"]
    assert len(said) == 2
    assert all("begins with http://localhost:7/" in text for text in said)


@pytest.mark.parametrize(
    "typed",
    [
        "https://localhost:7/?state=x&code=4/0A%20b",
        "localhost:7/?state=x&code=4%2F0A+b#",
        "http://127.0.0.1:7/?state=x&code=4/0A b",
        "state=x&code=4/0A%20b",
    ],
)
def test_a_browser_may_show_it_in_another_way(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    assert delivered(io.StringIO(f"{typed}\n"), monkeypatch) == (["http://localhost:7/?state=x&code=4%2F0A+b"], [])


def test_nobody_may_type(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    assert delivered(io.StringIO(), monkeypatch) == ([], [])
    assert delivered(closed, monkeypatch) == ([], [])
    assert delivered(None, monkeypatch) == ([], [])
