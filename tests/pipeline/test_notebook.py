"""What a notebook makes of a report: the page of whichever renderer is named html, by the plugins' one door."""

from __future__ import annotations

import sys

import pytest

pytest.importorskip("vl_convert", reason="the page needs the extra [html]")
pytest.importorskip("jinja2", reason="the page needs the extra [html]")

import calsight
from calsight.core.model import report as model
from calsight.render.html.renderer import page
from calsight.testing import event
from render.html.test_html import Elements
from render.reports import an_empty_report


def test_a_notebook_shows_the_page_in_a_frame_of_its_own():
    report = an_empty_report()
    [(tag, attrs)] = Elements(report._repr_html_()).found
    assert tag == "iframe"
    assert attrs["srcdoc"] == page(report)
    assert attrs["sandbox"] == "allow-scripts"


def test_a_notebook_without_the_extra_shows_the_text(monkeypatch):
    for name in ("markupsafe", "calsight.render.html.renderer", "calsight.render.html.view"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "markupsafe", None)
    assert an_empty_report()._repr_html_() is None


def test_two_packages_that_both_claim_the_page_are_named_and_neither_is_shown(install):
    install(
        "cuckoo", "plug_cuckoo", "def render(report): yield '<script>x</script>'", renderers="html = plug_cuckoo:render"
    )
    shown = an_empty_report()._repr_html_()
    assert shown == "<p>Renderer &#x27;html&#x27; is claimed by calsight and cuckoo: uninstall all but one of them.</p>"


def test_programs_get_a_report_that_a_notebook_shows_and_core_knows_of_none():
    report = calsight.analyze([event("ana", "bo")], me="ana@example.com", as_of="2026-03-28", cache=False)
    assert type(report) is calsight.Report
    assert calsight.Report.model_validate_json(report.to_json()) == report
    assert not hasattr(model.Report, "_repr_html_")
    assert calsight.Report.json_schema() == model.Report.json_schema()
