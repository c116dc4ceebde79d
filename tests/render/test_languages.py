"""Every language says everything, with the same numbers in it, and nothing of English is left over."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.wording.catalogue import CATALOGUE, PARTS
from calsight.core.wording.reasons import reason
from calsight.core.wording.words import ENGLISH, Words
from calsight.errors import UsageError
from calsight.render.languages import LOCALE, language_of, languages, load_language, said_in, words_in
from render.reports import a_report

OTHERS = [code for code in languages() if code != "en"]
#: What stands in a sentence for each kind of field: the numbers 1 and 2 try the singular and the plural.
VALUES = {
    "day": date(2026, 11, 9),
    "iso": date(2026, 11, 9),
    "days": [date(2026, 11, day) for day in (2, 9, 16, 23, 30)],
    "and": ["Ana", "Bo"],
    "list": ["Ana", "Bo"],
    "named": "Ana",
    "label": "watch",
    "labelled": ["watch", "ok"],
    "percent": 0.5,
}


def fields(template: str) -> list[tuple[str, str]]:
    """The fields of a template with their formats; of one with plural forms, that it has some."""
    parsed = ((name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name is not None)
    return sorted((name, "|" if "|" in spec else spec) for name, spec in parsed)


def values_for(code: str, number: int) -> dict[str, object]:
    """Something plausible for each field of a sentence, in any language."""
    made: dict[str, object] = {"count": number}
    for _, name, spec, _ in Formatter().parse(CATALOGUE[code]):
        if name is not None and made.get(name, number) == number:
            made[name] = {"declined": number, "marker": number} if spec == "labels" else VALUES.get(spec or "", number)
    return made


def test_no_code_stands_twice():
    assert len(CATALOGUE) == sum(map(len, PARTS))


def test_german_is_there():
    assert OTHERS == ["de"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_code_is_translated_with_the_same_fields(language):
    with (LOCALE / language / "LC_MESSAGES" / "calsight.po").open("rb") as file:
        found = {message.context: message for message in read_po(file, locale=language) if message.id}
    del found["plural form"]
    assert {code: message.id for code, message in found.items()} == CATALOGUE, "run: make languages"
    assert [code for code, message in found.items() if message.fuzzy or not message.string] == []
    for code, message in found.items():
        names = {name for name, _ in fields(message.string)}
        assert names == {name for name, _ in fields(CATALOGUE[code])}, code
        counted = {name for name, spec in fields(CATALOGUE[code]) if spec == "|"}
        for name, spec in fields(message.string):
            assert spec == "|" or (name, spec) in fields(CATALOGUE[code]) or (name in counted and not spec), code


@pytest.mark.parametrize("language", OTHERS)
def test_plural_forms_are_as_many_as_the_language_has(language):
    made = load_language(language)
    for code, template in made.templates.items():
        for _, name, spec, _ in Formatter().parse(template):
            if spec and "|" in spec:
                nought = name in {"days", "guests", "count"} and spec.count("|") == made.forms
                assert spec.count("|") + 1 == made.forms + nought, code


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_sentence_can_be_said(language, number):
    words = words_in(language)
    for code in CATALOGUE:
        said = words(code, **values_for(code, number))
        assert said, code
        assert not re.search(r"[{}#|]", said), code


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_code_and_plain_values_of_a_reason_are_all_that_its_sentence_needs(number):
    """So a report that was read from JSON can be said in any language."""
    for code in CATALOGUE:
        made = reason(code, **values_for(code, number))
        assert Words().fill(code, json.loads(made.model_dump_json())["values"]) == made.text


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_left_in_english(language):
    """What reads alike in both languages is names, marks and numbers, and is listed here."""
    alike = {"direction", "page_title", "heat_hour", "chart_date", "chart_day", "person_where", "left_source"}
    alike |= {"rate_line", "col_rate", "col_band", "col_person", "met_only", "met_where"}
    alike |= {"index_point", "people_group", "kinds_counted", "doctor_problem", "doctor_owner_is", "doctor_named_of"}
    alike |= {"demo_title", "label_aside_bot", "org_share", "org_at_most", "org_at_least", "org_cut"}
    templates = load_language(language).templates
    assert {code for code, text in CATALOGUE.items() if templates[code] == text} <= alike


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        ("would_fall", {"weeks": 1, "level": "at_risk"}, "Nach 1 Woche ohne Einzelgespräch würde daraus „gefährdet“."),
        ("would_fall", {"weeks": 3, "level": "watch"}, "Nach 3 Wochen ohne Einzelgespräch würde daraus „beobachten“."),
        ("tie_once", {"name": "Bo", "days": 0}, "Du hast Bo bisher an einem Tag getroffen, heute."),
        ("tie_once", {"name": "Bo", "days": 1}, "Du hast Bo bisher an einem Tag getroffen, vor 1 Tag."),
        (
            "fallen",
            {"week": date(2026, 7, 20), "before": 2.04, "after": 0.25, "probability": 0.93},
            "Um die Woche vom 20. Juli 2026 ist die Rate von etwa 2,0 auf etwa 0,2 pro Woche gefallen (mit "
            "93\u00a0% Wahrscheinlichkeit).",
        ),
        (
            "silent_weeks",
            {"weeks": 2, "when": [date(2026, 8, 3), date(2026, 8, 10)]},
            "In den Wochen vom 3. August 2026 und 10. August 2026 zeigt nichts, dass du da warst: Sie zählen nicht mit.",
        ),
        (
            "left_out",
            {"excluded": {"declined": 1200, "marker": 1, "standup": 2}},
            "Nicht mitgezählt: 1.200 abgelehnt, 1 Vermerk, 2 standup.",
        ),
        (
            "insufficient_ends_before",
            {"last_sign": datetime(2026, 3, 1, 22, tzinfo=UTC)},
            "Das letzte Lebenszeichen des Kalenders ist vom 1. März 2026, also vor dem Beginn dieses Berichts. Exportiere ihn "
            "neu, oder blicke zurück mit --as-of 2026-03-01.",
        ),
    ],
)
def test_german_reads_as_people_speak(code, values, said):
    """From the reason as JSON has it: its code and plain values are all that a language needs."""
    assert words_in("de").said(reason(code, **values)) == said


def test_a_reason_that_is_not_ours_keeps_its_own_text():
    words = words_in("de")
    plugins_own = reason("caveat").model_copy(update={"code": "acme", "text": "Acme says so."})
    older = reason("would_fall", weeks=1, level="ok").model_copy(update={"values": {}})
    assert words.said(plugins_own) == "Acme says so."
    assert words.said(older) == older.text


@given(st.integers(0, 3000), st.floats(0, 1e6), st.sampled_from([".0f", ".1f", ".2f", ",.0f", ",", "", "g", ".2g"]))
def test_numbers_are_rounded_alike_in_every_language(count, value, spec):
    for number in (count, value):
        if isinstance(number, float) and spec in ("", ","):
            continue
        german = words_in("de").number(number, spec)
        assert german.translate(str.maketrans({",": ".", ".": ","})) == Words().number(number, spec)


@pytest.mark.parametrize("style", ["long", "medium"])
def test_english_days_are_those_of_the_unicode_consortium(style):
    """English is written by hand, so that a run in English need not load the tables of all languages."""
    from babel.dates import format_date

    for month in range(1, 13):
        if (month, style) == (9, "medium"):  # "Sept" in British tables; three letters line up in a terminal
            continue
        day = date(2026, month, 9)
        assert ENGLISH.day(day, style) == format_date(day, style, locale="en_GB")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_AT"}, "de"),
        ({"LANG": "de_DE@euro"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
    ],
)
def test_the_system_says_which_language_it_is_to_be(environ, language):
    assert language_of(environ) == language


def test_a_language_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(UsageError, match=r"no language 'tlh'. There are: de, en"):
        words_in("tlh")


def test_a_report_said_in_german_keeps_every_code_and_value():
    report = a_report()
    german = said_in(report, "de")
    assert german.flag.reasons[0].text.endswith("weniger als eines alle zwei Wochen.")
    without = re.compile(r'"text": "(?:[^"\\]|\\.)*"')
    assert without.sub("", german.to_json()) == without.sub("", report.to_json())
    assert said_in(report, "en") is report
