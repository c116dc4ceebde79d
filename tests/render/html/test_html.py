"""The page as text: what it holds, what it may never hold. (tests/browser looks at it in a browser.)"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

pytest.importorskip("vl_convert", reason="the page needs the extra [html]")
pytest.importorskip("jinja2", reason="the page needs the extra [html]")

from calsight.core.model.report import Hours
from calsight.reading import plugins
from calsight.render.html.renderer import page
from calsight.render.html.weeks import away_weeks
from calsight.render.safe import tidy
from render.reports import a_report, an_empty_report, week
from render.worlds import ATTACKS, WORLDS

_KIB = 1024


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text outside style and script."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.inside = ""
        self.code: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside in {"style", "script"}:
            self.code[self.inside] = self.code.get(self.inside, "") + data
        else:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {name: page(world()) for name, world in WORLDS.items()}


def test_the_verdict_comes_first_with_why_and_since_when(pages):
    text = Elements(pages["watch"]).text
    verdict, why, since = (
        text.index(said)
        for said in (
            "Worth watching: you meet people one-to-one",
            "likely below one a fortnight",
            "This has been so since the week of 1 December",
        )
    )
    assert verdict < since < why < text.index("One-to-ones over the weeks")


@pytest.mark.parametrize(
    "part",
    [
        "What the time went into",
        "When it happens",
        "Your people",
        "Which situation this resembles",
        "What to do next",
        "What was left out",
        "no performance review",
        "Against the report of 5 January 2026",
    ],
)
def test_every_part_is_there(pages, part):
    assert part in Elements(pages["watch"]).text


def test_every_chart_has_words_and_a_table(pages):
    elements = Elements(pages["watch"]).found
    figures = [attrs["id"] for tag, attrs in elements if tag == "figure"]
    assert figures == ["rate", "hours", "heat", "rings", "field"]
    described = [attrs["aria-describedby"] for tag, attrs in elements if attrs.get("class") == "ask-chart"]
    assert described == [f"{figure}-says" for figure in figures]
    tables = sum(tag == "table" for tag, _ in elements)
    assert tables == len(figures)  # the people's own table is that of the rings


@pytest.mark.parametrize("name", WORLDS)
def test_nothing_is_loaded_linked_or_styled_from_elsewhere(pages, name):
    for tag, attrs in Elements(pages[name]).found:
        assert tag not in {"img", "link", "iframe", "object", "embed", "form", "base", "image", "use"}
        assert not [key for key in attrs if key.startswith("on") or key in {"src", "style", "xlink:href", "srcdoc"}]
        assert attrs.get("href", "#report").startswith("#")


@pytest.mark.parametrize("name", WORLDS)
def test_only_our_own_style_and_script_may_run(pages, name):
    elements = Elements(pages[name])
    [policy] = [attrs["content"] for _, attrs in elements.found if "http-equiv" in attrs]
    assert policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(elements.code[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
        assert sum(tag == kind for tag, _ in elements.found) == 1
    assert "unsafe" not in policy


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_calendar_says_is_shown_as_it_is(pages, attack):
    assert tidy(attack) in Elements(pages["attacks"]).text


def test_identifiers_are_unique(pages):
    ids = [attrs["id"] for _, attrs in Elements(pages["attacks"]).found if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_equal_reports_give_equal_pages():
    assert page(a_report()) == page(a_report())


def test_half_a_year_is_well_under_a_megabyte(pages):
    assert len(pages["watch"].encode()) < 200 * _KIB
    assert len(pages["crowd"].encode()) < 1000 * _KIB


def test_an_empty_calendar_says_so_and_invents_nothing(pages):
    text = Elements(pages["empty"]).text
    assert "Insufficient data" in text
    assert "not known" in text
    assert "NaN" not in text
    assert "None" not in text


def test_every_person_of_a_crowd_is_in_the_table_and_the_nearest_are_drawn(pages):
    text = Elements(pages["crowd"]).text
    assert all(f"Person{number:03d}" in text for number in range(400))
    assert "The 48 strongest of 400 are drawn" in text


def test_unknown_axes_are_said_to_be_unknown():
    report = a_report()
    axis = report.situation.time.model_copy(update={"known": False, "value": None})
    text = Elements(
        page(report.model_copy(update={"situation": report.situation.model_copy(update={"time": axis})}))
    ).text
    assert "open working time not known 35 %" in text


def test_leave_and_silent_weeks_are_marked_and_a_week_that_has_only_begun_is_not():
    leave, silent, busy, begun = (week(n, rate=1.0, away=n == 0) for n in range(4))
    silent, begun = (w.model_copy(update={"exposure": 0.0, "hours": Hours()}) for w in (silent, begun))
    assert away_weeks([leave, silent, busy, begun]) == [leave, silent]


def test_hours_that_tell_of_nobody_are_said_and_their_weeks_are_not_silent():
    first, *others = a_report().weeks
    hidden = first.model_copy(update={"exposure": 0.0, "one_to_one": 0, "hours": Hours(unknown=8.0)})
    text = Elements(page(a_report(weeks=[hidden, *others]))).text
    assert "; of 8 it does not say who was there." in text
    assert "1 holds only entries that do not say who was there." in text
    assert "0 without a sign of you" in text
    assert "only entries that do not say" not in Elements(page(a_report())).text


def test_the_renderer_is_a_plugin_like_any_other():
    assert "".join(plugins.load_renderer("html")(an_empty_report())) == page(an_empty_report())


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio of two #rrggbb colours."""

    def luminance(colour: str) -> float:
        channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_the_drawings_are_told_from_their_ground(scheme):
    css = files("calsight.render.html").joinpath("page", "report.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    colours = light if scheme == "light" else light | dark
    for text in ("ink", "muted", "accent"):
        for ground in ("paper", "card", "away", "quarter", "quarter-here", "band"):
            if text != "ink" and ground in {"away", "quarter", "quarter-here", "band"}:
                continue  # only ink is written on these
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for mark in (
        "line",
        "dot",
        "threshold",
        "one-to-one",
        "group",
        "conference-call",
        "solo",
        "active",
        "cooling",
        "dormant",
    ):
        assert contrast(colours[mark], colours["paper"]) >= 3, mark
    for step in range(6):
        assert contrast(colours["heat-dot"], colours[f"heat-{step}"]) >= 3, step
    assert contrast(colours["line"], colours["band"]) >= 3
