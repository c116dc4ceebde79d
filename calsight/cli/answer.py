"""`calsight answer`: the report's questions one by one; each answer is a setting or a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from calsight.cli.common import Request, reads_sources, say, words_of
from calsight.errors import UsageError

if TYPE_CHECKING:
    from calsight.core.judging.answers import Answer, Value
    from calsight.core.model.report import Question
    from calsight.core.wording.words import Words
    from calsight.pipeline import Judgement
    from calsight.render.terminal.questions import Choice

#: `calsight.core.judging.answers.CODES`, held equal by a test: importing that module would slow every `--help`.
_CODES = (
    *("unknown", "untitled", "unanswered", "during_absence"),
    *("companion", "same_name", "place", "personal", "owner", "away"),
)


@click.command("answer", short_help="Answer what your calendar leaves open, question by question.")
@reads_sources
@click.option("--code", type=click.Choice(_CODES), help="Answer this question without being asked; needs no SOURCE.")
@click.option("--about", default="", metavar="WHO", help="Whom it is about, or FIRST/LAST day.")
@click.option("--with", "other", default="", metavar="ADDRESS", help="The other of two that one question is about.")
@click.option("--value", type=click.Choice(("yes", "no", "me", "ask")), help="The answer; ask takes a setting back.")
def command(request: Request, code: str | None, about: str, other: str, value: str | None) -> None:
    """Answer what your calendar leaves open, one question after the other.

    What an answer would change is said before you give it. Each is kept, as a setting or a correction, and can be taken back.
    """
    if code is None:
        if value is not None or about or other:
            raise UsageError("Say which question it answers: --code CODE.")
        _walk_through(request)
        return
    if value is None:
        raise UsageError("Say what the answer is: --value yes or --value no.")
    from calsight.core.judging.answers import answer
    from calsight.settings.checks import answer_fault

    if fault := answer_fault(code, about, other):
        raise UsageError(fault)
    try:
        given = answer(code, about, cast("Value", value), other=other)
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None
    say(_keep(given, request, words_of(request.language)))


def _walk_through(request: Request) -> None:
    from calsight import pipeline
    from calsight.core.judging.answers import answer
    from calsight.pipeline.answers import answered, hang_on
    from calsight.render.terminal.questions import AskedView, LevelView
    from calsight.render.terminal.screen import console

    judgement = request.judge()
    screen, words = console(), request.words(judgement.reading.zone)
    skipped: set[tuple[str, str]] = set()
    report = pipeline.report(judgement)
    screen.print(LevelView(report, words, first=True))
    while (asked := _next(report.questions, skipped)) is not None:
        screen.print(AskedView(asked, hang_on(asked, judgement.account.exposure.seen), words))
        chosen = _choice(asked, words)
        if chosen == "skip":
            skipped.add((asked.code, asked.about))
            continue
        given = answer(asked.code, asked.about, chosen, other=asked.other)
        say(_keep(given, request, words, judgement))
        judgement = pipeline.judge(answered(judgement.reading, given))
        report = pipeline.report(judgement)
    screen.print(LevelView(report, words, first=False))


def _next(questions: list[Question], skipped: set[tuple[str, str]]) -> Question | None:
    return next((asked for asked in questions if (asked.code, asked.about) not in skipped), None)


def _choice(asked: Question, words: Words) -> Choice:
    """What is answered, asked again until it is understood. Enter skips."""
    from calsight.render.terminal.questions import choices, understood

    allowed = choices(asked)
    while True:
        typed = click.prompt(" ", default=words("answer_skip"), prompt_suffix="> ")
        if chosen := understood(str(typed), allowed, words):
            return chosen
        say(words("answer_unclear", choices=[words(f"answer_{one}") for one in allowed]))


def _keep(given: Answer, request: Request, words: Words, judgement: Judgement | None = None) -> str:
    """Keep an answer where it belongs; what was kept, where, and how it is taken back."""
    from calsight.core.judging.corrected import said
    from calsight.core.model.meetings import Owner
    from calsight.core.model.options import PeopleOptions
    from calsight.core.people.directory import Directory
    from calsight.settings.corrections_file import add_correction, corrections_path, load_corrections
    from calsight.settings.file import default_path, write_settings

    told = []
    for key, value in given.settings.items():
        path = request.settings or default_path()
        write_settings(path, {f"answers.{key}": None if value == "ask" else value})
        if value == "ask":
            told.append(words("answer_asked_again", key=key, path=str(path)))
            continue
        undo = f"calsight answer --code {key} --value ask"
        told.append(words("answer_kept_setting", key=key, value=value, path=str(path), command=undo))
    for correction in given.corrections:
        path = corrections_path(request.settings)
        add_correction(path, correction)
        number = load_corrections(path).index(correction) + 1
        meetings = judgement.meetings if judgement else ()
        directory = judgement.directory if judgement else Directory(Owner(), PeopleOptions())
        what = " ".join(words.all_said(said([correction], meetings, directory, words.zone)))
        undo = f"calsight correct undo {number}"
        told.append(words("answer_kept_correction", what=what, path=str(path), command=undo))
    return " ".join(told)
