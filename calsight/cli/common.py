"""What the commands share: the options that say what to read, progress, and output."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calsight.errors import UsageError
from calsight.settings.folders import state_dir

if TYPE_CHECKING:
    from calsight.core.model.events import Problem
    from calsight.core.wording.words import Words
    from calsight.pipeline import Judgement, Reading
    from calsight.protocols import Progress, ProgressCallback, SignsIn

    _DayType = click.ParamType[date]
else:
    _DayType = click.ParamType  # takes no parameter before click 8.4


class _Day(_DayType):
    """A day, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        from calsight.core.time.days import day_or_moment

        found = None
        with suppress(ValueError):
            found = day_or_moment(value)
        if found is None or isinstance(found, datetime):
            self.fail(f"{value!r} is not a date. Write it as 2026-03-31.", param, ctx)
        return found


DAY = _Day()
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked to have read."""

    sources: tuple[str, ...]
    me: tuple[str, ...]
    weeks: int | None
    as_of: date | None
    start: date | None
    end: date | None
    zone: str | None
    settings: Path | None
    no_cache: bool
    language: str | None
    quiet: bool

    @property
    def files(self) -> tuple[str | Path, ...]:
        """All that this request reads: its sources as typed, the settings and the corrections."""
        from calsight.settings.corrections_file import corrections_path
        from calsight.settings.file import default_path

        return (*self.sources, self.settings or default_path(), corrections_path(self.settings))

    def read(self) -> Reading:
        """Read the sources, with progress on a terminal."""
        from calsight import pipeline

        if not self.sources:
            raise UsageError("Name a SOURCE: a calendar file, a folder, an address, or a connector. Try: calsight demo")
        check_language(self.language)
        with progress_shown(quiet=self.quiet) as progress:
            return pipeline.read(
                self.sources,
                me=self.me,
                weeks=self.weeks,
                as_of=self.as_of,
                start=self.start,
                end=self.end,
                zone=self.zone,
                settings=self.settings,
                progress=progress,
                cache=not self.no_cache,
            )

    def judge(self) -> Judgement:
        """Read and judge the sources."""
        from calsight import pipeline

        return pipeline.judge(self.read())

    def words(self, zone: str) -> Words:
        """The words of the language that was asked for, else of the system's."""
        return words_of(self.language, zone)


def reads_sources(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command SOURCE… and the options that say what to read; it gets one `request`."""

    @functools.wraps(command)
    def wrapped(**given: Any) -> Any:
        request = Request(**{option.name: given.pop(option.name) for option in fields(Request)})
        return command(request=request, **given)

    decorated: Callable[..., Any] = wrapped
    for decorate in reversed(_READING):
        decorated = decorate(decorated)
    return decorated


_PATH = click.Path(path_type=Path)
#: No command is given it: `calsight.cli.main` looks for it itself, since a run may end before any command begins.
VERBOSE = click.option("--verbose", is_flag=True, expose_value=False, help="If something breaks, show where.")
LANGUAGE = click.option("--language", metavar="CODE", help="en or de; the system's if not given.")
SETTINGS = click.option("--settings", type=_PATH, metavar="FILE", help="Settings other than your own file.")
_READING: tuple[Callable[[Any], Any], ...] = (
    click.argument("sources", nargs=-1, metavar="SOURCE..."),
    click.option("--me", multiple=True, metavar="ADDRESS", help="Your e-mail address; may be given more than once."),
    click.option("--weeks", type=int, metavar="N", help="How many weeks back; 26 if not given."),
    click.option(
        "--as-of", type=DAY, metavar="DATE", help="Judge at the end of that day (YYYY-MM-DD); now if not given."
    ),
    click.option("--from", "start", type=DAY, metavar="DATE", help="First day (YYYY-MM-DD), instead of --weeks."),
    click.option("--to", "end", type=DAY, metavar="DATE", help="Last day (YYYY-MM-DD), included; today if not given."),
    click.option("--zone", metavar="ZONE", help="Your time zone, such as Europe/Berlin; the calendar's if not given."),
    SETTINGS,
    click.option("--no-cache", is_flag=True, help="Read everything anew, and keep nothing of it on this machine."),
    LANGUAGE,
    click.option("--quiet", is_flag=True, help="No progress."),
    VERBOSE,
)


def check_language(asked: str | None) -> None:
    """Raise `UsageError` for a language that is not there, before anything is read."""
    if asked is not None:
        from calsight.render import languages

        languages.check_language(asked)


def language_of(asked: str | None) -> str:
    """The language that was asked for, else the system's."""
    from calsight.render import languages

    return asked or languages.language_of(os.environ)


def words_of(asked: str | None, zone: str = "UTC") -> Words:
    """The words of the language that was asked for, else of the system's."""
    from calsight.render.languages import words_in

    return words_in(language_of(asked), zone=zone)


@contextmanager
def progress_shown(*, quiet: bool) -> Iterator[ProgressCallback | None]:
    """A callback that draws progress on stderr; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:

        def show(progress: Progress) -> None:
            if progress.calendar not in tasks:
                tasks[progress.calendar] = bars.add_task(progress.calendar, total=None)
            pages = "" if progress.pages is None else f", page {progress.pages}"
            description = f"{progress.calendar}{pages}, {progress.unit}"
            bars.update(
                tasks[progress.calendar], completed=progress.done, total=progress.total, description=description
            )

        yield show


def say_problems(problems: Sequence[Problem]) -> None:
    """What was set aside, on stderr."""
    from calsight.render.safe import clean

    for problem in problems[:_MOST_PROBLEMS]:
        click.echo(f"calsight: {clean(problem.text)}", err=True)
    if len(problems) > _MOST_PROBLEMS:
        click.echo(f"calsight: and {len(problems) - _MOST_PROBLEMS} more. See: calsight doctor", err=True)


def signs_in(name: str, settings: Path | None, given: Mapping[str, Any]) -> SignsIn:
    """The connector `name`, ready to sign in; `given` goes over its section of the settings.

    Raises `UsageError` for one that needs no sign-in.
    """
    from calsight.protocols import ConnectorContext, SignsIn
    from calsight.reading import plugins
    from calsight.settings.file import load_settings

    section = {**load_settings(settings).connectors.get(name, {}), **given}
    connector = plugins.make_connector(name, ConnectorContext(settings=section, state_dir=state_dir()))
    if not isinstance(connector, SignsIn):
        raise UsageError(f"The connector {name!r} needs no sign-in.")
    return connector


def say(text: str) -> None:
    """A sentence on stdout that may hold strangers' words; broken between words for a terminal, so that a path stays whole."""
    from calsight.render.safe import clean

    line = clean(text)
    if width := terminal_width():
        import textwrap

        line = textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
    click.echo(line)


def terminal_width() -> int:
    """How many columns the terminal has that stdout is; 0 where it is none."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def write_json(text: str) -> None:
    """One JSON document on stdout: UTF-8, whatever the terminal's encoding."""
    write_lines([text])


def write_lines(lines: Iterable[str]) -> None:
    """Lines on stdout in UTF-8."""
    sys.stdout.flush()
    out = sys.stdout.buffer
    for line in lines:
        out.write(line.encode() + b"\n")
    out.flush()
