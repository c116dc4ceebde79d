"""The tables of an organisation's folder: what a line is, and what its columns mean.

`attendance` holds one line for each person on each meeting. Nothing in it names anybody or says a title. Numbers only, 0 or 1
where a column asks a question; -1 stands for "not known" or "none". Times are seconds since 1970 (UTC), days and weeks are
counted from 1970-01-01 and from the Monday before it, in the person's own zone.

    meeting      the meeting: all copies of one entry with the same start share it
    person       the person: the first 48 bits of their pseudonym
    own          the line comes from the person's own mailbox; else from the organiser's
    here         the person was there as far as others can tell: listed, and not declined
    leads        the person organises it
    keeps        this mailbox holds the list that counts for everybody: its owner organises the meeting
    extra        2 for each group address, 1 for each unnamed guest and each line without name and address
    company      how many named people were there beside the person, as their own copy says
    partner      who that was, where it was one
    view         the person's own copy counts, whatever the organiser's says: its list is hidden, or
                 someone on it is set aside for them alone
    start_s, dur_s   start, and length in seconds
    day, week    of the start; `last_week` is the week of the last day
    series       the recurring entry; `moved` says that this occurrence was moved
    answered     1 they said yes or perhaps, 0 they did not answer, -1 they were not asked
    alone, pair, many   the row of the table of docs/meaning.md (a place in `ROWS`) that fits if nobody else was there, one
                 other person, or more: core's own answer
    open         what it could also be: 0 nothing, 1 a one-to-one, 2 none, 3 both; `open_away` the same if it lies in an absence
    mate         with whom a one-to-one would be that a title or a doubt tells of
    private      the other person of a one-to-one is private
    foreign      it stands in a calendar in which nobody but its owner ever is
"""

from __future__ import annotations

from calsight.core.judging.rows import ROWS
from calsight.core.model.meetings import WITH_PEOPLE, Kind

SCHEMA = "calsight.attendance/1"

#: Column → width in bytes, in the order of the file.
ATTENDANCE: dict[str, int] = {
    "meeting": 8,
    "person": 8,
    "own": 1,
    "here": 1,
    "leads": 1,
    "keeps": 1,
    "extra": 2,
    "company": 2,
    "partner": 8,
    "view": 1,
    "start_s": 8,
    "dur_s": 8,
    "day": 4,
    "week": 4,
    "last_week": 4,
    "series": 8,
    "moved": 1,
    "answered": 1,
    "alone": 1,
    "pair": 1,
    "many": 1,
    "open": 1,
    "open_away": 1,
    "mate": 8,
    "private": 1,
    "foreign": 1,
}

#: The reasons of core's table, in its order: what `alone`, `pair` and `many` count.
REASONS: tuple[str, ...] = tuple(row.verdict.reason for row in ROWS)
KINDS: tuple[Kind, ...] = tuple(row.verdict.kind for row in ROWS)
AWAY_ROW = REASONS.index("during_absence")
ALL_DAY_ROW = REASONS.index("all_day")
#: Rows by themselves: nobody looked after the calendar for such an entry to stand there.
BY_ITSELF = tuple(place for place, reason in enumerate(REASONS) if reason in ("marker", "cancelled", "declined"))


def rows_of(*kinds: Kind) -> list[int]:
    """The rows of the table that give one of these kinds."""
    return [place for place, kind in enumerate(KINDS) if kind in kinds]


WITH_PEOPLE_ROWS = rows_of(*WITH_PEOPLE)
INFERRED_ROWS = [place for place, row in enumerate(ROWS) if row.verdict.inferred]

DAY_S = 86_400
WEEK_S = 7 * DAY_S
#: The Monday of week 0 is 1969-12-29, three days before day 0.
FIRST_MONDAY = -3


def week_number(day: int) -> int:
    """The week of a day, both counted."""
    return (day - FIRST_MONDAY) // 7
