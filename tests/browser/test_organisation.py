"""The page on an organisation, in the same house as the personal one: opened from disk, nothing runs, all can read it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from calsight.core.wording.reasons import reason
from calsight.org.out import CoverageOut, FlowOut, GroupOut, NetworkOut, OrgReport, ShareOut, Shares, WeekOut
from calsight.render.html.organisation import organisation_page
from calsight.render.languages import words_in

ATTACK = '<img src=x onerror="alert(1)">&"\''
LONG = "Research and development of everything that has ever had a very long name indeed"
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}


def share(value: float, bound: str | None = None) -> ShareOut:
    return ShareOut(value=value, low=max(0.0, value - 0.1), high=min(1.0, value + 0.15), bound=bound)


def group(name: str | None, people: int) -> GroupOut:
    shares = Shares(at_risk=share(0.15), watch=share(0.2), ok=share(0.65)) if people >= 10 else None
    isolated = share(0.05, "at_most") if people >= 10 else None
    hours = {"one_to_one": 1.5, "group": 6.2, "conference_call": 9.1}
    return GroupOut(
        group=[name], people=people, shares=shares, rate=1.4, breadth=3.2, reach=0.35, isolated=isolated, hours=hours
    )


def report() -> OrgReport:
    names = ["Sales", LONG, ATTACK, ""]
    first = date(2026, 1, 5)
    weeks = [first + timedelta(weeks=each) for each in range(20)]
    return OrgReport(
        engine={"version": "1", "model": "1", "engine": "polars"},
        as_of=date(2026, 7, 1),
        weeks=26,
        by=["division"],
        min_group=5,
        coverage=CoverageOut(people=130, mailboxes=120, judged=110, unknown=0.04),
        total=group(None, 110),
        groups=[
            *(group(name, 40 - 11 * place) for place, name in enumerate(names)),
            GroupOut(group=["X"], hidden="few"),
        ],
        by_week=[
            WeekOut(week=week, group=name, at_risk=share(0.05 * (place % 6 + 1)), watch=share(0.2))
            for name in (None, "Sales", ATTACK)
            for place, week in enumerate(weeks)
        ],
        flows=[FlowOut(group="Sales", other=LONG, ties=12), FlowOut(group="Sales", other=ATTACK, ties=None)],
        network=NetworkOut(pairs_of_groups=2, without=1, on_one_pair=1),
        hidden={"few": 1},
        notes=[
            reason("org_method", floor=5),
            reason("org_answers"),
            reason("org_missing", count=10),
            reason("org_caveat"),
        ],
    )


@pytest.fixture
def page_file(tmp_path):
    """Pages that `opened` opens: by language."""

    def made(language: str):
        path = tmp_path / f"{language}.html"
        path.write_text(organisation_page(report(), words_in(language)), encoding="utf-8")
        return path

    return made


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_opens_from_disk_and_names_of_groups_are_text(opened, language):
    tab = opened(language)
    assert tab.locator("h1").count() == 1
    assert tab.locator("html").get_attribute("lang") == language
    assert tab.locator("img, script").count() == 0
    assert tab.get_by_text(ATTACK).count() > 0
    assert tab.locator("tbody tr").count() >= 5


def test_what_is_hidden_is_not_nought(opened):
    tab = opened("en")
    row = tab.locator("tr", has_text="Sales").first
    assert "15 %" in row.inner_text()
    assert tab.locator("tbody tr th", has_text="X").filter(has_text="0").count() == 0


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(opened, scheme, screen):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core is not installed (the dev group has it)"
    )
    tab = opened("en", color_scheme=scheme, **screen)
    found = axe.Axe().run(tab).response
    assert [
        (each["id"], [node["html"][:200] for node in each["nodes"][:3]])
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ] == []
    assert len(found["passes"]) > 10  # it did look
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_print_is_light_even_where_the_screen_is_dark(opened):
    tab = opened("en", color_scheme="dark")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 35, 48)"
