"""`calsight meetings`: every occurrence with its kind and reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from calsight.cli.common import Request, reads_sources, say_problems, write_lines
from calsight.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calsight.core.model.meetings import Meeting
    from calsight.core.wording.words import Words
    from calsight.pipeline import Judgement

#: The values of `calsight.Kind`, held equal by a test: importing it would slow every `--help`.
_KINDS = ("one_to_one", "group", "conference_call", "solo", "absence", "unknown", "excluded")


@click.command("meetings")
@reads_sources
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(_KINDS),
    help="Only these; may be repeated.",
)
@click.option("--json-lines", is_flag=True, help="One JSON object a line.")
@click.option(
    "--explain", "which", metavar="NUMBER", help="Say step by step why the entry of this line (or UID) is what it is."
)
def command(request: Request, kinds: tuple[str, ...], json_lines: bool, which: str | None) -> None:
    """List every entry with what it is and why. The lines are numbered, the same with --kind as without."""
    from calsight import pipeline
    from calsight.render.meeting_lines import meeting_line

    if which is not None and json_lines:
        raise UsageError("--explain is for reading; leave out --json-lines.")
    reading = request.read()
    judgement = pipeline.judge(reading)
    shown = judgement.listed
    if which is not None:
        _explain(judgement, shown, which, request.words(reading.zone))
        return
    chosen = [(number, m) for number, m in enumerate(shown, start=1) if not kinds or m.kind in kinds]
    if json_lines:
        write_lines(json.dumps(meeting_line(meeting), ensure_ascii=False) for _, meeting in chosen)
    else:
        from calsight.render.terminal.meetings import MeetingsView
        from calsight.render.terminal.screen import console

        console().print(MeetingsView(chosen, request.words(reading.zone)))
    say_problems([*reading.problems, *judgement.problems])


def _explain(judgement: Judgement, shown: Sequence[Meeting], which: str, words: Words) -> None:
    """Explain the entry of a line by its number, or every occurrence of a UID; and say how to correct it."""
    from calsight import pipeline
    from calsight.render.terminal.explain import ExplanationsView
    from calsight.render.terminal.screen import console

    explanations = pipeline.explained(judgement, which)
    if not explanations and which.isdecimal() and 1 <= int(which) <= len(shown):
        meeting = shown[int(which) - 1]
        explanations = [
            one for one in pipeline.explained(judgement, meeting.event.uid) if one.event.start == meeting.event.start
        ]
    if not explanations:
        raise UsageError(
            f"No entry {which} in these weeks. `calsight meetings SOURCE` numbers them; --json-lines shows every entry's uid."
        )
    console().print(ExplanationsView(explanations, words))
