"""What is published is attacked: nothing of fewer than five people may be found out from it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from calsight.errors import SettingsError, UsageError
from calsight.org.network import Flow
from calsight.org.out import OrgReport
from calsight.org.privacy import FLOOR, hidden_cells, hidden_in_row, least, open_lines, protect, share
from calsight.org.pseudonyms import read_key
from calsight.org.published import Published
from calsight.org.reporting import report
from calsight.org.tables import hang_together
from calsight.org.tabular import write_csvs
from org_support import World, invent, take_in

# The table


def widths(people: np.ndarray, mask: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> list[float]:
    """Between how many people the margins leave each hidden cell: by linear programming."""
    cells = np.argwhere(mask)
    known, sums = [], []
    for axis, told in ((0, rows), (1, columns)):
        for line in np.flatnonzero(told):
            hidden = (cells[:, axis] == line).astype(float)
            if hidden.any():
                numbers = people[line] if axis == 0 else people[:, line]
                covered = mask[line] if axis == 0 else mask[:, line]
                known.append(hidden)
                sums.append(numbers[covered].sum())
    if not known:
        return [np.inf] * len(cells)
    found = []
    for cell in range(len(cells)):
        goal = np.zeros(len(cells))
        goal[cell] = 1
        low = linprog(goal, A_eq=known, b_eq=sums, bounds=(0, None))
        high = linprog(-goal, A_eq=known, b_eq=sums, bounds=(0, None))
        found.append(np.inf if high.status == 3 else -high.fun - low.fun)
    return found


def table(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A random table, and which of its cells are of too few people."""
    chance = np.random.default_rng(seed)
    people = chance.negative_binomial(1.0, 1 / 15, (int(chance.integers(3, 9)), int(chance.integers(3, 7))))
    return people, (people > 0) & (people < FLOOR)


@pytest.mark.parametrize("seed", range(12))
def test_no_small_cell_can_be_worked_out_from_the_margins(seed: int) -> None:
    people, small = table(seed)
    told = ~hidden_in_row(people.sum(axis=1), FLOOR), ~hidden_in_row(people.sum(axis=0), FLOOR)
    mask = protect(people, hidden_cells(people, FLOOR, hidden=~(told[0][:, None] & told[1])), told, small, FLOOR)
    found = dict(zip(map(tuple, np.argwhere(mask)), widths(people, mask, *told), strict=True))
    assert all(found[tuple(cell)] >= FLOOR for cell in np.argwhere(small))


def test_two_hidden_cells_a_line_are_not_always_enough() -> None:
    """The attack finds what the simple rule leaves open; of all of these tables some are such."""
    loose = 0
    for seed in range(12):
        people, small = table(seed)
        mask = hidden_cells(people, FLOOR)
        everything = np.ones(people.shape[0], dtype=bool), np.ones(people.shape[1], dtype=bool)
        found = dict(zip(map(tuple, np.argwhere(mask)), widths(people, mask, *everything), strict=True))
        loose += any(found[tuple(cell)] < FLOOR for cell in np.argwhere(small))
    assert loose


def test_the_attack_works_where_nothing_is_hidden_beside() -> None:
    people = np.array([[3, 20, 30], [40, 50, 60]])
    mask = (people > 0) & (people < FLOOR)
    everything = np.ones(2, dtype=bool), np.ones(3, dtype=bool)
    assert widths(people, mask, *everything) == [0.0]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_a_group_left_over_cannot_be_found_by_subtraction(people: list[int]) -> None:
    numbers = np.array(people)
    mask = hidden_in_row(numbers, FLOOR)
    rows, _ = open_lines(numbers[None, :], mask[None, :], FLOOR)
    if mask.any() and rows[0]:
        assert mask.sum() >= 2
        assert numbers[mask].sum() >= FLOOR


# Numbers


@given(st.integers(10, 5000), st.data())
def test_a_share_is_rounded_and_never_says_nobody_or_everybody(whole: int, data: st.DataObject) -> None:
    found = share(data.draw(st.integers(0, whole)), whole)
    assert 0.05 <= found.value <= 0.95
    assert round(found.value * 20) == pytest.approx(found.value * 20)
    assert found.low <= found.value <= found.high


def test_no_share_is_said_of_fewer_than_ten() -> None:
    with pytest.raises(ValueError, match="no share"):
        share(1, 9)


@pytest.mark.parametrize("asked", [-1, 0, 1, 4])
def test_the_floor_can_be_raised_not_lowered(asked: int) -> None:
    assert least(None) == 5
    assert least(12) == 12
    with pytest.raises(UsageError, match="raised, not lowered"):
        least(asked)


def test_no_setting_and_no_variable_speaks_of_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    from calsight.settings.file import Settings, documented, settings_from

    assert not [key for key, _ in documented() if "group" in key and "pattern" not in key]
    with pytest.raises(SettingsError):
        settings_from({"organisation": {"min_group": 1}})
    for name in ("CALSIGHT_MIN_GROUP", "CALSIGHT_ORG_MIN_GROUP", "MIN_GROUP"):
        monkeypatch.setenv(name, "1")
    assert least(None) == FLOOR
    assert Settings() == Settings()


# Flows


@pytest.mark.parametrize(
    ("ties", "on_one"),
    [((), 0), ((1,), None), ((2,), 0), ((1, 1), None), ((1, 2), 1), ((1, 9), None), ((9, 9), 0), ((1, 2, 9), 1)],
)
def test_how_many_pairs_of_groups_rest_on_one_tells_of_no_hidden_flow(
    ties: tuple[int, ...], on_one: int | None
) -> None:
    flows = [Flow(0, place + 1, number, (number, number)) for place, number in enumerate(ties)]
    found = hang_together([*flows, Flow(0, 0, 1, (2, 2))], 4, FLOOR)
    assert (found.pairs_of_groups, found.without, found.on_one_pair) == (len(ties), 6 - len(ties), on_one)


# Whole reports


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return invent(tmp_path_factory.mktemp("organisation"), 90, seed=3)


def with_groups(world: World, name: str, groups: list[str]) -> None:
    """Give everybody another group, by the order of their numbers."""
    path = world.folder / "people.parquet"
    pl.read_parquet(path).with_columns(pl.Series(f"by_{name}", groups)).write_parquet(path)


def told(made: OrgReport) -> dict[tuple[str | None, ...], int | None]:
    return {tuple(group.group): group.people for group in made.groups}


def test_of_a_group_of_one_left_over_nothing_is_told(world: World, tmp_path: Path) -> None:
    with_groups(world, "team", ["a"] * 40 + ["b"] * 30 + ["c"] * 19 + ["d"])
    made = report(world.folder, by=("team",), memory=tmp_path)
    hidden = {name for name, people in told(made).items() if people is None}
    assert ("d",) in hidden
    assert len(hidden) >= 2
    assert sum(told(made)[name] or 0 for name in told(made)) <= made.total.people - FLOOR
    assert made.network is not None
    shown = 4 - len(hidden)
    assert made.network.pairs_of_groups + made.network.without == shown * (shown - 1) // 2


def test_groups_that_are_all_small_are_refused(world: World) -> None:
    with_groups(world, "room", [str(number // 4) for number in range(90)])
    with pytest.raises(UsageError, match="fewer than 5 judged people"):
        report(world.folder, by=("room",), memory=world.root / "rooms")


def test_a_table_of_two_tells_no_more_than_its_margins_told(world: World, tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    with_groups(world, "part", chance.choice(["x", "y", "z"], 90, p=[0.6, 0.3, 0.1]).tolist())
    with_groups(world, "rank", chance.choice(["1", "2", "3"], 90, p=[0.5, 0.45, 0.05]).tolist())
    both = report(world.folder, by=("part", "rank"), memory=tmp_path / "both")
    first = report(world.folder, by=("part",), memory=tmp_path / "one")
    second = report(world.folder, by=("rank",), memory=tmp_path / "two")
    one = {(*name, None): people for name, people in told(first).items()}
    two = {(None, *name): people for name, people in told(second).items()}
    margins = {name: people for name, people in told(both).items() if None in name}
    assert margins == one | two
    for name, people in told(both).items():
        if None not in name and people is not None:
            assert people >= FLOOR
            assert margins[name[0], None] is not None
            assert margins[None, name[1]] is not None


def test_what_a_group_grew_by_cannot_be_found_by_subtracting_reports(world: World, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    with_groups(world, "team", ["a"] * 40 + ["b"] * 30 + ["c"] * 20)
    before = told(report(world.folder, by=("team",), memory=memory))
    with_groups(world, "team", ["a"] * 42 + ["b"] * 28 + ["c"] * 20)  # two moved
    after = report(world.folder, by=("team",), memory=memory)
    groups = {group.group[0]: group for group in after.groups}
    assert groups["a"].people == before["a",]
    assert groups["b"].hidden == "changed"
    assert groups["c"].hidden == "margins"
    with_groups(world, "team", ["a"] * 60 + ["b"] * 15 + ["c"] * 15)  # many moved
    later = report(world.folder, by=("team",), memory=memory)
    assert None not in told(later).values()
    kept = (memory / "published.json").read_text()
    assert not any(str(number) in kept for number in pl.read_parquet(world.folder / "people.parquet")["person"])


def test_a_division_less_its_teams_leaves_nobody_over(world: World, tmp_path: Path) -> None:
    with_groups(world, "part", ["x"] * 40 + ["y"] * 25 + ["z"] * 25)
    with_groups(world, "team", ["x1"] * 36 + ["x2"] * 4 + ["y1"] * 10 + ["y2"] * 15 + ["z"] * 25)

    def shown(folder: str, by: str) -> set[str | None]:
        made = report(world.folder, by=(by,), memory=tmp_path / folder)
        return {name[0] for name, people in told(made).items() if people}

    assert (shown("parts", "part"), shown("teams", "team")) == ({"x", "y", "z"}, {"x1", "y2", "z"})
    assert "x1" not in shown("parts", "team")  # x less x1 are the few of x2
    assert "x" not in shown("teams", "part")
    assert shown("teams", "team") == {"x1", "y2", "z"}  # what was told is told again


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=60))
def test_what_two_cuts_tell_of_leaves_nobody_over(people: list[tuple[int, int]]) -> None:
    """Whatever the cuts, of a group and the groups of another cut inside it, none or five are left over."""

    def cut(by: int) -> dict[int, list[int]]:
        groups = {label: [n for n, each in enumerate(people) if each[by] == label] for label in range(4)}
        return {label: members for label, members in groups.items() if len(members) >= FLOOR}

    published = Published(b"salt")
    first, second = cut(0), cut(1)
    marks = {label: frozenset(published.marks(members)) for label, members in second.items()}
    for label, members in first.items():
        published.note(f"first {label}", members, "span", cut="first")
    assert published.gives_away(marks, "another span", FLOOR) is None
    while (found := published.gives_away(marks, "span", FLOOR)) is not None:
        del second[found], marks[found]
    for wholes, parts in ((first, second), (second, first)):
        for whole in map(set, wholes.values()):
            inside = [set(part) for part in parts.values() if set(part) <= whole]
            assert not 0 < len(whole.difference(*inside)) < FLOOR


def test_no_report_holds_a_person(world: World, tmp_path: Path) -> None:
    with_groups(world, "team", ["a"] * 40 + ["b"] * 50)
    made = report(world.folder, by=("team",), memory=tmp_path)
    write_csvs(made, tmp_path)
    text = json.dumps(made.to_dict()) + "".join(path.read_text() for path in tmp_path.glob("*.csv"))
    people = pl.read_parquet(world.folder / "people.parquet")
    assert not any(name in text for name in people["pseudonym"])
    assert not any(str(number) in text for number in people["person"])
    assert "@" not in text


# The folder


def test_the_folder_holds_no_address_title_or_key(world: World) -> None:
    secret = (world.root / "key").read_text().strip()
    words = [member.id for member in world.members.everyone] + [
        "calsight.example",
        "gmail",
        "Focus",
        "Out of office",
        secret,
    ]
    for path in world.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix in (".parquet", ".mailboxes"):
                frame = pl.read_parquet(path)
                content += frame.write_ndjson().encode()
            for word in words:
                assert word.encode() not in content, (path.name, word)


def test_sorting_by_number_tells_nothing_of_the_list(world: World) -> None:
    numbers = [world.key.number(member.id) for member in world.members.everyone]
    rank = np.argsort(np.argsort(numbers))
    assert abs(np.corrcoef(rank, np.arange(len(rank)))[0, 1]) < 0.35
    digits = [world.key.pseudonym(member.id) for member in world.members.everyone]
    assert all(re.fullmatch(r"[a-z2-7]{26}", each) for each in digits)
    assert len(set(digits)) == len(set(numbers)) == len(numbers)


def test_another_key_gives_other_pseudonyms_and_is_refused(world: World, tmp_path: Path) -> None:
    other = read_key(tmp_path / "other", world.folder)
    assert other.pseudonym("ana@example.com") != world.key.pseudonym("ana@example.com")
    (world.root / "key").rename(world.root / "key.kept")
    try:
        with pytest.raises(UsageError, match="another key"):
            take_in(world.root)
    finally:
        (world.root / "key.kept").replace(world.root / "key")


def test_the_key_is_private_and_never_beside_the_data(world: World, tmp_path: Path) -> None:
    assert (world.root / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="beside the data"):
        read_key(world.folder / "key", world.folder)
    loose = tmp_path / "loose"
    loose.write_text("ab" * 32)
    loose.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        read_key(loose, world.folder)
    empty = tmp_path / "empty"
    empty.write_text("no key")
    empty.chmod(0o600)
    with pytest.raises(SettingsError, match="no key of calsight"):
        read_key(empty, world.folder)
