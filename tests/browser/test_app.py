"""The web app in a browser: a file is dropped, a question answered, the verdict is another, and it is taken back."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("fastapi", reason="the web app needs the extra [serve]")
pytest.importorskip("vl_convert", reason="the page needs the extra [html]")

from calsight.demo import invent
from calsight.reading.event_lines import event_line
from calsight.serve.guard import Token
from calsight.serve.local.app import local_app
from calsight.serve.run import listening, server_of
from calsight.testing import moment
from pipeline.test_answers import third
from pipeline.test_doubts import AS_OF, groups

if TYPE_CHECKING:
    from playwright.sync_api import JSHandle, Locator, Page

#: What a browser itself writes down when a form makes no sense.
_REFUSED = "the server responded with a status of 422"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("CALSIGHT_SETTINGS", raising=False)
    file = tmp_path / "mine" / "settings.toml"
    file.parent.mkdir()
    file.write_text("", encoding="utf-8")
    return file


@pytest.fixture
def address(settings: Path) -> Iterator[str]:
    """Where the app is; it ends with the test."""
    listens = listening("127.0.0.1", 0)
    server = server_of(local_app(Token("once"), settings=settings, as_of=AS_OF))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listens]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listens.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def app(browser: Any, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the app, and holds it to silence: no error, and no request that leaves this machine."""
    contexts, heard = [], []

    def open_app(**context: Any) -> Page:
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en"} | context))
        tab = contexts[-1].new_page()
        tab.set_default_timeout(180_000)
        tab.on("console", lambda message: None if _REFUSED in message.text else heard.append(message.text))
        tab.on("pageerror", lambda error: heard.append(f"error: {error}"))
        tab.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        tab.on("request", lambda asked: None if asked.url.startswith(f"{address}/") else heard.append(asked.url))
        tab.goto(f"{address}/?token=once" if len(contexts) == 1 else address)
        ready(tab)
        return tab

    yield open_app
    for context in contexts:
        context.close()
    assert heard == []


@pytest.fixture
def in_doubt(tmp_path: Path) -> Path:
    """A calendar whose verdict hangs on one question."""
    weeks = range(26)
    events = [*third("archive")(weeks, 1), *groups(weeks)]
    file = tmp_path / "work.jsonl"
    file.write_text("\n".join(json.dumps(event_line(one)) for one in events), encoding="utf-8")
    return file


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    calendar = invent("little_time_high_interest", as_of=moment("2026-06-28 18:00"))
    file = tmp_path / calendar.file_name
    file.write_bytes(calendar.ics)
    return file


def ready(tab: Page, shown: str = "main") -> None:
    """Wait until what is asked for stands on a page whose script hears its buttons. (Before it does, a button's form is sent
    plainly, which is right for people and another road for a test.)"""
    tab.locator(f"html[data-ready] {shown}").first.wait_for(state="attached")


def lead(tab: Page, by: Locator) -> None:
    """Press what leads to another page, and wait for that page."""
    with tab.expect_navigation():
        by.click()
    ready(tab)


def redrawn(tab: Page, times: int) -> None:
    """Wait until the page has changed in place, whole, so many times."""
    tab.locator(f"html[data-page='{times}']").wait_for(state="attached")


def taken(tab: Page, file: Path) -> JSHandle:
    """A file in the browser's hand."""
    data = base64.b64encode(file.read_bytes()).decode()
    return tab.evaluate_handle(
        """([data, name]) => {
            const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
            const taken = new DataTransfer();
            taken.items.add(new File([bytes], name));
            return taken;
        }""",
        [data, file.name],
    )


def choose(tab: Page, file: Path) -> None:
    """Choose a file, and wait for its report. (Not `set_input_files` with a path: it says `change` twice, the second time to a
    page that is on its way out.)"""
    choosing = "(input, taken) => { input.files = taken.files; input.dispatchEvent(new Event('change')); }"
    tab.locator("#file").evaluate(choosing, taken(tab, file))
    ready(tab, ".hero")


def drop(tab: Page, file: Path) -> None:
    """Drop a file on the page, as a hand would."""
    made = taken(tab, file)
    tab.locator("#drop").dispatch_event("dragover", {"dataTransfer": made})
    tab.locator("#drop").dispatch_event("drop", {"dataTransfer": made})
    ready(tab, ".hero")


def test_the_whole_road(app, in_doubt, settings):
    tab = app()
    assert "token" not in tab.url
    drop(tab, in_doubt)
    before = tab.locator(".hero .badge").inner_text()
    questions = tab.locator(".questions li")
    assert questions.count() >= 1
    tab.locator(".questions").get_by_role("button", name="Yes").first.click()
    redrawn(tab, 1)
    after = tab.locator(".hero .badge").inner_text()
    assert after != before
    assert tab.locator("#said").inner_text().startswith("Kept. The verdict is now:")
    assert settings.with_name("corrections.toml").read_text(encoding="utf-8").count("[[person]]") == 1
    assert tab.locator("figure svg").count() > 3  # the charts came after it
    tab.get_by_role("button", name="Undo").click()
    redrawn(tab, 2)
    assert tab.locator(".hero .badge").inner_text() == before
    assert "[[person]]" not in settings.with_name("corrections.toml").read_text(encoding="utf-8")
    tab.reload()
    ready(tab)
    assert tab.locator(".hero .badge").inner_text() == before


def test_an_entry_is_corrected_a_week_marked_and_a_person_kept_up_with(app, demo, settings):
    tab = app()
    choose(tab, demo)
    lead(tab, tab.get_by_role("link", name="Entries"))
    tab.get_by_label("Kind").select_option("group")
    lead(tab, tab.get_by_role("button", name="Show"))
    tab.locator(".entries form button").first.press("Enter")
    tab.locator("#said", has_text="The verdict is now").wait_for()
    tab.locator(".entries button:focus").wait_for()  # the keyboard stays where it was
    lead(tab, tab.get_by_role("link", name="Report", exact=True))
    assert tab.locator(".told li").count() == 1
    said = (
        ("I was away", {"from": "2026-05-04", "to": "2026-05-08"}),
        ("Keep up with", {"with": "bo@example.com", "every_weeks": "3"}),
        ("Somebody is", {"address": "bo@example.com"}),
        ("I met somebody", {"with": "bo@example.com", "on": "2026-06-03"}),
    )
    for times, (name, fields) in enumerate(said, start=1):
        form = tab.locator(".forms details", has_text=name)
        form.locator("summary").click()
        for field, text in fields.items():
            form.locator(f"[name={field}]").fill(text)
        form.get_by_role("button").click()
        redrawn(tab, times)
        assert tab.locator(".told li").count() == 1 + times
    kept = settings.with_name("corrections.toml").read_text(encoding="utf-8")
    assert all(f"[[{section}]]" in kept for section in ("meeting", "away", "keep", "person", "met"))


def test_what_makes_no_sense_is_said_and_changes_nothing(app, demo):
    tab = app()
    choose(tab, demo)
    form = tab.locator(".forms details", has_text="Somebody is")
    form.locator("summary").click()
    form.locator("[name=address]").fill("bo")
    form.get_by_role("button").click()
    tab.locator("#said", has_text="not an e-mail address").wait_for()
    assert tab.locator(".told li").count() == 0
    lead(tab, tab.get_by_role("button", name="Another calendar"))
    assert tab.locator("#drop").is_visible()


def test_suggestions_can_be_downloaded(app, demo):
    tab = app()
    choose(tab, demo)
    lead(tab, tab.get_by_role("link", name="Whom to meet"))
    with tab.expect_download() as downloaded:
        tab.get_by_role("link", name="Download").click()
    text = Path(downloaded.value.path()).read_text(encoding="utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert "ATTENDEE" not in text


def test_the_five_settings_are_a_form(app, settings):
    tab = app()
    lead(tab, tab.get_by_role("link", name="Settings"))
    tab.locator("[name='work.zone']").fill("Europe/Paris")
    lead(tab, tab.get_by_role("button", name="Keep"))
    assert 'zone = "Europe/Paris"' in settings.read_text(encoding="utf-8")


def test_it_works_without_a_mouse_and_without_a_script(app, browser, address, in_doubt):
    tab = app()
    choose(tab, in_doubt)
    before = tab.locator(".hero .badge").inner_text()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.locator(".questions button").first.focus()
    tab.keyboard.press("Enter")
    redrawn(tab, 1)
    assert tab.locator(".hero .badge").inner_text() != before
    plain = browser.new_context(java_script_enabled=False, storage_state=tab.context.storage_state()).new_page()
    plain.goto(address)
    with plain.expect_navigation():
        plain.locator(".told button").click()
    assert plain.locator(".hero .badge").inner_text().split() == before.split()
    plain.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(app, in_doubt, scheme, size):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed (the dev group has it)"
    )
    tab = app(color_scheme=scheme, **(PHONE if size == "phone" else {}))
    wrong: list[Any] = []

    def look(where: str) -> None:
        tab.evaluate("document.querySelectorAll('main details').forEach((part, place) => { part.open = place < 20 })")
        found = axe.Axe().run(tab).response["violations"]
        serious = [one for one in found if one["impact"] in {"serious", "critical"}]
        wrong.extend((where, one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in serious)
        assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), where

    look("start")
    choose(tab, in_doubt)
    look("report")
    for page in ("meetings", "suggestions", "settings", "accounts"):
        tab.goto(f"{tab.url.rpartition('/')[0]}/{page}")
        ready(tab)
        look(page)
    assert wrong == []


def test_another_browser_is_not_let_in(app, browser, address):
    app()
    other = browser.new_context().new_page()
    assert other.goto(f"{address}/?token=once").status == 401
    assert other.goto(address).status == 401
    other.context.close()


def test_it_speaks_german_to_a_german_browser(app, demo):
    tab = app(locale="de-DE")
    assert tab.locator("html").get_attribute("lang") == "de"
    choose(tab, demo)
    assert tab.get_by_role("heading", name="Was du calsight gesagt hast").is_visible()
