"""A report against an earlier one, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from calsight.core.model.report import Comparison, Reason, Report
from calsight.core.people.names import called
from calsight.core.wording.reasons import reason

_ALIVE = "active"
_FADING = frozenset({"cooling", "dormant"})
_NAMED = 5


def compare(now: Report, before: Report) -> Comparison:
    """What changed since `before`, a report on the same owner.

    Raises ValueError where the two are about different people, or `before` is the later one.
    """
    if now.owner.addresses and before.owner.addresses and not set(now.owner.addresses) & set(before.owner.addresses):
        raise ValueError("the earlier report is about somebody else")
    if before.as_of > now.as_of:
        raise ValueError("the earlier report is the later one")
    return Comparison(
        as_of=before.as_of,
        level=before.flag.level,
        rate=before.rate.mean,
        changes=[*_level(now, before), *_rate(now, before), *_numbers(now, before), *_people(now, before)],
    )


def _level(now: Report, before: Report) -> list[Reason]:
    if now.flag.level == before.flag.level:
        return [reason("compare_level_same", now=now.flag.level)]
    return [reason("compare_level", before=before.flag.level, now=now.flag.level)]


def _rate(now: Report, before: Report) -> list[Reason]:
    if now.rate.mean is None or before.rate.mean is None or round(now.rate.mean, 1) == round(before.rate.mean, 1):
        return []
    within = now.rate.interval is not None and now.rate.interval[0] <= before.rate.mean <= now.rate.interval[1]
    return [reason("compare_rate_chance" if within else "compare_rate", before=before.rate.mean, now=now.rate.mean)]


def _numbers(now: Report, before: Report) -> list[Reason]:
    said = []
    if now.breadth.people != before.breadth.people:
        said.append(reason("compare_people", before=before.breadth.people, now=now.breadth.people))
    then, today = (report.visibility.value if report.visibility else None for report in (before, now))
    if then is not None and today is not None and round(then) != round(today):
        said.append(reason("compare_visibility", before=then, now=today))
    return said


def _people(now: Report, before: Report) -> list[Reason]:
    """Who faded, who came back, who is new; where the earlier report names people at all."""
    then = {tie.person.id: tie for tie in before.relationships}
    if not then:
        return []
    faded, revived, new = [], [], []
    for tie in now.relationships:
        known = then.get(tie.person.id)
        if known is None:
            # Someone met before the earlier report was left out of its window, not unmet.
            if tie.first is not None and tie.first >= before.as_of:
                new.append(called(tie.person))
        elif known.status == _ALIVE and tie.status in _FADING:
            faded.append(called(tie.person))
        elif known.status in _FADING and tie.status == _ALIVE:
            revived.append(called(tie.person))
    groups = (("compare_cooling", faded), ("compare_revived", revived), ("compare_new", new))
    return [reason(code, names=few(names)) for code, names in groups if names]


def few(names: Sequence[str]) -> list[str]:
    """At most so many names: a sentence is no list."""
    return [*names[:_NAMED], "…"] if len(names) > _NAMED else list(names)
