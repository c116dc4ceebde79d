"""People in a terminal: the relationships, most in need first, and one of them with everything behind it."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from calsight.core.model.meetings import Kind
from calsight.core.model.options import RelationshipOptions
from calsight.core.model.report import OwnPerson, Relationship
from calsight.core.people.names import called
from calsight.core.relationships.interactions import Interaction
from calsight.core.relationships.tie import Tie, reasons_of
from calsight.core.wording.words import Words
from calsight.pipeline.person import ExplainedPerson
from calsight.render.telling import first_upper, name_of, usual_gap
from calsight.render.terminal.meetings import kind_of
from calsight.render.terminal.screen import STATUS_STYLES, Look, bullets

_MANY = (Kind.GROUP, Kind.CONFERENCE_CALL)
_NARROW = 70
_NUMBERS = ("alive", "met", "every", "last")
#: How wide one of these columns usually is, and how wide that of the signs must be.
_USUAL, _SIGNS = 6, 16


class PeopleView:
    """Relationships that rich can print, one line each, after the owner's own people; below a name what other commands take."""

    def __init__(self, relationships: Sequence[Relationship], words: Words, own: Sequence[OwnPerson] = ()) -> None:
        self.relationships = relationships
        self.words = words
        self.own = own

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        if self.own:
            yield look.text(self.words("people_own", count=len(self.own)), "bold")
            yield from bullets(self.words.all_said(each.reason for each in self.own), look)
            yield Text()
        if not self.relationships:
            yield look.text(self.words("people_nobody"))
            return
        for stage in ("relationship_signs", "interactions_only"):
            members = [known for known in self.relationships if known.stage == stage]
            if members:
                yield look.text(
                    first_upper(self.words("people_group", stage=self.words.label(stage), count=len(members))), "bold"
                )
                yield Padding(self._table(members, look), (0, 0, 1, 0), expand=False)
        yield look.text(self.words("people_use", who=shlex.quote(named_by(self.relationships[0]))), "dim")

    def _table(self, members: Sequence[Relationship], look: Look) -> Table:
        wide, words = look.width >= _NARROW, self.words
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        # Addresses are there to be typed: they are broken only where the signs would have no room beside them.
        widest = max(cell_len(text) for known in members for text in (name_of(known, words), named_by(known)))
        others = sum(max(_USUAL, cell_len(words(f"head_{name}"))) + 2 for name in ("is", *_NUMBERS))
        whole = widest + 2 + others + (_SIGNS if wide else 0) <= look.width
        table.add_column(look.text(words("head_who")), overflow="fold", no_wrap=whole)
        table.add_column(look.text(words("head_is")))
        for name in _NUMBERS:
            table.add_column(look.text(words(f"head_{name}")), justify="right", no_wrap=True)
        if wide:
            table.add_column(look.text(words("head_signs")), overflow="fold")
        for known in members:
            signs = [words.label(sign) for sign in (known.role, *known.expectation, *known.dependency) if sign]
            table.add_row(
                Group(look.text(name_of(known, words)), look.text(named_by(known), "dim")),
                look.text(
                    words.label(known.status) if known.status else words("not_met"),
                    STATUS_STYLES.get(known.status or "", "dim"),
                ),
                look.text("" if known.alive is None else words.percent(known.alive)),
                look.text(words.number(known.interactions)),
                look.text("" if (gap := usual_gap(known)) is None else words("gap_short", days=gap)),
                look.text("" if known.last is None else words.day(known.last, "short")),
                *([look.text("; ".join(signs), "dim")] if wide else []),
            )
        return table


def named_by(tie: Relationship) -> str:
    """What commands take for a person: the address, or the name of who has none."""
    return tie.person.address or tie.person.id


class ExplainedPersonView:
    """One person with everything behind them, for rich."""

    def __init__(self, explained: ExplainedPerson, words: Words) -> None:
        self.explained = explained
        self.words = words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look, words = Look.of(options), self.words
        known = self.explained
        address = f" <{known.person.address}>" if known.person.address and known.person.name else ""
        yield look.text(f"{called(known.person)}{address}", "bold")
        tie = known.tie
        if tie is None:
            yield look.text(words("explain_nobody"))
        else:
            facts = [
                words.label(tie.scope, "scope"),
                *(words.label(fact) for fact in (tie.stage, tie.status, tie.role) if fact),
            ]
            yield look.text(" · ".join(facts), STATUS_STYLES.get(tie.status or "", ""))
            yield from map(look.text, words.all_said(reasons_of(tie, known.frame)))
            if tie.interactions:
                yield from self._part("explain_counted", self._interactions(tie, look), look)
                yield from self._part("explain_terms", self._terms(tie, look), look)
            yield from self._signs(tie, look)
        if known.others:
            yield from self._part("explain_others", self._others(look), look)
        counted = [interaction.meeting for interaction in tie.interactions] if tie else []
        about = [m for m in (*counted, *known.others) if any(d.about == known.person.id for d in m.doubts)]
        if about:
            yield Text()
            yield look.text(words("doubt_about", meetings=len(about), name=called(known.person)))
        if any(meeting.doubts for meeting in (*counted, *known.others) if meeting.kind not in _MANY):
            yield Text()
            yield look.text(words("doubt_mark"), "dim")

    def _part(self, title: str, body: RenderableType, look: Look) -> Iterator[RenderableType]:
        yield Text()
        yield look.text(self.words(title), "bold")
        yield Padding(body, (0, 0, 0, 2), expand=False)

    def _interactions(self, tie: Tie, look: Look) -> Table:
        words = self.words
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        for name in ("day", "minutes", "gap_before", "arranged", "title"):
            right = name in ("minutes", "gap_before")
            table.add_column(
                look.text(words(f"head_{name}")), no_wrap=name != "title", justify="right" if right else "left"
            )
        gaps = dict(zip(tie.days[1:], tie.gaps, strict=True))
        told = set()
        for interaction in tie.interactions:
            day = interaction.day
            gap = words("gap_exact", days=7 * gaps[day]) if day in gaps else ""
            minutes = interaction.meeting.event.duration.total_seconds() / 60
            table.add_row(
                look.text(f"{words.day(day, 'full')}{' ?' if interaction.meeting.doubts else ''}"),
                look.text(words.number(minutes, ".0f")),
                look.text(words("same_day") if day in told else gap),
                look.text(_arranged(interaction, words)),
                look.text(interaction.meeting.event.title, "dim"),
            )
            told.add(day)
        return table

    def _terms(self, tie: Tie, look: Look) -> Table:
        rows = Table.grid(padding=(0, 2, 0, 0))
        for term, value, meaning in _terms(tie, self.explained.frame.options.relationships, self.words):
            rows.add_row(look.text(term, "dim"), look.text(value), look.text(meaning, "dim"))
        return rows

    def _signs(self, tie: Tie, look: Look) -> Iterator[RenderableType]:
        words = self.words
        signs = [words.label(sign) for sign in (*tie.expectation, *tie.dependency)]
        series = [
            words("explain_series", last=len(known.held), held=sum(known.held)) for known in tie.series if known.held
        ]
        yield from self._part(
            "explain_signs", Group(*bullets([*(signs or [words("signs_none")]), *series], look)), look
        )

    def _others(self, look: Look) -> RenderableType:
        """What might have counted, line by line; meetings of many are only counted."""
        words = self.words
        many = Counter(m.kind for m in self.explained.others if m.kind in _MANY)
        told = ", ".join(
            words("kinds_counted", count=number, kind=words.label(kind, "kind", count=number))
            for kind, number in sorted(many.items())
        )
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, show_edge=False)
        for meeting in self.explained.others:
            if meeting.kind in _MANY:
                continue
            why = words("still_to_come") if meeting.held is False else words.label(meeting.reason)
            table.add_row(
                look.text(words.day(meeting.start, "full")),
                look.text(kind_of(meeting, words)),
                look.text(why, "dim"),
                look.text(meeting.event.title, "dim"),
            )
        return Group(*([look.text(told)] if told else []), table)


def _terms(tie: Tie, options: RelationshipOptions, words: Words) -> list[tuple[str, str, str]]:
    """Each term of docs/relationships.md with its value and what it means."""

    def days(weeks: float | None) -> str:
        return words("term_days", days=7 * (weeks or 0))

    def term(name: str, value: str, **values: float) -> tuple[str, str, str]:
        return words(f"term_{name}"), value, words(f"term_{name}_means", **values)

    gaps = words("term_gaps_value", gaps=len(tie.counted_gaps), days=7 * sum(tie.gaps))
    ends = words("term_ends_value", rate=options.ends_per_year)
    terms = [
        term("gaps", gaps),
        term("mean", days(tie.mean_gap), gaps=options.prior_gaps, days=7 * options.prior_gap_weeks),
        term("regularity", words.number(tie.regularity or 0, ".2f")),
        term("silence", days(tie.silence), away=tie.away),
        term("survival", words.percent(tie.survival or 0)),
        (words("term_ends"), ends, "`ends_per_year`"),
        term("rhythm", words.percent(tie.by_rhythm or 0)),
    ]
    if "booked" in tie.expectation:
        terms.append(term("alive", words.percent(tie.alive or 0)))
    return [
        *terms,
        term("recent", words.number(tie.recent, ".2f"), days=options.strength_half_life_days),
        term("strength", words.number(tie.strength, ".2f")),
    ]


def _arranged(interaction: Interaction, words: Words) -> str:
    if interaction.meeting.event.series is not None:
        return words("began_series")
    return words("unknown") if interaction.began is None else words(f"began_{interaction.began}")
