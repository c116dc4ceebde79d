"""The rate plot's cells say what the weeks say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.wording.words import Words
from calsight.render.terminal.plots import ASCII, bar, rate_plot
from render.rated import weeks


def drawn(counts: list[int], *, width: int = 80, exposure: list[float] | None = None) -> list[str]:
    rows = rate_plot(weeks(counts, exposure), low=0.5, healthy=1.0, words=Words(), width=width, marks=ASCII)
    return [row.plain for row in rows]


def test_each_week_has_its_count_below_its_column() -> None:
    *_, counts, months = drawn([0, 3, 12, 0], width=21, exposure=[1, 1, 1, 0])

    assert counts == "1:1s .   3   +   ~   "
    assert months == "     May Jun"


def test_a_month_that_has_no_room_for_its_name_is_left_out() -> None:
    *_, months = drawn([1] * 12, width=20)

    assert months.split() == ["Jun", "Jul", "Aug"]


def test_a_window_of_years_is_drawn_with_several_weeks_to_a_column() -> None:
    *plot, counts, _ = drawn([1] * 200, width=60)

    assert max(map(len, plot)) <= 60
    assert counts[5:] == "5" * 40


def test_no_weeks_no_plot() -> None:
    assert drawn([]) == []


@settings(max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(60, 140))
def test_every_week_has_exactly_one_mean(counts: list[int], width: int) -> None:
    plot = drawn(counts, width=width)[:9]
    cells = (width - len(" healthy") - 5) // len(counts)

    for week in range(len(counts)):
        assert [row[5 + week * cells] for row in plot].count("=") == 1


def test_what_is_not_zero_has_a_bar() -> None:
    assert bar(0, most=100, width=10) == ""
    assert bar(0.1, most=100, width=10, marks=ASCII) == "#"
    assert bar(100, most=100, width=10, marks=ASCII) == "#" * 10
    assert bar(5, most=0, width=10) == ""
