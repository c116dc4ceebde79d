"""Reports that a page must survive: a crowd, names in all scripts, and names that attack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from calsight import pipeline
from calsight.core.model.events import Calendar
from calsight.core.model.report import OwnerOut, OwnPerson, PersonOut, ProblemOut, Question, Report, SourceOut
from calsight.core.wording.reasons import reason
from calsight.demo import SITUATIONS, invent
from calsight.testing import event
from render.reports import AS_OF, a_comparison, a_report, an_empty_report

ATTACKS = (
    "<script>window.pwned=1</script>",
    "</style><script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    '"><img src=x onerror="window.pwned=1">',
    "' onmouseover='window.pwned=1' x='",
    "javascript:window.pwned=1",
    "<a href=javascript:window.pwned=1>Ana</a>",
    "<svg onload=window.pwned=1>",
    "{{ 7*7 }}{% for x in y %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    '=HYPERLINK("http://evil.example","Ana")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "]]><!-- -->",
    "&lt;b&gt;&#x3c;i&#x3e;",
    "[Ana](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "[[wiki]] #tag %%hidden%% ==mark== $x$ `code` ~~no~~",
    "a | b | c",
    "---\nlevel: ok",
    "bell\x07null\x00esc\x1b[31m",
)
SCRIPTS = (
    "محمد عبد الرحمن بن عبد العزيز",
    "דוד בן־גוריון",
    "王小明",
    "Ελένη Παπαδοπούλου",
    "ไพศาล",
    "👩‍🚀 Zoë",
    "\u202egnp.eciovni\u202c",
    "W" * 400,
    "Wolfeschlegelsteinhausenbergerdorff " * 12,
    "",
)


def a_crowd() -> Report:
    """5,000 meetings with 400 people in half a year, through the whole road."""
    calendar = Calendar(id="crowd", name="crowd", zone="UTC", owner=("me@example.com",), names_people=True)
    first = datetime(2025, 9, 1, 8, tzinfo=UTC)
    events = []
    for number in range(5000):
        day, turn = divmod(number, 39)
        at = first + timedelta(days=day // 5 * 7 + day % 5, minutes=14 * turn)
        who = [f"person{(number * 7 + number // 400 + other) % 400:03d}" for other in range(1 if number % 4 else 3)]
        events.append(event("me", *who, at=at, minutes=14, calendar=calendar, uid=f"crowd-{number}"))
    return pipeline.analyze(events, as_of=AS_OF, settings={"work": {"zone": "UTC"}}, cache=False)


def of_the_demo(situation: str) -> Report:
    """One of the four invented calendars."""
    invented = invent(situation, as_of=AS_OF)
    with TemporaryDirectory() as folder:
        path = Path(folder) / invented.file_name
        path.write_bytes(invented.ics)
        return pipeline.analyze(path, as_of=AS_OF, settings={}, cache=False)


def a_question(name: str) -> Question:
    said = reason("ask_companion", meetings=7, name=name)
    command = f"calsight answer --code companion --about {name} --value yes"
    return Question(code="companion", about=name, text=said.text, values=said.values, meetings=7, command=command)


def of_names(names: tuple[str, ...], owner: str) -> Report:
    """A report in which everything that a calendar can say is one of `names`."""
    report = a_report("watch", names=names)
    text = " ".join(names)
    return report.model_copy(
        update={
            "owner": OwnerOut(name=owner, addresses=[f"{owner}@example.com"], zone="Europe/Madrid"),
            "sources": [SourceOut(name=name, occurrences=3, problems=0) for name in names],
            "problems": [ProblemOut(code="bad_entry", text=name, source=name, uid=name) for name in names],
            "own_people": [
                OwnPerson(
                    person=PersonOut(id=name, name=name, address=""),
                    every_weeks=3,
                    is_due=True,
                    reason=reason("keep_never", name=name, weeks=3),
                )
                for name in names
            ],
            "next_actions": [reason("action_reach_out", name=name, days=40, gap_days=14) for name in names],
            "excluded": {names[0]: 3, "declined": 2},
            "questions": [a_question(name) for name in names],
            "comparison": a_comparison().model_copy(
                update={"changes": [reason("tie_booked", name=text, next=AS_OF + timedelta(days=3))]}
            ),
        }
    )


#: Name → the report.
WORLDS: dict[str, Callable[[], Report]] = {
    "watch": lambda: a_report("watch", comparison=a_comparison()),
    **{situation: partial(of_the_demo, situation) for situation in SITUATIONS},
    "empty": an_empty_report,
    "crowd": a_crowd,
    "scripts": lambda: of_names(SCRIPTS, "محمد عبد الرحمن"),
    "attacks": lambda: of_names(ATTACKS, "<script>window.pwned=1</script>"),
}
