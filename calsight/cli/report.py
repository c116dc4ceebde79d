"""`calsight report`: the main job."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from calsight.cli.common import Request, language_of, reads_sources, write_json
from calsight.cli.files import FORCE, check_target, write_file
from calsight.errors import UsageError
from calsight.kit.texts import read_bounded
from calsight.settings.folders import state_dir

if TYPE_CHECKING:
    from calsight.core.model.report import Report
    from calsight.render.html.paper import Size

_PDF, _CARD = "--pdf", "--card"  # what no renderer is called
_FILE = click.Path(path_type=Path)
#: Bytes of an earlier report.
_MOST = 100_000_000


@click.command("report", short_help="Say how often you meet one-to-one, how sure that is, and why.")
@reads_sources
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON document (calsight.report/1).")
@click.option("--schema", is_flag=True, help="The JSON Schema of that document; reads nothing.")
@click.option("--html", type=_FILE, metavar="FILE", help="The report as one page that needs nothing else.")
@click.option("--pdf", type=_FILE, metavar="FILE", help="That page as a PDF, laid out for paper.")
@click.option("--paper", type=click.Choice(["A4", "Letter"]), default="A4", show_default=True, help="The PDF's paper.")
@click.option("--for", "reader", type=click.Choice(["coach"]), help="Make --html and --pdf a page for a conversation.")
@click.option("--card", type=_FILE, metavar="FILE", help="A card to share (.svg or .png), without any name.")
@click.option("--markdown", type=_FILE, metavar="FILE", help="The report as Markdown with front matter.")
@click.option(
    "--render", nargs=2, multiple=True, metavar="NAME FILE", help="The report as another installed renderer has it."
)
@click.option("--private", is_flag=True, help="Initials instead of names, and no addresses.")
@click.option("--redact", is_flag=True, help="Numbers only, safe to post in a bug report.")
@click.option("--baseline", type=_FILE, metavar="OLD.json", help="Say what changed since that report (of --json).")
@FORCE
def command(request: Request, **forms: Any) -> None:
    """Say how many one-to-ones there are, how sure that is, and why.

    Try: calsight report work.ics --html report.html
    """
    _run(request, _Forms(**forms))


class _Forms(NamedTuple):
    """In which forms the report is asked for, and what is done to it first; see the options."""

    as_json: bool
    schema: bool
    html: Path | None
    pdf: Path | None
    paper: Size
    reader: str | None
    card: Path | None
    markdown: Path | None
    render: tuple[tuple[str, str], ...]
    private: bool
    redact: bool
    baseline: Path | None
    force: bool

    @property
    def files(self) -> list[tuple[str, Path]]:
        """Renderer and file of each."""
        named = (("html", self.html), ("markdown", self.markdown), (_PDF, self.pdf), (_CARD, self.card))
        own = [(name, path) for name, path in named if path is not None]
        return [*own, *((name, Path(path)) for name, path in self.render)]


def _run(request: Request, forms: _Forms) -> None:
    if forms.schema:
        from calsight.core.model.report import Report

        write_json(json.dumps(Report.json_schema(), indent=2, ensure_ascii=False))
        return
    if sum(str(path) == "-" for _, path in forms.files) + forms.as_json > 1:
        raise UsageError("Only one form of the report fits on standard output. Name a file for the others.")
    if forms.reader and not (forms.html or forms.pdf):
        raise UsageError("--for coach makes a page: give --html FILE or --pdf FILE too.")
    if forms.card and forms.card.suffix.lower() not in {".svg", ".png"}:
        raise UsageError(f"{forms.card}: a card is an .svg or a .png file.")
    read = (*request.files, *filter(None, [forms.baseline]))
    _check_targets(forms, read)
    with _engine_started(forms):
        _report(request, forms, read)


def _report(request: Request, forms: _Forms, read: Sequence[str | Path]) -> None:
    from calsight import pipeline
    from calsight.pipeline import history

    report: Report = pipeline.report(request.judge())
    history.remember(report, state_dir())
    if forms.baseline is not None:
        report = _against(report, forms.baseline)
    if forms.private or forms.redact:
        report = _without_names(report, numbers_only=forms.redact)
    # All of them before the first is written: what cannot be rendered leaves no other form behind.
    for path, made in [(path, _made(report, name, path, forms, request)) for name, path in forms.files]:
        write_file(path, made, read, force=forms.force)
    if forms.as_json:
        from calsight.render.languages import said_in

        write_json(said_in(report, request.language or "en").to_json())  # the system's is for people, not for programs
    elif not forms.files:
        _show(report, request)


def _engine_started(forms: _Forms) -> AbstractContextManager[None]:
    """What draws a page's charts, starting while the calendar is read."""
    if forms.html or forms.pdf:
        with suppress(ModuleNotFoundError):  # said where the page is made
            from calsight.render.html.drawing import started

            return started()
    return nullcontext()


def _made(report: Report, name: str, path: Path, forms: _Forms, request: Request) -> bytes:
    """One form of the report."""
    words = request.words(report.owner.zone)
    if name == _CARD:
        from calsight.render.html.card import card_png, card_svg

        return card_png(report, words) if path.suffix.lower() == ".png" else card_svg(report, words).encode()
    if name == "html" and forms.reader:
        from calsight.render.html.coach import conversation

        return conversation(report, words).encode(errors="replace")
    if name == _PDF:
        from calsight.render.html import coach, paper

        if forms.reader:
            return paper.printed(coach.conversation(report, words), size=forms.paper)
        return paper.pdf(report, words, size=forms.paper)
    from calsight.render.rendered import rendered

    return rendered(report, name, language=language_of(request.language)).encode(errors="replace")


def _show(report: Report, request: Request) -> None:
    from calsight.render.terminal.report import ReportView
    from calsight.render.terminal.screen import console

    console().print(ReportView(report, request.words(report.owner.zone)))


def _check_targets(forms: _Forms, read: Iterable[str | Path]) -> None:
    """Raise `UsageError` before anything is read where a form cannot be written, or two would go to one file."""
    files = [path for _, path in forms.files]
    for path in files:
        check_target(path, read, force=forms.force)
    # Names that differ in case only are one file on many systems.
    if len({str(path.resolve()).casefold() for path in files}) < len(files):
        raise UsageError("Two forms of the report would go to one file. Name a file for each.")


def _without_names(report: Report, *, numbers_only: bool) -> Report:
    from calsight.render import redact

    return redact.redact(report) if numbers_only else redact.private(report)


def _against(report: Report, path: Path) -> Report:
    """The report with what changed since the one in `path`. Raises `UsageError` where that is none, or none of this owner's."""
    from pydantic import ValidationError

    from calsight.core.model.report import Report
    from calsight.core.next.compare import compare

    try:
        before = Report.model_validate_json(read_bounded(path, _MOST))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from None
    except ValidationError:
        raise UsageError(
            f"{path} is no report of calsight's. A baseline is what `calsight report --json` printed."
        ) from None
    try:
        return report.model_copy(update={"comparison": compare(report, before)})
    except ValueError as error:
        raise UsageError(f"{path} cannot be compared with: {error}.") from None
