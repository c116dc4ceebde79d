"""The questions whose answers would settle most (docs/scoring.md, "Readings").

A question is asked only where readings of the calendar differ. Each answer is tried: what would be said after a yes, and what
after a no? The question that turns the level comes first, then the one on which more meetings hang; three at most.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import AWAY, OWNER, Meeting
from calsight.core.model.report import Question, asked_of_two
from calsight.core.people.directory import Directory
from calsight.core.people.names import called
from calsight.core.people.unlisted import Unlisted
from calsight.core.rate.levels import LEVELS
from calsight.core.rate.readings import Answers, Doubtful, Key, key_of, latest_levels, levels_of
from calsight.core.wording.reasons import reason

_MOST = 3
_MOST_TRIED = 12  # those on which most meetings hang


def questions(doubtful: Doubtful, frame: Frame, directory: Directory) -> list[Question]:
    """What to ask the owner, most decisive first; [] where all readings say the same."""
    options = frame.options.rate
    as_is = doubtful.as_is
    if as_is.one_way or len(set(latest_levels(as_is, options))) == 1:
        return []
    keys = sorted(doubtful.keys.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_TRIED]
    answers = [Answers(**{side: frozenset([key])}) for key, _ in keys for side in ("yes", "no")]
    levels = levels_of([as_is, *map(doubtful.read, answers)], options, since=-1)[:, -1].tolist()
    now, tried = levels[0], list(zip(levels[1::2], levels[2::2], strict=True))

    def decisive(place: int) -> tuple[bool, int, Key]:
        key, hang_on_it = keys[place]
        return (tried[place] == (now, now), -hang_on_it, key)

    found = []
    for place in sorted(range(len(keys)), key=decisive)[:_MOST]:
        (key, count), (yes, no) = keys[place], tried[place]
        would = {"would": LEVELS[yes], "would_not": LEVELS[no]}
        found.append(_question(key, count, doubtful, directory).model_copy(update=would))
    return found


def owner_question(unlisted: Unlisted, directory: Directory) -> list[Question]:
    """Whether whoever is on most of the invitations that leave the owner out is the owner too; [] where nobody is."""
    if not unlisted.candidates:
        return []
    about, count = unlisted.candidates[0]
    name = called(directory.person(about))
    said = reason(f"ask_{OWNER}", name=name, meetings=count, address=directory.owner.addresses[0])
    return [
        Question(
            code=OWNER,
            about=about,
            text=said.text,
            values=said.values,
            meetings=count,
            command=command(OWNER, about),
        )
    ]


def command(code: str, about: str = "", other: str = "", value: str = "yes") -> str:
    """What is typed to answer a question; what comes from a calendar is quoted for the shell."""
    words = ["calsight", "answer", "--code", code]
    words += ["--about", about] if about else []
    words += ["--with", other] if other else []
    return shlex.join([*words, "--value", value])


def _question(key: Key, count: int, doubtful: Doubtful, directory: Directory) -> Question:
    code, about = key
    asked = f"ask_{code}"
    if code == AWAY:
        stretch = next(each for each in doubtful.exposure.stretches if each[0].isoformat() == about)
        said = reason(asked, first=stretch[0], last=_friday(stretch), weeks=count)
        days = f"{stretch[0]}/{_friday(stretch)}"
        return Question(
            code=code, about=days, text=said.text, values=said.values, meetings=count, command=command(code, days)
        )
    values: dict[str, Any] = {"meetings": count}
    if about:
        values["name"] = called(directory.person(about))
    if other := _other(key, doubtful.meetings):
        asked, values["other"] = asked_of_two(code), called(directory.person(other))
    said = reason(asked, **values)
    return Question(
        code=code,
        about=about,
        other=other,
        text=said.text,
        values=said.values,
        meetings=count,
        command=command(code, about, other),
    )


def _friday(stretch: Sequence[date]) -> date:
    return stretch[-1] + timedelta(days=4)


def _other(key: Key, meetings: Iterable[Meeting]) -> str:
    """The id of whom somebody shares their name with, or always comes with; "" where it is the owner, or nobody."""
    doubts = (doubt for meeting in meetings for doubt in meeting.doubts)
    return next((doubt.also for doubt in doubts if key_of(doubt) == key and doubt.also), "")
