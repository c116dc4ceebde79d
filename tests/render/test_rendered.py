"""A report through a renderer by name, in a language: ours, a plugin of today, and one that speaks German."""

from __future__ import annotations

import io

import pytest

import calsight
from calsight.core.model.report import OwnerOut
from calsight.errors import RendererUnknownError, UsageError
from calsight.render.redact import private
from calsight.render.terminal.report import ReportView
from calsight.render.terminal.screen import console
from render.reports import a_report

OF_TODAY = "def render(report): yield report.flag.reasons[0].text"
POLYGLOT = """
class Renderer:
    def __init__(self, language="en"): self.language = language
    def in_language(self, language): return Renderer(language)
    def __call__(self, report): yield f"{self.language}: {report.flag.reasons[0].text}"
"""


def test_our_own_speak_the_language_that_is_asked_for():
    assert "# Ana Lopez · Whom do you really meet?" in calsight.rendered(a_report(), "markdown")
    assert "# Ana Lopez · Wen triffst du wirklich?" in calsight.rendered(a_report(), "markdown", language="de")


def test_a_plugin_of_today_is_given_reasons_in_that_language(install):
    install("acme", "plug_acme", OF_TODAY, renderers="acme = plug_acme:render")
    assert calsight.rendered(a_report(), "acme").startswith("24 one-to-ones in")
    assert calsight.rendered(a_report(), "acme", language="de").startswith(
        "24 Einzelgespräche in 24,6 verfügbaren Wochen"
    )


def test_a_plugin_that_speaks_languages_is_asked_to(install):
    install("poly", "plug_poly", POLYGLOT, renderers="poly = plug_poly:Renderer")
    assert calsight.rendered(a_report(), "poly", language="de").startswith("de: 24 Einzelgespräche")


def test_what_is_not_there_is_said():
    with pytest.raises(RendererUnknownError, match="No renderer 'latex'"):
        calsight.rendered(a_report(), "latex")
    with pytest.raises(UsageError, match="no language 'tlh'"):
        calsight.rendered(a_report(), "markdown", language="tlh")


def test_people_are_called_as_one_says_it_in_every_form():
    report = a_report(
        names=("Lindner, Eva",), owner=OwnerOut(name="Lopez, Ana", addresses=["ana@example.com"], zone="UTC")
    )
    screen = io.StringIO()
    console(screen, width=100).print(ReportView(report))
    for shown in (screen.getvalue(), calsight.rendered(report, "markdown"), calsight.rendered(report, "html")):
        assert "Ana Lopez" in shown
        assert "Eva Lindner" in shown
    assert "EL" in [tie.person.name for tie in private(report).relationships]
