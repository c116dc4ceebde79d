"""People in a terminal: the relationships, most in need first, and one of them with everything behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Person
from calsight.core.model.options import RelationshipOptions
from calsight.core.model.report import Relationship
from calsight.core.relationships.circle import Tie, called, reasons_of
from calsight.core.relationships.interactions import Interaction
from calsight.core.wording.reasons import percent
from calsight.core.wording.sentences import ENGLISH
from calsight.render.terminal.report import Look
from calsight.render.words import kind_label, local_day, reason_label, short_day

_STYLES = {"active": "green", "cooling": "yellow", "dormant": "red"}
_BEGAN = {"you": "you arranged it", "they": "they arranged it"}
_MANY = (Kind.GROUP, Kind.CONFERENCE_CALL)
_NARROW = 70


def label(key: str | None) -> str:
    """A sign, stage, status or role in words; "" for None."""
    return "" if key is None else ENGLISH.get(f"label_{key}", key.replace("_", " "))


class PeopleView:
    """Relationships that rich can print, one line each; below each what speaks for it."""

    def __init__(self, relationships: Sequence[Relationship], zone: str) -> None:
        self.relationships = relationships
        self.zone = zone

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        if not self.relationships:
            yield look.text("This calendar shows no one-to-one with anybody in these weeks.")
            return
        for stage in ("relationship_signs", "interactions_only"):
            members = [known for known in self.relationships if known.stage == stage]
            if members:
                yield look.text(f"{label(stage).capitalize()} ({len(members)})", "bold")
                yield Padding(self._table(members, look), (0, 0, 1, 0), expand=False)

    def _table(self, members: Iterable[Relationship], look: Look) -> Table:
        wide = look.width >= _NARROW
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        table.add_column("who", overflow="fold")
        table.add_column("is")
        for name in ("alive", "met", "every", "last"):
            table.add_column(name, justify="right", no_wrap=True)
        if wide:
            table.add_column("signs", overflow="fold")
        for known in members:
            signs = [label(sign) for sign in (known.role, *known.expectation, *known.dependency) if sign]
            table.add_row(
                look.text(known.person.name or known.person.address or known.person.id),
                look.text(label(known.status) or "not met", _STYLES.get(known.status or "", "dim")),
                look.text("" if known.alive is None else percent(known.alive)),
                look.text(str(known.interactions)),
                look.text("" if known.typical_gap_days is None else f"{known.typical_gap_days:.0f} d"),
                look.text("" if known.last is None else short_day(local_day(known.last, self.zone))),
                *([look.text("; ".join(signs), "dim")] if wide else []),
            )
        return table


@dataclass(frozen=True, slots=True)
class Explained:
    """One person with everything behind the result. `tie` is None where no one-to-one was held; `others` are their other
    entries in the window, which did not count."""

    person: Person
    tie: Tie | None
    others: tuple[Meeting, ...]
    frame: Frame


class ExplainedView:
    """`Explained`, for rich."""

    def __init__(self, explained: Explained) -> None:
        self.explained = explained

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        known = self.explained
        address = f" <{known.person.address}>" if known.person.address and known.person.name else ""
        yield look.text(f"{called(known.person)}{address}", "bold")
        tie = known.tie
        if tie is None:
            yield look.text("This calendar shows no one-to-one with them in these weeks.")
        else:
            facts = [tie.scope.value, label(tie.stage), label(tie.status), label(tie.role)]
            yield look.text(" · ".join(fact for fact in facts if fact), _STYLES.get(tie.status or "", ""))
            for why in reasons_of(tie, known.frame):
                yield look.text(why.text)
            if tie.interactions:
                yield from self._part("One-to-ones that count", self._interactions(tie, look), look)
                yield from self._part("How the result comes about", self._terms(tie, look), look)
            yield from self._signs(tie, look)
        if known.others:
            yield from self._part("Other entries with them, which do not count", self._others(look), look)

    def _part(self, title: str, body: RenderableType, look: Look) -> Iterator[RenderableType]:
        yield Text()
        yield look.text(title, "bold")
        yield Padding(body, (0, 0, 0, 2), expand=False)

    def _interactions(self, tie: Tie, look: Look) -> Table:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        for name in ("day", "minutes", "gap", "arranged by", "title"):
            table.add_column(name, no_wrap=name != "title", justify="right" if name in ("minutes", "gap") else "left")
        gaps = dict(zip(tie.days[1:], tie.gaps, strict=True))
        told = set()
        for interaction in tie.interactions:
            day = interaction.day
            gap = "same day" if day in told else f"{7 * gaps[day]:.1f} d" if day in gaps else ""
            told.add(day)
            table.add_row(
                look.text(f"{day:%a} {day}"),
                look.text(f"{interaction.meeting.event.duration.total_seconds() / 60:.0f}"),
                look.text(gap),
                look.text(_arranged(interaction)),
                look.text(interaction.meeting.event.title, "dim"),
            )
        return table

    def _terms(self, tie: Tie, look: Look) -> Table:
        options = self.explained.frame.options.relationships
        rows = Table.grid(padding=(0, 2, 0, 0))
        for term, value, meaning in _terms(tie, options):
            rows.add_row(look.text(term, "dim"), look.text(value), look.text(meaning, "dim"))
        return rows

    def _signs(self, tie: Tie, look: Look) -> Iterator[RenderableType]:
        signs = [label(sign) for sign in (*tie.expectation, *tie.dependency)]
        series = [
            f"a series, of whose last {len(known.held)} occurrences {sum(known.held)} were held one-to-one"
            for known in tie.series
            if known.held
        ]
        rows = Table.grid(padding=(0, 1, 0, 0))
        for sign in [*(signs or ["none"]), *series]:
            rows.add_row(look.text("•", "dim"), look.text(sign))
        yield from self._part("Signs of a relationship", rows, look)

    def _others(self, look: Look) -> RenderableType:
        """What might have counted, line by line; meetings of many are only counted."""
        many = Counter(m.kind for m in self.explained.others if m.kind in _MANY)
        told = ", ".join(f"{number} {kind_label(kind, many=number > 1)}" for kind, number in sorted(many.items()))
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, show_edge=False)
        for meeting in self.explained.others:
            if meeting.kind in _MANY:
                continue
            day = meeting.start.astimezone(ZoneInfo(self.explained.frame.zone)).date()
            table.add_row(
                look.text(f"{day:%a} {day}"),
                look.text(kind_label(meeting.kind, many=False)),
                look.text("still to come" if meeting.held is False else reason_label(meeting.reason), "dim"),
                look.text(meeting.event.title, "dim"),
            )
        return Group(*([look.text(told)] if told else []), table)


def _terms(tie: Tie, options: RelationshipOptions) -> list[tuple[str, str, str]]:
    """Each term of docs/relationships.md with its value and what it means."""
    x, t = len(tie.counted_gaps), sum(tie.gaps)
    prior = f"{options.prior_gaps:g} gaps of {7 * options.prior_gap_weeks:g} days expected beforehand"
    terms = [
        ("gaps", f"{x}, {7 * t:.1f} days", "the owner's absences taken out"),
        ("mean gap", f"{7 * (tie.mean_gap or 0):.1f} days", f"of these and {prior}"),
        ("regularity", f"{tie.regularity or 0:.2f}", "1: may come at any time; 10: like clockwork"),
        ("silence", f"{7 * (tie.silence or 0):.1f} days", f"{tie.away} days of absence taken out"),
        ("silent if living", percent(tie.survival or 0), "the chance that a living tie is silent for so long"),
        ("ties end", f"{options.ends_per_year:g} a year", "`ends_per_year`"),
        ("alive by rhythm", percent(tie.by_rhythm or 0), "living and silent, against ended on the way"),
    ]
    if "booked" in tie.expectation:
        terms.append(("alive", percent(tie.alive or 0), "the next one is booked"))
    half_life = options.strength_half_life_days
    terms.append(("recent", f"{tie.recent:.2f}", f"one-to-ones, each worth half after {half_life:g} days"))
    terms.append(("strength", f"{tie.strength:.2f}", "alive × (1 - e^(-recent/2))"))
    return terms


def _arranged(interaction: Interaction) -> str:
    if interaction.meeting.event.series is not None:
        return "a series"
    return "not known" if interaction.began is None else _BEGAN[interaction.began]
