"""The report as Markdown with front matter: for notes (Obsidian reads the properties) and for mail.

CommonMark with GitHub's tables. Every character of a name or sentence that Markdown could take for markup is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from calsight.core.model.report import Relationship, Report
from calsight.core.wording.words import Words
from calsight.render.figures import figures
from calsight.render.languages import words_in
from calsight.render.safe import tidy
from calsight.render.telling import (
    EVIDENCE,
    actions,
    compare_title,
    compared,
    first_upper,
    headline,
    hints,
    leads_to,
    left_out,
    name_of,
    owner_of,
    period,
    since,
    situation_says,
    strongest_first,
)

#: What means something anywhere in a line, in CommonMark or a dialect of it: math, tags, comments, highlights, entities.
_MARKUP = re.compile(r"([\\`*_{}\[\]#|~$<>]|%(?=%)|=(?==)|&(?=[#\w]))")
#: What means something at the beginning of a line, and what turns a bare address into a link.
_OPENING = re.compile(r"^(\d+(?=[.)])|(?=[-+:=]))")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data|obsidian|www)(?=[:.])")


class MarkdownRenderer:
    """The renderer `markdown`: the report line by line, in a language."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def in_language(self, language: str) -> MarkdownRenderer:
        """The same in another language."""
        return MarkdownRenderer(language)

    def __call__(self, report: Report) -> Iterator[str]:
        """The Markdown, in pieces that end with a line break."""
        yield from (f"{line}\n" for line in _lines(report, words_in(self.language, zone=report.owner.zone)))


def escaped(text: str) -> str:
    """Text from a calendar as Markdown that shows just these characters, on one line."""
    return _OPENING.sub(r"\1\\", _inside(text), count=1)


def _inside(text: str) -> str:
    """`escaped`, where something stands before it in the line: in a cell of a table."""
    return _ADDRESS.sub(r"\1\\", _MARKUP.sub(r"\\\1", tidy(text)))


def _lines(report: Report, words: Words) -> Iterator[str]:
    flag = report.flag
    yield from _front_matter(report, words)
    owner = owner_of(report)
    yield f"# {escaped(' · '.join(filter(None, [owner, words('title')])))}"
    yield ""
    yield escaped(period(report, words))
    yield ""
    yield f"**{escaped(first_upper(words.label(flag.level)))}.** {escaped(headline(report, words))}"
    yield ""
    yield from _bullets(words.said(reason) for reason in flag.reasons if reason.code not in EVIDENCE)
    if flag.since:
        yield from _bullets([since(report, words)])
    if flag.what_would_change:
        yield from _bullets([f"{words('what_would_change')}: {words.said(flag.what_would_change)}"])
    yield ""
    if hints(report, words):
        yield from _heading(words("hints_title"))
        yield from _bullets(hints(report, words))
        yield ""
    if report.questions:
        yield from _heading(words("questions_title"))
        for asked in report.questions:
            yield f"- {escaped(words.said(asked.said))} {escaped(leads_to(asked, words))}".rstrip()
            yield ""
            yield f"  {_code(asked.command)}"
        yield ""
    if report.comparison:
        yield from _heading(compare_title(report, words))
        yield from _bullets([compared(report, words), *words.all_said(report.comparison.changes)])
        yield ""
    yield from _heading(words("figures"))
    yield from _bullets(
        f"{figure.value} {figure.name}" + (f" ({figure.below})" if figure.below else "")
        for figure in figures(report, words)
    )
    yield ""
    if report.own_people:
        yield from _heading(words("people_own", count=len(report.own_people)))
        yield from _bullets(words.all_said(own.reason for own in report.own_people))
        yield ""
    if report.relationships:
        yield from _people(strongest_first(report), words)
    if report.situation:
        yield from _heading(words("field_title"))
        yield from _bullets([*situation_says(report.situation, words), words("field_source")])
        yield ""
    if actions(report):
        yield from _heading(words("next_title"))
        yield from _bullets(words.all_said(actions(report)))
        yield ""
    yield from _heading(words("left_title"))
    yield from _bullets(left_out(report, words))
    yield ""
    yield escaped(words("caveat"))


def _front_matter(report: Report, words: Words) -> Iterator[str]:
    """YAML properties; JSON's strings and numbers are YAML's."""
    properties: dict[str, Any] = {
        "schema": "calsight.markdown/1",
        "as_of": words.last_day(report.as_of).isoformat(),
        "level": report.flag.level,
        "since": report.flag.since and report.flag.since.isoformat(),
        "rate": report.rate.mean and round(report.rate.mean, 3),
        "probability_low": report.flag.probability_low and round(report.flag.probability_low, 3),
        "one_to_ones": report.counts.one_to_one,
        "people": report.breadth.people,
        "visibility": report.visibility and report.visibility.value and round(report.visibility.value, 1),
        "weeks": round(report.exposure.weeks, 1),
        "tags": ["calsight"],
    }
    yield "---"
    yield from (f"{name}: {json.dumps(value)}" for name, value in properties.items())
    yield "---"
    yield ""


def _heading(text: str) -> Iterator[str]:
    yield f"## {escaped(text)}"
    yield ""


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    yield from (f"- {escaped(text)}" for text in texts)


def _code(text: str) -> str:
    """Text to type, as it is: between more backticks than stand together in it."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if "`" in text else ""
    return f"{ticks}{space}{tidy(text)}{space}{ticks}"


def _people(ties: list[Relationship], words: Words) -> Iterator[str]:
    yield from _heading(words("rings_title"))
    heads = [words(f"col_{name}") for name in ("person", "status", "alive", "one_to_ones", "last", "next")]
    yield f"| {' | '.join(map(_inside, heads))} |"
    yield "| --- | --- | ---: | ---: | --- | --- |"
    for tie in ties:
        cells = [
            name_of(tie, words),
            words.label(tie.status) if tie.status else words("status_none"),
            "" if tie.alive is None else words.percent(tie.alive),
            words.number(tie.interactions),
            words.day(tie.last),
            words.day(tie.next) if tie.next else words("none"),
        ]
        yield f"| {' | '.join(map(_inside, cells))} |"
    yield ""
