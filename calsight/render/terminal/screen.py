"""What everything in a terminal is made with: the console, what it can do, and text that is safe there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from calsight.render.safe import clean
from calsight.render.terminal import plots

STATUS_STYLES = {"active": "green", "cooling": "yellow", "dormant": "red"}
#: A size that a screen may have.
_SIZE = re.compile("[1-9][0-9]{0,2}")
#: Typographic marks as ASCII has them.
_ASCII = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "·": "-",
        "•": "*",
        "→": "->",
        "×": "x",
        "\u00a0": " ",
    }
)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Whoever read our output has seen enough; rich would end the program as if it had failed."""
        raise BrokenPipeError


def console(file: IO[str] | None = None, *, width: int | None = None) -> Console:
    """A console for text that holds strangers' words: no markup, no emoji codes, no highlighting.

    rich itself keeps colour out of pipes and obeys NO_COLOR and COLUMNS, which may be anything: a container without a terminal
    has 0.
    """
    sized = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES") or _SIZE.fullmatch(value)
    }
    return _Console(file=file, width=width, markup=False, emoji=False, highlight=False, _environ=sized)


class Look(NamedTuple):
    """What the terminal can do: cells to a line, and whether only ASCII comes through."""

    width: int
    ascii_only: bool = False

    @classmethod
    def of(cls, options: ConsoleOptions) -> Look:
        """The look of a console."""
        return cls(options.max_width, options.ascii_only)

    @property
    def marks(self) -> plots.Marks:
        """The characters to draw with."""
        return plots.ASCII if self.ascii_only else plots.UNICODE

    def text(self, words: str, style: str = "") -> Text:
        """Words that are safe to print here."""
        safe = clean(words).replace(" %", "%").replace("\u00a0%", "%")  # or a line might begin with it
        return Text(safe.translate(_ASCII) if self.ascii_only else safe, style=style)


def bullets(sentences: Iterable[str], look: Look, style: str = "dim") -> Iterator[RenderableType]:
    """Sentences as a list; nothing where there are none."""
    rows = Table.grid(padding=(0, 1, 0, 0))
    for sentence in sentences:
        rows.add_row(look.text("•", style), look.text(sentence))
    if rows.row_count:
        yield rows
