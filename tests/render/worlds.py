"""Reports that a page must survive: a crowd, names in all scripts, and names that attack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from calsight.core.reasons import reason
from calsight.core.report import OwnerOut, PersonOut, ProblemOut, Report, SourceOut
from render.reports import AS_OF, a_comparison, a_report, an_empty_report, tie

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


def a_crowd(people: int = 400) -> Report:
    """A busy year's half: 5,000 meetings with 400 people."""
    names = tuple(f"Person {number:03d} Surname" for number in range(people))
    report = a_report("ok")
    ties = [
        tie(name, place % 12, person=PersonOut(id=f"p{place}", name=name, address=""), interactions=1 + place % 14)
        for place, name in enumerate(names)
    ]
    problem = ProblemOut(code="bad_entry", text="An entry has no start and was set aside.", source="work.ics")
    return report.model_copy(
        update={
            "relationships": ties,
            "counts": report.counts.model_copy(update={"one_to_one": 1200, "group": 2900, "conference_call": 900}),
            "problems": [problem] * 300,
        }
    )


def of_names(names: tuple[str, ...], owner: str) -> Report:
    """A report in which everything that a calendar can say is one of `names`."""
    report = a_report("watch", names=names)
    text = " ".join(names)
    return report.model_copy(
        update={
            "owner": OwnerOut(name=owner, addresses=[f"{owner}@example.com"], zone="Europe/Madrid"),
            "sources": [SourceOut(name=name, occurrences=3, problems=0) for name in names],
            "problems": [ProblemOut(code="bad_entry", text=name, source=name, uid=name) for name in names],
            "next_actions": [reason("action_reach_out", name=name, days=40, gap_days=14) for name in names],
            "excluded": {names[0]: 3, "declined": 2},
            "flag": report.flag.model_copy(
                update={"reasons": [*report.flag.reasons, reason("possible_delegate", names=list(names), meetings=7)]}
            ),
            "comparison": a_comparison().model_copy(
                update={"changes": [reason("tie_booked", name=text, next=AS_OF + timedelta(days=3))]}
            ),
        }
    )


#: Name → the report.
WORLDS: dict[str, Callable[[], Report]] = {
    "at_risk": lambda: a_report("at_risk"),
    "watch": lambda: a_report("watch", comparison=a_comparison()),
    "ok": lambda: a_report("ok"),
    "insufficient": lambda: a_report("insufficient_data"),
    "empty": an_empty_report,
    "crowd": a_crowd,
    "scripts": lambda: of_names(SCRIPTS, "محمد عبد الرحمن"),
    "attacks": lambda: of_names(ATTACKS, "<script>window.pwned=1</script>"),
}
