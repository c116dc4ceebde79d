"""One truth with the personal scale: whoever is in an organisation is judged as if they had asked for themselves."""

from __future__ import annotations

import os

import numpy as np
import pytest

from calsight import pipeline
from calsight.core.model.options import Options
from calsight.core.rate.levels import LEVELS
from calsight.core.rate.readings import Doubtful
from calsight.org.analysis import Analysis
from calsight.org.people import Member
from calsight.settings.file import Settings
from org_support import DAY, World, invent

#: Enough for every level, doubt and kind of absence to turn up; `make soak` compares hundreds.
PEOPLE = 300 if os.environ.get("CALSIGHT_SOAK") else 40


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return invent(tmp_path_factory.mktemp("organisation"), PEOPLE)


def personal(world: World, member: Member) -> pipeline.Judgement:
    people = {"organisation_domains": ["calsight.example"], "assistants": list(member.assistants)}
    source = world.root / "mailboxes" / f"{member.id}.jsonl"
    reading = pipeline.read(
        source,
        me=member.id,
        as_of=DAY,
        weeks=26,
        zone=member.zone,
        settings=Settings.model_validate({"people": people}),
        corrections=[],
    )
    return pipeline.judge(reading)


def test_everybody_is_judged_as_they_would_be_alone(world: World) -> None:
    found = world.analysis()
    assert world.done.mailboxes == found.staff.size == PEOPLE
    for member in world.members.everyone:
        compare(world, member, found)
    assert set(found.verdicts.level.tolist()) >= {1, 2, 3}  # ok, watch, at_risk
    assert found.exposures.silent.any()
    assert found.exposures.asked.any()
    assert (found.met.generous > found.met.counts).any()


def compare(world: World, member: Member, found: Analysis) -> None:
    alone = personal(world, member)
    account = alone.account
    (person,) = found.staff.place(np.array([world.key.number(member.id)])).tolist()
    exposure, flag = account.exposure, account.assessment.flag
    weeks = exposure.weeks
    assert [week.one_to_ones for week in weeks] == found.met.counts[person].tolist(), member.id
    assert [week.silent for week in weeks] == found.exposures.silent[person].tolist(), member.id
    assert [week.asked for week in weeks] == found.exposures.asked[person].tolist(), member.id
    assert [week.exposure for week in weeks] == pytest.approx(found.exposures.exposure[person].tolist(), abs=1e-12)
    assert (exposure.known, exposure.unknown) == (found.exposures.known[person], found.exposures.unknowns[person])
    doubtful = Doubtful.of(exposure, alone.frame)
    assert list(doubtful.as_is.generous.counts) == found.met.generous[person].tolist(), member.id
    assert flag.level == LEVELS[found.verdicts.level[person]], member.id
    if flag.probability_low is not None:
        assert found.verdicts.p_low[person] == pytest.approx(flag.probability_low, abs=1e-12)
        assert found.verdicts.mean[person] == pytest.approx(account.assessment.rate.mean, abs=1e-12)
    mine = found.ties.who == person
    ties = {
        partner: (times, alive, living)
        for partner, times, alive, living in zip(
            found.ties.partner[mine].tolist(),
            found.ties.interactions[mine].tolist(),
            found.ties.alive[mine].tolist(),
            found.ties.living(Options().relationships)[mine].tolist(),
            strict=True,
        )
    }
    theirs = {
        world.key.number(tie.person.id): (
            len(tie.interactions),
            pytest.approx(tie.alive, abs=1e-12),
            tie.status == "active",
        )
        for tie in account.ties
        if tie.alive is not None
    }
    assert ties == theirs, member.id
