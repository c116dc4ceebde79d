"""A real Chromium, without network. Where it or Playwright is missing, these tests are skipped and say so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")  # ended before other tests run: Playwright's loop would be in the way of theirs
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (the dev group has it)")
    pytest.importorskip("vl_convert", reason="the page needs the extra [html]")
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("no Chromium here: `make browser` installs Debian's where it can")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The page of a world of `render.worlds`, as a file; each is made once. "watch.de" is in German."""
    from calsight.render.html.renderer import page
    from calsight.render.languages import words_in
    from render.worlds import WORLDS

    folder = tmp_path_factory.mktemp("pages")

    def made(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            world, _, language = name.partition(".")
            report = WORLDS[world]()
            path.write_text(page(report, words_in(language or "en", zone=report.owner.zone)), encoding="utf-8")
        return path

    return made


@pytest.fixture
def opened(browser: Browser, page_file: Callable[[str], Path]) -> Iterator[Callable[..., Page]]:
    """Opens a world's page from disk with the network off, and afterwards holds it to silence.

    Anything on the console, any error, any dialog and any request but that for the file itself fails the test.
    """
    contexts = []
    heard: list[str] = []

    def open_page(name: str, **context: object) -> Page:
        contexts.append(browser.new_context(**{"offline": True, "viewport": {"width": 1280, "height": 900}} | context))
        tab = contexts[-1].new_page()
        path = page_file(name).as_uri()
        tab.on("console", lambda message: heard.append(f"console: {message.text}"))
        tab.on("pageerror", lambda error: heard.append(f"error: {error}"))
        tab.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        tab.on("request", lambda request: None if request.url == path else heard.append(f"request: {request.url}"))
        tab.goto(path)
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert heard == []
