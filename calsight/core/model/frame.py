"""In what a calendar is judged: whose it is, their zone, the span, the moment, and what they have set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from calsight.core.model.events import Window
from calsight.core.model.meetings import Owner
from calsight.core.model.options import Options

EndedBy: TypeAlias = Literal["as_of", "last_sign"]


@dataclass(frozen=True, slots=True)
class Frame:
    """Made once, before anything is judged, and handed on to whatever judges: nothing asks for its parts a second time.

    owner      whose calendar it is
    zone       the owner's, an IANA name; days and weeks are what its clocks show
    window     the span that the judgement is about; a meeting belongs to it by its start
    as_of      the moment of judgement (UTC): what ends later is scheduled, not held
    last_sign  when the sources were last known to be alive (UTC); None where they do not say
    options    what the owner may set
    unread     the days of entries that could not be read; None for one of which not even the day is known
    newest     start of the newest entry before the window (UTC), where none lies inside; None elsewhere, or if nobody knows
    """

    owner: Owner
    zone: str
    window: Window
    as_of: datetime
    last_sign: datetime | None = None
    options: Options = field(default_factory=Options)
    unread: tuple[date | None, ...] = ()
    newest: datetime | None = None

    @property
    def now(self) -> datetime:
        """Up to when the calendar tells anything (UTC): the end of what is counted, and the day from which silence is.

        The first of `as_of`, the window's end and the last sign of life. What is held is parted from what is scheduled by
        `as_of`; everything else that speaks of "now" means this.
        """
        end = min(self.window.end, self.as_of)
        return end if self.last_sign is None else min(end, self.last_sign)

    @property
    def ended_by(self) -> EndedBy:
        """What sets `now`: "last_sign" where the sources fell silent before `as_of` and the window's end."""
        return "last_sign" if self.now < min(self.window.end, self.as_of) else "as_of"
