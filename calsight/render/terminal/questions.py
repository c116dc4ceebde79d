"""The report's questions in a terminal, one by one, as `calsight answer` asks them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from calsight.core.model.meetings import Meeting
from calsight.core.model.report import Question, Report
from calsight.core.wording.words import Words
from calsight.render.telling import after, headline
from calsight.render.terminal.meetings import who_or_why
from calsight.render.terminal.screen import Look

Choice: TypeAlias = Literal["yes", "no", "me", "skip"]
_EXAMPLES = 3
#: Questions about somebody who may also be the owner under another address.
_MAY_BE_ME = frozenset({"companion", "personal"})


class LevelView:
    """What is said, and how much is open: before the first question, and after the last."""

    def __init__(self, report: Report, words: Words, *, first: bool) -> None:
        self.report, self.words, self.first = report, words, first

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look, words, report = Look.of(options), self.words, self.report
        code = "answer_level" if self.first else "answer_level_now"
        yield Text()
        yield look.text(f"{words(code, level=report.flag.level)} {headline(report, words)}", "bold")
        yield look.text(words("answer_open", count=len(report.questions)), "dim")


class AskedView:
    """One question: what it asks, some of the meetings that hang on it, and what each answer leads to."""

    def __init__(self, asked: Question, meetings: Sequence[Meeting], words: Words) -> None:
        self.asked, self.meetings, self.words = asked, meetings, words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look, words = Look.of(options), self.words
        yield Text()
        yield look.text(words.said(self.asked.said), "bold")
        if self.meetings:
            yield Padding(self._examples(look), (0, 0, 0, 2), expand=False)
        rows = Table.grid(padding=(0, 2, 0, 0))
        for choice in choices(self.asked):
            rows.add_row(
                look.text(words(f"answer_{choice}"), "bold"), look.text(after(self.asked, choice, words), "dim")
            )
        yield Padding(rows, (0, 0, 0, 2), expand=False)

    def _examples(self, look: Look) -> Table:
        """The newest of the meetings; how many more there are."""
        words = self.words
        rows = Table.grid(padding=(0, 2, 0, 0))
        for meeting in self.meetings[-1 : -_EXAMPLES - 1 : -1]:
            title = meeting.event.title or words("no_title")
            who = who_or_why(meeting, words)
            rows.add_row(*(look.text(each, "dim") for each in (words.day(meeting.start, "full"), title, who)))
        more = len(self.meetings) - _EXAMPLES
        if more > 0:
            rows.add_row(look.text(words("and_more", count=more), "dim"))
        return rows


def choices(asked: Question) -> tuple[Choice, ...]:
    """What may be answered."""
    may_be_me = asked.code in _MAY_BE_ME and not asked.about.startswith("@")
    return ("yes", "no", "me", "skip") if may_be_me else ("yes", "no", "skip")


def understood(typed: str, allowed: Sequence[Choice], words: Words) -> Choice | None:
    """What was answered: a word of the language or of English, or the beginning of just one of them; None if that does not
    tell."""
    text = typed.strip().casefold()
    found = {
        one for one in allowed for word in (one, words(f"answer_{one}")) if text and word.casefold().startswith(text)
    }
    return found.pop() if len(found) == 1 else None
