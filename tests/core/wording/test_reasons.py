"""The catalogue: every sentence can be said, in the singular and in the plural, and comes from one place."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.wording.catalogue import CATALOGUE
from calsight.core.wording.reasons import reason
from calsight.core.wording.sentences import SENTENCES
from calsight.core.wording.sentences_next import NEXT
from calsight.core.wording.sentences_people import PEOPLE
from calsight.core.wording.words import Words

SAYABLE = [*SENTENCES, *PEOPLE, *NEXT]


def values_for(code: str, number: int) -> dict[str, object]:
    """Something plausible for each field of a template."""
    made: dict[str, object] = {}
    for _, name, spec, _ in Formatter().parse(CATALOGUE[code]):
        if name is None:
            continue
        match spec:
            case "day" | "iso":
                made[name] = date(2026, 11, 9)
            case "days":
                made[name] = [date(2026, 11, 2), date(2026, 11, 9)]
            case "and" | "list":
                made[name] = ["Ana", "Bo"]
            case "label":
                made[name] = "watch"
            case "labelled":
                made[name] = ["watch", "ok"]
            case "labels":
                made[name] = {"declined": number}
            case "percent":
                made[name] = 0.5
            case _:
                made.setdefault(name, number)
    return made


@pytest.mark.parametrize("code", SAYABLE)
@pytest.mark.parametrize("number", [1, 2])
def test_every_sentence_can_be_said(code: str, number: int):
    text = reason(code, **values_for(code, number)).text
    assert not re.search(r"[{}#|]", text)
    assert "  " not in text
    assert text[-1] in ".?!”" or code not in REPORTED


#: The codes of the rate and the flag: whole sentences. (Others add words and parts to the catalogue.)
REPORTED = {
    *("rate_summary", "below_healthy", "fallen", "changed", "narrow", "early", "would_change", "would_change_people"),
    *("would_fall", "would_say", "silent_weeks", "source_ends_early", "unknown_share", "left_out"),
    *("inferred", "caveat", "insufficient_no_entries", "insufficient_weeks", "insufficient_participants_unknown"),
    "insufficient_calendar_not_used_for_meetings",
}


def test_codes_that_programs_rely_on_are_there():
    assert set(CATALOGUE) >= REPORTED


@pytest.mark.parametrize(
    ("code", "values", "text"),
    [
        (
            "left_out",
            {"excluded": {"declined": 9, "cancelled": 4, "all_day": 3}},
            "Left out: 9 declined, 4 cancelled, 3 all-day.",
        ),
        ("inferred", {"inferred": 2, "one_to_ones": 14}, "2 of 14 one-to-ones were inferred from titles."),
        ("inferred", {"inferred": 1, "one_to_ones": 1}, "1 of 1 one-to-one was inferred from titles."),
        (
            "unknown_share",
            {"unknown": 1, "meetings": 20},
            "1 meeting does not say who was there, of 20 in all: counted as unknown, not as zero.",
        ),
        (
            "silent_weeks",
            {"weeks": 1, "when": [date(2026, 8, 3)]},
            "Nothing shows that you were there in the week of 3 August 2026: it is not counted.",
        ),
        (
            "silent_weeks",
            {"weeks": 6, "when": [date(2026, 8, day) for day in range(3, 9)]},
            "Nothing shows that you were there in the weeks of 3 August 2026, 4 August 2026, 5 August 2026 and 3 more: they "
            "are not counted.",
        ),
        (
            "would_change",
            {"one_to_ones": 1, "level": "watch"},
            "1 one-to-one over the coming two full weeks would bring this to “watch”.",
        ),
        (
            "tie_within",
            {"name": "Bo", "gap_days": 7.0, "days": 0},
            "You met Bo about every 7 days; the last time was today.",
        ),
        (
            "tie_once",
            {"name": "Bo", "days": 1},
            "You met Bo on one day so far, 1 day ago.",
        ),
        (
            "would_fall",
            {"weeks": 1, "level": "at_risk"},
            "After 1 week without a one-to-one this would turn to “at risk”.",
        ),
    ],
)
def test_sentences_read_as_people_speak(code, values, text):
    assert reason(code, **values).text == text


def test_the_values_go_with_the_sentence_as_plain_json():
    made = reason("fallen", week=date(2026, 7, 20), before=2.0, after=0.25, probability=0.93)
    assert (
        made.text == "Around the week of 20 July 2026 the rate fell from about 2.0 to about 0.2 a week (93 % likely)."
    )
    assert made.values == {"week": "2026-07-20", "before": 2.0, "after": 0.25, "probability": 0.93}
    moment = reason("source_ends_early", last_sign=datetime(2026, 7, 20, 8, tzinfo=UTC), weeks=8)
    assert json.loads(json.dumps(moment.values))["last_sign"] == "2026-07-20T08:00:00+00:00"
    assert reason("silent_weeks", weeks=1, when=[date(2026, 8, 3)]).values["when"] == ["2026-08-03"]


def test_an_unknown_code_or_a_missing_value_is_a_mistake():
    with pytest.raises(KeyError):
        reason("no_such_code")
    with pytest.raises(KeyError):
        reason("would_fall", weeks=3)


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "0 %"),
        (0.0004, "under 1 %"),
        (0.01, "1 %"),
        (0.774, "77 %"),
        (0.99, "99 %"),
        (0.996, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_percent(probability, text):
    assert Words().percent(probability) == text


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_what_is_not_certain_is_never_called_so(probability):
    assert Words().percent(probability) not in {"0 %", "100 %"}


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (0.25, "one every four weeks"),
        (0.5, "one a fortnight"),
        (1, "one a week"),
        (2, "two a week"),
        (0.7, "0.7 a week"),
    ],
)
def test_pace(rate, text):
    assert Words().pace(rate) == text


def test_no_sentence_judges_a_person():
    for code in REPORTED:
        assert not re.search(r"\b(bad|poor|fail|failing|lonely|isolated|unpopular|worrying|must)\b", CATALOGUE[code])
