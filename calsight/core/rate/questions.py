"""The questions whose answers would settle most (docs/scoring.md, "Readings").

A question is asked only where readings of the calendar differ. Each answer is tried: what would be said after a yes, and what
after a no? The question that turns the level comes first, then the one on which more meetings hang; three at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import DoubtCode, Meeting
from calsight.core.model.report import Question
from calsight.core.people.directory import Directory
from calsight.core.people.names import called
from calsight.core.rate.levels import LEVELS
from calsight.core.rate.readings import AWAY, Answers, Doubtful, Key, latest_levels, levels_of
from calsight.core.wording.reasons import reason

_MOST = 3
_MOST_TRIED = 12  # those on which most meetings hang


def questions(doubtful: Doubtful, frame: Frame, directory: Directory) -> list[Question]:
    """What to ask the owner, most decisive first; [] where all readings say the same."""
    options = frame.options.rate
    as_is = doubtful.read()
    if len(set(latest_levels(as_is, options))) == 1:
        return []
    keys = sorted(doubtful.keys.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_TRIED]
    answers = [Answers(**{side: frozenset([key])}) for key, _ in keys for side in ("yes", "no")]
    levels = levels_of([as_is, *map(doubtful.read, answers)], options)[:, -1].tolist()
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


def _question(key: Key, count: int, doubtful: Doubtful, directory: Directory) -> Question:
    code, about = key
    asked = f"ask_{code}"
    if code == AWAY:
        stretch = next(each for each in doubtful.exposure.stretches if each[0].isoformat() == about)
        said = reason(asked, first=stretch[0], last=_friday(stretch), weeks=count)
        command = f"calsight answer --code {code} --about {about}/{_friday(stretch)} --value yes"
        return Question(code=code, about=about, text=said.text, values=said.values, meetings=count, command=command)
    values: dict[str, Any] = {"meetings": count}
    if about:
        values["name"] = called(directory.person(about))
    if code == DoubtCode.SAME_NAME and (other := _other(key, doubtful.open)):
        asked, values["other"] = "ask_one_person", other
    said = reason(asked, **values)
    command = f"calsight answer --code {code}{f' --about {about}' if about else ''} --value yes"
    return Question(code=code, about=about, text=said.text, values=said.values, meetings=count, command=command)


def _friday(stretch: Sequence[date]) -> date:
    return stretch[-1] + timedelta(days=4)


def _other(key: Key, meetings: Sequence[Meeting]) -> str:
    """With whom somebody shares their name; "" where it is the owner."""
    for meeting in meetings:
        for doubt in meeting.doubts:
            if (doubt.code.value, doubt.about) == key and doubt.person is not None:
                return called(doubt.person)
    return ""
