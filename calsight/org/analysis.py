"""From lines of attendance to what is known of everybody; nothing of this leaves the machine by itself."""

from __future__ import annotations

from dataclasses import dataclass

from calsight.core.model.options import Options
from calsight.org.engines import Asked, Engine, Table
from calsight.org.exposure import Exposures, calendar_of, expose, join_absences
from calsight.org.meetings import Met, count_met
from calsight.org.staff import Staff
from calsight.org.ties import Ties, find_ties
from calsight.org.verdict import Verdicts, judge


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everybody's weeks, one-to-ones, levels and ties."""

    staff: Staff
    weekly: Table
    exposures: Exposures
    met: Met
    verdicts: Verdicts
    ties: Ties


def analyse(engine: Engine, staff: Staff, options: Options) -> Analysis:
    """Analyse everybody on the staff."""
    away = join_absences(engine.absences(), staff)
    reduced = engine.reduce(Asked(*calendar_of(away, staff), staff.first, staff.last))
    exposures = expose(reduced.weeks, reduced.long, away, staff)
    met = count_met(reduced.met, staff)
    verdicts = judge(exposures, met, staff, options.rate)
    ties = find_ties(met, reduced.occurrences, exposures, staff, options.relationships)
    return Analysis(staff, reduced.weeks, exposures, met, verdicts, ties)
