"""Whole lives: what is said of each, and how many one-to-ones are counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import calsight
from calsight.errors import CalsightError
from cases.known import expected_failures, table
from lives.abroad import abroad
from lives.families import lives
from lives.further import further
from lives.life import Life
from lives.outsider import outsiders
from lives.sceptic import sceptics

LIVES = [*lives(), *further(), *outsiders(), *abroad(), *sceptics()]


def level_and_count(life: Life, folder: Path) -> tuple[str, int | None]:
    """What the report says, or that calsight asks."""
    paths = []
    for number, text in enumerate(life.calendars()):
        paths.append(folder / f"calendar{number}.ics")
        paths[-1].write_bytes(text.encode())
    try:
        report = calsight.analyze(
            *map(str, paths),
            as_of=life.as_of,
            zone=life.zone,
            me=life.me or (),
            settings=life.settings,
            corrections=(),
            cache=False,
        )
    except CalsightError as error:
        if error.exit_code != 2:
            raise
        return "insufficient_data", None
    said = json.loads(report.to_json())
    return said["flag"]["level"], said["counts"]["one_to_one"]


@pytest.mark.parametrize("life", expected_failures("lives", [(life.id, life.family, life) for life in LIVES]))
def test_what_is_said_of_a_life(life: Life, tmp_path: Path) -> None:
    level, count = level_and_count(life, tmp_path)
    assert level in life.levels.split("|"), f"{life.why}: {count} counted, {life.truth} in truth"
    assert count is None or life.expected is None or count in life.expected


def test_every_life_has_a_name_of_its_own() -> None:
    assert len({life.id for life in LIVES}) == len(LIVES)


def test_the_same_life_is_written_the_same() -> None:
    assert [life.calendars() for life in lives()[::10]] == [life.calendars() for life in LIVES[: len(lives()) : 10]]


HANDED = Path(__file__).parents[2] / "../shared/cases/lives/lives.tsv"


@pytest.mark.skipif(not HANDED.is_file(), reason="the handed lives (../shared/cases/lives) are not here")
def test_every_family_of_the_handed_lives_is_told_here() -> None:
    assert {row["family"] for row in table(HANDED)} <= {life.family for life in LIVES}
