"""How the numbers of a report on an organisation are said, for terminal and page alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from calsight.core.wording.words import Words
from calsight.org.out import FlowOut, GroupOut, NetworkOut, OrgDiagnosis, OrgReport, ShareOut

#: Whose hours a line of the table gives, in this order.
_KINDS = ("one_to_one", "group", "conference_call")


def share(found: ShareOut | None, words: Words) -> str:
    """A share as it may be said; "" for none."""
    if found is None:
        return ""
    if found.bound == "at_most":
        return words("org_at_most", share=found.value)
    if found.bound == "at_least":
        return words("org_at_least", share=found.value)
    return words("org_share", share=found.value)


def interval(found: ShareOut | None, words: Words) -> str:
    """The interval of a share; "" for none."""
    return "" if found is None else words("org_between", low=found.low, high=found.high)


def lead(report: OrgReport, words: Words) -> str:
    """The answer in one sentence; "" where too few people were judged for shares."""
    if (told := report.total.shares) is None:
        return ""
    said = {level: share(getattr(told, level), words) for level in ("at_risk", "watch", "ok")}
    return words("org_lead", between=interval(told.at_risk, words), **said)


def name(group: GroupOut, by: Sequence[str], words: Words) -> str:
    """What a group is called; one that only one of two groupings cuts out is called by that too ("level: 3")."""
    cut = zip(by, group.group, strict=False)
    said = [(column, value or words("org_unnamed")) for column, value in cut if value is not None]
    if len(said) == 1 < len(by):
        column, value = said[0]
        return words("org_cut", column=column, value=value)
    return " · ".join(value for _, value in said) or words("org_all")


def cells(group: GroupOut, words: Words) -> list[tuple[str, ShareOut | None]]:
    """What a line of the table says of a group that is told: each text, with the share that it says where it is one."""
    shares = group.shares
    levels = (shares.at_risk, shares.watch, shares.ok) if shares else (None, None, None)
    hours = group.hours or {}
    return [
        (words.number(group.people or 0, ","), None),
        *((share(each, words), each) for each in levels),
        (words.number(group.rate or 0.0, ".1f"), None),
        (words.number(group.breadth or 0.0, ".1f"), None),
        ("" if group.reach is None else words("org_share", share=group.reach), None),
        (share(group.isolated, words), group.isolated),
        (" / ".join(words.number(hours.get(kind, 0.0), ".1f") for kind in _KINDS), None),
    ]


def hidden(group: GroupOut, report: OrgReport, words: Words) -> str:
    """Why a group is hidden."""
    return words(f"org_{group.hidden}", floor=report.min_group) if group.hidden else ""


def flow(found: FlowOut, report: OrgReport, words: Words) -> str:
    """Living ties between two groups, in a sentence."""
    one, other = (each or words("org_unnamed") for each in (found.group, found.other))
    within = found.group == found.other
    if found.ties is None:
        return words("org_flow_few_within" if within else "org_flow_few", one=one, other=other, floor=report.min_group)
    return words("org_flow_within" if within else "org_flow", one=one, other=other, ties=found.ties)


def network(found: NetworkOut, words: Words) -> str:
    """How the groups hang together, in a sentence; "" where there are no two."""
    pairs = found.pairs_of_groups + found.without
    if not pairs:
        return ""
    if found.on_one_pair is None:
        return words("org_network_hidden", pairs=pairs, without=found.without)
    if found.without == found.on_one_pair == 0:
        return words("org_network_whole")
    return words("org_network", pairs=pairs, without=found.without, one=found.on_one_pair)


def doctor_lines(found: OrgDiagnosis, words: Words) -> Iterator[str]:
    """What `calsight.org.doctor.diagnose` found, line by line."""
    yield words("org_doctor_fine" if found.judgeable else "org_doctor_not_yet")
    yield words("org_doctor_people", people=found.people, mailboxes=found.mailboxes, judged=found.judged)
    for count, code in (
        (found.missing, "org_ingest_missing"),
        (found.insufficient, "org_doctor_insufficient"),
        (found.not_theirs, "org_doctor_not_theirs"),
        (found.silent_early, "org_doctor_silent"),
    ):
        if count:
            yield words(code, count=count)
    if found.unknown:
        yield words("org_doctor_unknown", share=found.unknown)
    for cause, count in found.problems.items():
        yield words("org_doctor_problem", count=count, cause=cause)
    if found.groupings:
        yield words("org_doctor_groupings", names=", ".join(found.groupings))
    else:
        yield words("org_doctor_no_groupings")


#: The heads of the table's columns, as codes, in the order of `cells`, after the group's name. The first so many of `cells`
#: say how a group stands, the others how it meets.
HEADS = (
    *("org_head_group", "org_head_people", "org_head_at_risk", "org_head_watch", "org_head_ok", "org_head_rate"),
    *("org_head_breadth", "org_head_reach", "org_head_isolated", "org_head_hours"),
)
STANDING = 4
