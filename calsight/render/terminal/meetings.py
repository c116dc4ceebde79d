"""Meetings in a terminal: one numbered line each, by day."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from calsight.core.model.meetings import WITH_PEOPLE, Kind, Meeting
from calsight.core.people.names import called
from calsight.core.wording.words import Words
from calsight.render.terminal.screen import Look

_STYLES = {Kind.ONE_TO_ONE: "bold cyan", Kind.UNKNOWN: "yellow", Kind.EXCLUDED: "dim", Kind.ABSENCE: "dim"}
_NAMED = 3


class MeetingsView:
    """Meetings with their numbers, which rich can print; times are in the zone of `words`. Those still to come are dim."""

    def __init__(self, numbered: Sequence[tuple[int, Meeting]], words: Words) -> None:
        self.numbered = numbered
        self.words = words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look, words = Look.of(options), self.words
        wide = look.width >= 70
        rows = Table.grid(padding=(0, 2, 0, 0))
        rows.add_column(no_wrap=True, justify="right", style="dim")
        for name in ("day", "time", "kind", "who", "title")[: 5 if wide else 4]:
            rows.add_column(no_wrap=True, overflow="ellipsis", ratio=1 if name in ("who", "title") else None)
        rows.expand = True
        before = ""
        for number, meeting in self.numbered:
            day = words.day(meeting.start, "weekday")
            time = words("all_day") if meeting.event.all_day else f"{words.local(meeting.start):%H:%M}"
            rows.add_row(
                look.text(str(number)),
                look.text(day if day != before else "", "dim"),
                look.text(time, "dim"),
                look.text(kind_of(meeting, words), _STYLES.get(meeting.kind, "")),
                look.text(who_or_why(meeting, words), "" if meeting.counterparts else "dim"),
                *([look.text(meeting.event.title)] if wide else []),
                style="dim italic" if meeting.held is False else "",
            )
            before = day
        yield rows
        yield Text()
        if any(meeting.doubts for _, meeting in self.numbered):
            yield look.text(words("doubt_mark"), "dim")
        if self.numbered:
            yield look.text(words("meetings_explain"), "dim")


def kind_of(meeting: Meeting, words: Words) -> str:
    """What a meeting is, with a mark if it could also be something else."""
    kind = words.label(meeting.kind, "kind")
    return f"{kind} ?" if meeting.doubts else kind


def who_or_why(meeting: Meeting, words: Words) -> str:
    """Who was there; for the rest why the entry is what it is."""
    names = [called(person) for person in meeting.counterparts]
    if meeting.kind not in WITH_PEOPLE or not names:
        return words.label(meeting.reason)
    more = len(names) - _NAMED
    said = ", ".join(names[:_NAMED] if more > 0 else names)
    return words("names_more", names=said, count=more) if more > 0 else said
