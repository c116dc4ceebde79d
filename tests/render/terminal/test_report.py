"""The report in a terminal: at every width, without colour, in ASCII, and with hostile names."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from calsight.core.model.report import (
    Breadth,
    Comparison,
    Coverage,
    Flag,
    OwnerOut,
    PersonOut,
    ProblemOut,
    Rate,
    Reason,
    Relationship,
    Report,
    Situation,
    SituationInput,
    Visibility,
)
from calsight.core.wording.reasons import reason
from calsight.render.terminal.report import ReportView
from calsight.render.terminal.screen import console
from render.rated import report, weeks
from render.reports import a_report
from render.worlds import a_question

STEADY = (2, 3, 1, 2, 4, 2, 3, 2, 2, 3, 2, 0, 0, 3, 2, 2, 4, 3, 2, 3, 1, 2, 3, 2, 3, 2)
WITH_LEAVE = (*[1.0] * 11, 0.0, 0.0, *[1.0] * 13)


def screen(made: Report, *, width: int = 80, encoding: str = "utf-8") -> str:
    """What `made` looks like in a terminal or pipe of that width and encoding."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="\n")
    console(stream, width=width).print(ReportView(made))
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_report_that_raises_the_flag(width: int, snapshot: SnapshotAssertion) -> None:
    assert screen(report("at_risk"), width=width) == snapshot


def test_a_report_of_someone_who_meets_people_and_was_away(snapshot: SnapshotAssertion) -> None:
    assert screen(report("ok", STEADY, WITH_LEAVE)) == snapshot


def test_without_unicode_it_is_drawn_in_ascii(snapshot: SnapshotAssertion) -> None:
    drawn = screen(report("watch", STEADY), encoding="ascii")

    assert drawn == snapshot
    assert drawn.isascii()


@settings(max_examples=40)
@given(
    width=st.integers(24, 160),
    counts=st.lists(st.integers(0, 12), min_size=1, max_size=60),
)
def test_no_line_is_wider_than_the_terminal(width: int, counts: list[int]) -> None:
    drawn = screen(report("watch", counts), width=width)

    assert max(cell_len(line) for line in drawn.splitlines()) <= width


def test_the_verdict_comes_first_and_the_caveat_last() -> None:
    lines = screen(report("at_risk"), width=200).splitlines()

    assert "At risk of becoming invisible" in lines[1]
    order = [
        "At risk",
        "One-to-ones a week",
        "Whom you met",
        "What would change it",
        "What was left out",
        "does not see",
    ]
    found = [next(at for at, line in enumerate(lines) if words in line) for words in order]
    assert found == sorted(found)
    assert "Evarts" in "".join(lines[found[-1] :])


def test_thresholds_and_leave_are_marked_in_the_plot() -> None:
    lines = screen(report("ok", STEADY, WITH_LEAVE)).splitlines()

    (healthy,) = [line for line in lines if line.endswith(" healthy")]
    (low,) = [line for line in lines if line.endswith(" low")]
    assert "1.0 ┤" in healthy
    assert "0.5 ┤" in low
    (counts,) = [line for line in lines if line.strip().startswith("1:1s 2")]
    assert counts.split()[1:] == ["~" if not count else str(count) for count in STEADY]


def test_a_calendar_that_says_too_little_gets_no_plot_and_no_rate() -> None:
    made = report(
        "insufficient_data",
        (0, 0, 0),
        weeks=[week.model_copy(update={"mean": None, "interval": None}) for week in weeks((0, 0, 0))],
        rate=Rate(healthy=1.0, low=0.5),
        flag=Flag(level="insufficient_data", reasons=[reason("insufficient_no_entries")]),
        breadth=Breadth(),
    )

    drawn = screen(made)

    assert "Nothing can be said yet" in drawn
    assert "No entry in this window involves another person" in drawn.replace("\n│   ", " ")
    assert "One-to-ones a week" not in drawn
    assert "Whom you met" not in drawn


def test_questions_and_problems_are_said_and_many_are_cut() -> None:
    problems = [
        ProblemOut(code="bad_entry", text=f"Entry {n} has no start.", source="work.ics", uid=str(n)) for n in range(9)
    ]
    drawn = screen(report(flag=Flag(level="watch"), questions=[a_question("Eva")], problems=problems), width=200)

    assert "7 meetings list Eva as a third. Does Eva not take part" in drawn
    assert "calsight answer --code companion --about Eva --value yes" in drawn
    assert "work.ics: Entry 4 has no start." in drawn
    assert "Entry 5" not in drawn
    assert "9 entries in all" in drawn


def test_relationships_are_listed_with_what_is_known() -> None:
    ties = [
        Relationship(
            person=PersonOut(id=f"p{n}@example.com", name=f"Person {n}", address=f"p{n}@example.com"),
            scope="organisation",
            stage="relationship_signs",
            status="cooling",
            alive=0.5,
            interactions=7,
            first=datetime(2026, 6, 1, 9, tzinfo=UTC),
            last=datetime(2026, 9, 1, 9, tzinfo=UTC),
            typical_gap_days=14.2,
            silence_days=45.0,
        )
        for n in range(12)
    ]
    drawn = screen(report(relationships=ties))

    (line,) = [line for line in drawn.splitlines() if "Person 0" in line]
    assert line.split() == ["Person", "0", "cooling", "7", "1", "Sep", "14", "days"]
    assert "and 2 more" in drawn
    assert "Person 11" not in drawn


def test_situation_advice_and_index_are_shown_where_they_are_known() -> None:
    made = report(
        situation=Situation(
            label="little_time_high_interest",
            time=SituationInput(value=0.15, cut=0.35, known=True),
            interest=SituationInput(value=0.9, cut=0.4, known=True),
            reasons=[Reason(code="time", text="15 % of your working time lies open.")],
            advice=[Reason(code="protect", text="Ask for less; offer more.")],
        ),
        next_actions=[Reason(code="meet", text="Meet Bo.")],
        visibility=Visibility(
            value=35.2, interval=(29.4, 39.9), contributions={"rate": 17.2, "reach": None}, before=33.7
        ),
    )
    drawn = screen(made)

    assert "• 15% of your working time lies open." in drawn
    assert drawn.index("Meet Bo.") < drawn.index("Ask for less; offer more.")
    assert "35 of 100, likely between 29 and 40; it was 34 some weeks ago." in drawn
    assert "Points: how often you meet 17; not known: beyond your organisation." in drawn


def test_a_span_that_is_shown_as_one_number_is_not_shown() -> None:
    made = report(visibility=Visibility(value=82.0, interval=(81.6, 82.4), contributions={"rate": 17.2}))

    assert "82 of 100. A summary" in screen(made)
    assert "between 82" not in screen(made)


def test_the_report_before_is_compared() -> None:
    before = Comparison(
        as_of=datetime(2026, 8, 31, tzinfo=UTC),  # the end of the 30th
        level="watch",
        rate=0.8,
        changes=[Reason(code="fewer", text="You met Bo less often.")],
    )
    drawn = screen(report(comparison=before))

    assert "Then, on 30 August 2026: watch, about 0.8 one-to-ones a week." in drawn
    assert "• You met Bo less often." in drawn
    assert "Since the last report" not in screen(report())


@pytest.mark.parametrize(
    "name", ["\x1b[31mRed\x1b[0m", "[bold]Bo[/bold] :smile:", "two\nlines", "a\u202eb", "bell\x07", "\x9b31m"]
)
def test_a_name_is_never_obeyed(name: str) -> None:
    drawn = screen(report(owner=OwnerOut(name=name, addresses=["x@example.com"], zone="UTC")))

    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(drawn)
    assert drawn.splitlines()[0].startswith("╭")
    if name.startswith("[bold]"):
        assert "[bold]Bo[/bold] :smile:" in drawn


@pytest.mark.parametrize(
    ("code", "values", "words"),
    [
        (
            "fallen",
            {"week": datetime(2026, 9, 7, tzinfo=UTC), "before": 2.0, "after": 0.7, "probability": 0.9},
            "fewer",
        ),
        ("narrow", {"one_to_ones": 8, "people": 2, "effective_people": 1.5}, "very few people"),
        ("early", {"weeks": 5.0, "needed": 6.0}, "still short"),
    ],
)
def test_a_watch_says_what_is_worth_watching(code: str, values: dict[str, object], words: str) -> None:
    drawn = screen(report(flag=Flag(level="watch", reasons=[reason(code, **values)])), width=120)

    assert words in drawn.splitlines()[1]


def test_unknown_participants_are_never_shown_as_zero() -> None:
    made = report(
        "insufficient_data",
        coverage=Coverage(participants_known=0.0),
        breadth=Breadth(people=0, effective_people=None),
        flag=Flag(level="insufficient_data", reasons=[reason("insufficient_participants_unknown")]),
    )
    drawn = screen(made)

    assert "0 people" not in drawn


def test_where_no_verdict_is_possible_people_come_first_with_what_would_help() -> None:
    short = report("insufficient_data", (2, 1, 2))
    people = a_report("watch")
    drawn = " ".join(screen(people.model_copy(update={"flag": short.flag, "window": short.window})).split())

    assert "Here is whom you met." in drawn
    order = ["Whom you met", "What would change it", "--weeks 52", "calsight note ADDRESS", "What the time went into"]
    places = [drawn.index(said) for said in order]
    assert places == sorted(places)


def test_a_year_is_far_enough_to_look_back() -> None:
    made = report("insufficient_data", (2, 1, 2))
    year = made.model_copy(update={"window": made.window.model_copy(update={"weeks": 52.0})})

    assert "--weeks 52" not in screen(year)
    assert "calsight note ADDRESS" in screen(year)
