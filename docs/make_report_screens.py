"""Draws docs/screens/*.png anew: the page of the demo's Theo on a desk, on a phone, in the dark, in
forced colours, twice as large and on paper; the page for a conversation, and the card.

python docs/make_report_screens.py    (needs the dev group, Chromium, and Debian's poppler-utils and imagemagick)
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from calsight import pipeline
from calsight.core.model.report import Report
from calsight.demo import invent
from calsight.render.html.card import card_png
from calsight.render.html.coach import conversation
from calsight.render.html.renderer import page

SCREENS = Path(__file__).with_name("screens")
AS_OF = datetime(2026, 11, 22, 20, tzinfo=UTC)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
VIEWS = {
    "desktop": {"viewport": {"width": 1180, "height": 1500}},
    "dark": {"viewport": {"width": 1180, "height": 1500}, "color_scheme": "dark"},
    "forced": {"viewport": {"width": 1180, "height": 1500}, "forced_colors": "active"},
    "zoom": {"viewport": {"width": 590, "height": 750}, "device_scale_factor": 2},
    "phone": {"viewport": {"width": 390, "height": 1300}, "device_scale_factor": 1.5, "is_mobile": True},
}


def main() -> None:
    """Draw them all."""
    SCREENS.mkdir(exist_ok=True)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with TemporaryDirectory() as name, sync_playwright() as running:
        folder = Path(name)
        path = folder / "report.html"
        report = report_of("much_time_low_interest", folder)
        path.write_text(page(report), encoding="utf-8")
        talk = folder / "coach.html"
        talk.write_text(conversation(report), encoding="utf-8")
        browser = running.chromium.launch(executable_path=program, args=FLAGS)
        for view, context in VIEWS.items():
            shot(browser, path, folder / f"{view}.png", context)
            small(folder / f"{view}.png", SCREENS / f"report-{view}.png")
        shot(browser, talk, folder / "coach.png", VIEWS["desktop"])
        small(folder / "coach.png", SCREENS / "report-coach.png")
        asked(browser, path, folder)
        paper(browser, path, folder)
        (folder / "card.png").write_bytes(card_png(report))
        small(folder / "card.png", SCREENS / "report-card.png")
        browser.close()


def report_of(situation: str, folder: Path) -> Report:
    """The report on one of the demo's calendars."""
    invented = invent(situation, as_of=AS_OF)  # type: ignore[arg-type]
    calendar = folder / invented.file_name
    calendar.write_bytes(invented.ics)
    return pipeline.analyze(calendar, as_of=AS_OF, settings={}, cache=False)


def shot(browser: Browser, path: Path, target: Path, context: dict[str, object]) -> None:
    """What the window shows, without scrolling."""
    tab = browser.new_context(offline=True, **context).new_page()  # type: ignore[arg-type]
    tab.goto(path.as_uri())
    tab.screenshot(path=target)


def asked(browser: Browser, path: Path, folder: Path) -> None:
    """The people, with somebody pointed at: said who it is, and highlighted everywhere."""
    tab = browser.new_context(offline=True, viewport={"width": 1180, "height": 900}).new_page()
    tab.goto(path.as_uri())
    tab.locator("#rings").scroll_into_view_if_needed()
    tab.locator('#rings a[href="#person-1"]').first.hover()
    tab.screenshot(path=folder / "asked.png")
    small(folder / "asked.png", SCREENS / "report-asked.png")


def paper(browser: Browser, path: Path, folder: Path) -> None:
    """The printed pages side by side."""
    tab = browser.new_context(offline=True).new_page()
    tab.goto(path.as_uri())
    tab.pdf(path=folder / "report.pdf", format="A4", print_background=True)
    run("pdftoppm", "-r", "80", "-png", folder / "report.pdf", folder / "paper")
    sheets = sorted(folder.glob("paper-*.png"))
    run("convert", *sheets, "-bordercolor", "#999999", "-border", "1", "+append", folder / "print.png")
    small(folder / "print.png", SCREENS / "report-print.png")


def small(source: Path, target: Path) -> None:
    """The picture with as few colours as it needs."""
    run("convert", source, "-strip", "-dither", "None", "-colors", "96", f"PNG8:{target}")


def run(*words: str | Path) -> None:
    """Run a program that must succeed."""
    subprocess.run([str(word) for word in words], check=True)  # noqa: S603 - our own words


if __name__ == "__main__":
    main()
