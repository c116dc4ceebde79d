"""Can this organisation be judged? What to look at before anyone trusts a report on it."""

from __future__ import annotations

from pathlib import Path

from calsight.core.model.options import Options
from calsight.core.rate.levels import INSUFFICIENT
from calsight.org.columns import DAY_S
from calsight.org.folder import Folder
from calsight.org.out import OrgDiagnosis
from calsight.org.privacy import FLOOR

_EARLY_S = 14 * DAY_S


def diagnose(path: Path, options: Options, engine: str = "auto") -> OrgDiagnosis:
    """Counts only, of the whole folder: none tells of a person. Raises `SourceError` for a folder that cannot be used."""
    folder = Folder.opened(path)
    found = folder.analysed(options, engine)
    staff, exposures = found.staff, found.exposures
    judged = int((found.verdicts.level != INSUFFICIENT).sum())
    known, unknown = int(exposures.known.sum()), int(exposures.unknowns.sum())
    return OrgDiagnosis(
        as_of=folder.as_of,
        weeks=folder.weeks,
        people=staff.size + staff.missing,
        mailboxes=staff.size,
        missing=staff.missing,
        judged=judged,
        insufficient=staff.size - judged,
        not_theirs=int((staff.unlisted > 0).sum()),
        silent_early=int((staff.now_s < staff.asof_s - _EARLY_S).sum()),
        unknown=round(unknown / (known + unknown), 2) if known + unknown else None,
        problems=folder.problems,
        groupings=list(staff.groups),
        judgeable=judged >= FLOOR,
    )
