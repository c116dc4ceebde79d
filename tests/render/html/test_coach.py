"""The page for a conversation, and the card to share."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("vl_convert", reason="the page needs the extra [html]")
pytest.importorskip("jinja2", reason="the page needs the extra [html]")

from calsight.core.wording.words import Words
from calsight.render.html.card import card_png, card_svg
from calsight.render.html.coach import conversation, question, roles, strengths
from calsight.render.languages import words_in
from calsight.render.telling import strongest_first
from render.reports import NAMES, a_report
from render.worlds import ATTACKS, WORLDS

WORDS = Words()


@pytest.mark.parametrize("name", WORLDS)
def test_three_strengths_three_people_one_question_at_most_and_one_page_that_loads_nothing(name):
    report = WORLDS[name]()
    html = conversation(report)
    assert len(strengths(report, WORDS)) <= 3
    assert html.count('class="pill ') <= 3
    assert question(report, WORDS)
    assert "<script" not in html
    assert "no performance review" in html
    assert not re.search(r"<[a-z]+[^>]*\s(style|on\w+|src)=", html)


def test_it_speaks_of_those_who_need_it_before_the_strongest():
    html = conversation(a_report("watch"))
    assert re.findall(r"<li><bdi>([^<]+)</bdi> ?<span class=\"pill", html) == [
        "Femi Adeyemi",
        "Grace Okafor",
        "Hugo Marchetti",
    ]


def test_strengths_are_what_the_report_says():
    ok = WORLDS["much_time_high_interest"]()
    said = strengths(ok, WORDS)
    assert (
        said[0] == f"You meet someone one-to-one about {ok.rate.mean:.1f} times a week; one a week counts as healthy."
    )
    kept = sum("series_kept" in tie.expectation for tie in ok.relationships)
    assert said[1].startswith(f"{kept} series are kept: with Camille Petit")
    alive = [tie for tie in ok.relationships if tie.status == "active" and tie.stage == "relationship_signs"]
    assert said[2].startswith(f"{len(alive)} relationships are active")


def test_the_strongest_tie_that_is_named_is_one_of_those_that_are_active():
    report = WORLDS["much_time_high_interest"]()
    (strongest, next_one), known = strongest_first(report)[:2], list(report.relationships)
    known[known.index(strongest)] = strongest.model_copy(update={"status": "dormant"})
    (said,) = [
        text for text in strengths(report.model_copy(update={"relationships": known}), WORDS) if "active" in text
    ]
    assert said.endswith(f"the strongest tie is with {next_one.person.name}.")


def test_roles_have_their_shares_in_all_one_to_ones():
    report = a_report("watch")
    first, second, *rest = report.relationships
    named = [first.model_copy(update={"role": "manager"}), second.model_copy(update={"role": "peer"}), *rest]
    shown = roles(report.model_copy(update={"relationships": named}), WORDS)
    held = sum(tie.interactions for tie in report.relationships)
    assert [row[1:] for row in shown] == [["1", "14", WORDS.percent(14 / held)], ["1", "13", WORDS.percent(13 / held)]]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", WORLDS)
def test_a_card_holds_no_name(name, language):
    report = WORLDS[name]()
    svg = card_svg(report, words_in(language, zone=report.owner.zone))
    names = [tie.person.name or tie.person.address for tie in report.relationships]
    secrets = [*NAMES, *ATTACKS, "example.com", report.owner.name, *report.owner.addresses, *names]
    assert [secret for secret in secrets if len(secret) > 3 and secret in svg] == []
    assert not re.search(r"20\d\d", svg.replace("http://www.w3.org/2000/svg", ""))


def test_a_card_is_a_picture_too():
    assert card_png(a_report("watch")).startswith(b"\x89PNG")
