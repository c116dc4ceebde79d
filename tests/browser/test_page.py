"""The page in a browser: it opens without network and in silence, whatever names it holds, and everybody can use it."""

from __future__ import annotations

import pytest

from render.reports import an_empty_report
from render.worlds import ATTACKS, WORLDS

#: German sentences are a third longer: what holds for a page holds for a German one.
PAGES = [*WORLDS, "watch.de", "little_time_high_interest.de", "crowd.de"]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.mark.parametrize("name", WORLDS)
def test_a_page_opens_from_disk_and_nothing_runs_but_its_own_script(opened, name):
    tab = opened(name)
    assert tab.title().endswith("calsight")
    assert tab.locator(".verdict").is_visible()
    tab.evaluate("document.querySelectorAll('summary').forEach(summary => summary.click())")
    assert tab.evaluate("typeof window.pwned") == "undefined"
    assert tab.evaluate("document.scripts.length") == 1
    assert tab.evaluate("[...document.links].every(link => link.getAttribute('href').startsWith('#'))")
    assert tab.evaluate(
        "[...document.links].every(link => document.getElementById(link.getAttribute('href').slice(1)))"
    )
    handlers = (
        "[...document.querySelectorAll('*')].filter(e => e.getAttributeNames().some(n => n.startsWith('on'))).length"
    )
    assert tab.evaluate(handlers) == 0
    assert tab.locator("img, iframe, object, embed, form, link, base").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_a_page_never_scrolls_sideways(opened, name):
    tab = opened(name)
    for width in (360, 768, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_attacks_are_shown_as_text(opened):
    shown = opened("attacks").locator("body").inner_text()
    assert all(attack in shown for attack in ATTACKS if attack.isprintable())


def test_the_policy_lets_its_own_style_through(opened):
    hero = opened("watch").locator(".hero")
    assert hero.evaluate("hero => getComputedStyle(hero).borderInlineStartWidth") == "6px"


@pytest.mark.parametrize(
    ("name", "scheme"),
    [(name, "light") for name in WORLDS]
    + [("watch", "dark"), ("little_time_low_interest", "dark"), ("much_time_high_interest", "dark")],
)
def test_axe_finds_nothing_serious(opened, name, scheme):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed (the dev group has it)"
    )
    tab = opened(name, color_scheme=scheme)
    tab.evaluate("document.querySelectorAll('details').forEach((part, place) => { part.open = place < 20 })")
    found = axe.Axe().run(tab).response
    serious = [
        (violation["id"], [node["html"][:200] for node in violation["nodes"][:3]])
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
    assert serious == []
    assert len(found["passes"]) > 10  # it did look


def test_axe_finds_nothing_serious_on_a_phone(opened):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed (the dev group has it)"
    )
    found = axe.Axe().run(opened("watch", **PHONE)).response
    assert [
        violation["id"] for violation in found["violations"] if violation["impact"] in {"serious", "critical"}
    ] == []


def test_print_is_light_even_where_the_screen_is_dark(opened):
    tab = opened("watch", color_scheme="dark")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 35, 48)"


def test_the_keyboard_alone_goes_everywhere(opened):
    tab = opened("watch")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.innerText") == "Femi Adeyemi"
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => document.activeElement.tagName === 'SUMMARY'")  # the page hears of the link afterwards
    assert tab.evaluate("document.activeElement.innerText").startswith("Femi Adeyemi")
    assert tab.locator("#person-5").is_visible()
    tab.locator(".figure summary").first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator(".figure details").first.evaluate("part => part.open")
    head = tab.get_by_role("columnheader", name="Alive").get_by_role("button")
    head.focus()
    tab.keyboard.press("Enter")
    assert tab.get_by_role("columnheader", name="Alive").get_attribute("aria-sort") == "ascending"


def shown_column(tab, column: int) -> list[str]:
    return tab.locator("table.people tbody tr").evaluate_all(
        f"rows => rows.map(row => row.cells[{column}].dataset.key)"
    )


def test_the_table_sorts_up_and_down_and_keeps_the_unknown_last(opened):
    tab = opened("watch")
    one_to_ones = tab.get_by_role("columnheader", name="One-to-ones")
    one_to_ones.get_by_role("button").click()
    up = [int(key) for key in shown_column(tab, 3)]
    one_to_ones.get_by_role("button").click()
    down = [int(key) for key in shown_column(tab, 3)]
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert tab.locator("th[aria-sort]").count() == 1


def test_names_sort_as_people_expect(opened):
    tab = opened("watch")
    tab.get_by_role("columnheader", name="Person").get_by_role("button").click()
    names = shown_column(tab, 0)
    assert names[0] == "Bo Lindqvist"
    assert names == sorted(names)


def test_every_person_says_why_in_place(opened):
    tab = opened("watch")
    row = tab.locator("table.people tbody tr").first
    assert not row.get_by_text("about every 10 days").is_visible()
    row.locator("summary").click()
    assert row.get_by_text("about every 10 days").is_visible()


def test_a_long_table_begins_short_and_opens_whole(opened):
    tab = opened("crowd")
    rows = tab.locator("table.people tbody tr:visible")
    assert rows.count() == 25
    tab.get_by_role("button", name="Show all 400").click()
    assert rows.count() == 400


def test_without_scripts_nothing_is_missing(opened):
    tab = opened("crowd", java_script_enabled=False)
    assert tab.locator("table.people tbody tr:visible").count() == 400
    assert tab.locator("button:visible").count() == 0


def test_the_phone_gets_its_own_drawing_of_the_weeks(opened):
    assert (
        opened("watch", **PHONE).locator(".drawing:visible").count()
        == opened("watch").locator(".drawing:visible").count()
    )


@pytest.mark.parametrize("name", ["watch", "watch.de", "little_time_high_interest.de"])
def test_on_a_phone_the_table_of_people_is_whole_and_counts_one_to_ones(opened, name):
    tab = opened(name, viewport={"width": 360, "height": 740}, is_mobile=True, device_scale_factor=2)
    table = tab.locator(".scroll.free")
    assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert tab.locator("table.people thead th:visible").count() == 4
    assert tab.locator("table.people tbody tr").first.locator("td:visible").nth(1).inner_text().isdecimal()


def test_names_of_any_script_stay_apart(opened):
    """A name that runs from right to left, or turns what follows, does not disturb its row."""
    tab = opened("scripts")
    rows = tab.locator("table.people tbody tr")
    assert rows.count() == 10
    for row in rows.all():
        assert row.locator("bdi").first.evaluate("name => getComputedStyle(name).unicodeBidi") == "isolate"


def test_a_notebook_holds_the_page_in_a_frame(opened):
    tab = opened("empty")
    tab.set_content(f"<!DOCTYPE html><title>calsight</title><h1>Notebook</h1>{an_empty_report()._repr_html_()}")
    frame = tab.frame_locator("iframe")
    assert frame.locator(".verdict").is_visible()
    assert frame.locator(".hero").evaluate("hero => getComputedStyle(hero).borderInlineStartWidth") == "6px"
