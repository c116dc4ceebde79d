"""Charts that one can ask: tooltips, the keyboard, a person highlighted everywhere, and the meetings behind a week."""

from __future__ import annotations

import pytest

PERSON = '.drawing a[href="#person-5"]:not([tabindex])'


def asked(tab) -> list[str]:
    return tab.locator(".asked").evaluate_all("all => all.map(one => one.tagName.toLowerCase())")


def tip(tab) -> str:
    return tab.locator(".tip").inner_text() if tab.locator(".tip").is_visible() else ""


def test_pointing_at_a_person_says_who_it_is_and_shows_them_everywhere(opened):
    tab = opened("much_time_high_interest")
    dot = tab.locator('.drawing a[href="#person-2"]').first
    dot.hover()
    assert tip(tab) == "Camille Petit: active, last 23 February 2026."
    assert tab.locator('tr.asked[data-row="person-2"]').count() == 1
    assert tab.locator(".week.asked").count() > 10
    assert {"a", "tr"} <= set(asked(tab))
    tab.mouse.move(1, 1)
    assert (tip(tab), asked(tab)) == ("", [])


def test_the_keyboard_does_the_same(opened):
    tab = opened("watch")
    tab.locator(PERSON).focus()
    assert tip(tab) == "Femi Adeyemi: cooling, last 21 January 2026."
    assert tab.locator('tr.asked[data-row="person-5"]').count() == 1
    tab.keyboard.press("Escape")
    assert (tip(tab), asked(tab)) == ("", [])


def test_a_person_in_the_rings_leads_to_their_row_their_meetings_and_their_rhythm(opened):
    tab = opened("much_time_high_interest")
    tab.locator('.drawing a[href="#person-2"]').first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => document.activeElement.tagName === 'SUMMARY'")  # the page hears of the link afterwards
    said = tab.locator("#person-2")
    assert said.is_visible()
    assert "Met on 23 February 2026, " in said.inner_text()
    assert said.get_by_role("img", name="Every one-to-one with Camille Petit").is_visible()


@pytest.mark.parametrize("chart", ["rate", "hours", "heat"])
def test_the_arrow_keys_walk_through_the_marks_of_a_chart(opened, chart):
    tab = opened("much_time_high_interest")
    tab.locator(f"#{chart} .ask-chart").focus()
    said = []
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
        said.append(tip(tab))
    assert len(set(said)) == 3
    tab.keyboard.press("ArrowLeft")
    assert tip(tab) == said[1]


def test_a_mark_says_what_the_table_says(opened):
    tab = opened("watch")
    tab.locator("#heat .ask-chart [data-says]").nth(1).hover()
    assert tip(tab) == "Monday 09:00: 2.0 hours with others, 0.0 of them one-to-one."


@pytest.mark.parametrize("scripts", [True, False])
def test_a_week_leads_to_its_meetings_with_and_without_scripts(opened, scripts):
    tab = opened("much_time_high_interest", java_script_enabled=scripts)
    week = tab.locator("a.week").first
    behind = tab.locator(week.get_attribute("href"))
    assert not behind.is_visible()
    week.click()
    behind.wait_for()
    assert behind.locator("li a").count() == int(week.locator("span").first.inner_text())
    behind.get_by_role("link", name="Close").click()
    behind.wait_for(state="hidden")


def test_without_scripts_a_name_leads_to_what_is_said_of_them(opened):
    tab = opened("watch", java_script_enabled=False)
    tab.get_by_role("link", name="Femi Adeyemi").first.click()
    tab.locator("#person-5").wait_for()  # browsers open what a link leads into


def test_a_link_opens_a_row_that_the_short_table_hides(opened):
    tab = opened("crowd")
    last = tab.locator("tr[data-row]").last
    row = last.get_attribute("data-row")
    assert not last.is_visible()
    tab.evaluate(f"location.hash = '#{row}'")
    tab.wait_for_function("row => document.getElementById(row).checkVisibility()", arg=row)


def test_a_page_is_small_enough_to_mail(opened):
    """What takes time on a large page is told by benchmarks/html.py; here its size is held, and that all of it is ready."""
    tab = opened("crowd")  # 5,000 meetings with 400 people
    assert tab.evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize") < 1_100_000
    tab = opened("much_time_high_interest")
    assert tab.evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize") < 300_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_page_for_a_conversation(browser, tmp_path, scheme):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed (the dev group has it)"
    )
    from calsight.render.html.coach import conversation
    from render.worlds import WORLDS

    path = tmp_path / "coach.html"
    path.write_text(conversation(WORLDS["watch"]()), encoding="utf-8")
    tab = browser.new_context(offline=True, color_scheme=scheme).new_page()
    tab.goto(path.as_uri())
    found = axe.Axe().run(tab).response
    assert [each["id"] for each in found["violations"] if each["impact"] in {"serious", "critical"}] == []
    assert len(found["passes"]) > 10
    tab.context.close()
