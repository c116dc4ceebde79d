"""Can this organisation be judged? What to look at before anyone trusts a report on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from calsight.core.model.options import Options
from calsight.core.rate.levels import INSUFFICIENT
from calsight.org.analysis import analyse
from calsight.org.engines import engine_for
from calsight.org.privacy import FLOOR
from calsight.org.reporting import check_weeks, read_people, whole
from calsight.org.staff import staff_of


def diagnose(folder: Path, options: Options, engine: str = "auto") -> dict[str, Any]:
    """Counts only, of the whole folder: none tells of a person. Raises `SourceError` for a folder that cannot be used."""
    from datetime import date

    meta = whole(folder)
    check_weeks(folder)
    as_of, weeks = date.fromisoformat(meta["as_of"]), int(meta["weeks"])
    staff = staff_of(read_people(folder), as_of=as_of, weeks=weeks, options=options)
    found = analyse(engine_for(engine, folder), staff, options)
    judged = int((found.verdicts.level != INSUFFICIENT).sum())
    known, unknown = int(found.exposures.known.sum()), int(found.exposures.unknowns.sum())
    problems: dict[str, int] = {}
    for bucket in meta["buckets"].values():
        for problem in bucket.get("problems", []):
            problems[problem["code"]] = problems.get(problem["code"], 0) + int(problem.get("count", 1))
    return {
        "schema": "calsight.org-doctor/1",
        "as_of": meta["as_of"],
        "weeks": weeks,
        "people": staff.size + staff.missing,
        "mailboxes": staff.size,
        "missing": staff.missing,
        "judged": judged,
        "insufficient": staff.size - judged,
        "not_theirs": int((staff.unlisted > 0).sum()),
        "silent_early": int((staff.now_s < staff.asof_s - 14 * 86_400).sum()),
        "unknown": round(unknown / (known + unknown), 2) if known + unknown else None,
        "problems": problems,
        "groupings": list(staff.groups),
        "judgeable": judged >= FLOOR,
    }
