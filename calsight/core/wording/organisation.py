"""What is said of a whole organisation (`calsight org`). Part of `calsight.core.wording.catalogue`."""

from __future__ import annotations

ORGANISATION: dict[str, str] = {
    # --- notes of the report (calsight.org.reporting) ---
    "org_method": (
        "Each person is judged as calsight judges them alone; said is only what groups of {floor} people or more have in "
        "common, shares of levels from ten people on, rounded to 5 %."
    ),
    "org_answers": (
        "Nobody was asked, so doubtful entries stay open: at risk is only who is so in every reasonable reading."
    ),
    "org_missing": (
        "{count:# person|# people} on the list {count:has|have} no mailbox here, and {count:is|are} not in any number."
    ),
    "org_hidden": (
        "{count:# group is|# groups are} hidden: too small, or their numbers would give a small one away. Hidden is not nought."
    ),
    "org_caveat": (
        "A calendar shows meetings that were planned in it, not corridors, chats or calls. These numbers say where to look and "
        "to ask; they are no measure of anybody's work."
    ),
    # --- terminal and page ---
    "org_title": "One-to-ones in the organisation",
    "org_span": "{weeks:# week|# weeks} up to {as_of:day}: {judged:# person|# people} judged, of {people} on the list",
    "org_lead": (
        "At risk of becoming invisible: {at_risk} of the people judged (80 % interval: {between}). Watch: {watch}. "
        "Well: {ok}."
    ),
    "org_all": "all",
    "org_cut": "{column}: {value}",
    "org_groups": "How the groups stand",
    "org_columns": (
        "At risk, watch and well: the share of the people judged at each level. No tie: the share of people without a living "
        "tie. All else is the mean over a group's people: one-to-ones a week; among how many they are shared out; the share of "
        "living ties that lead out of the group; hours a week."
    ),
    "org_head_group": "group",
    "org_head_people": "people",
    "org_head_at_risk": "at risk",
    "org_head_watch": "watch",
    "org_head_ok": "well",
    "org_head_rate": "1:1s a week",
    "org_head_breadth": "people met",
    "org_head_reach": "ties outside",
    "org_head_isolated": "no tie",
    "org_head_hours": "hours 1:1 / group / call",
    "org_share": "{share:percent}",
    "org_at_most": "≤ {share:percent}",
    "org_at_least": "≥ {share:percent}",
    "org_between": "{low:percent} to {high:percent}",
    "org_few": "fewer than {floor} people",
    "org_margins": "would give a small group away",
    "org_changed": "changed by a few people since the last report",
    "org_unnamed": "(none named)",
    "org_weeks": "Week by week",
    "org_flows": "Between groups",
    "org_flow": "{one} and {other}: {ties:# living tie|# living ties}",
    "org_flow_within": "within {one}: {ties:# living tie|# living ties}",
    "org_flow_few": "{one} and {other}: fewer than {floor} people on a side meet",
    "org_flow_few_within": "within {one}: fewer than {floor} people meet",
    "org_network": (
        "Of {pairs:# pair|# pairs} of groups {without} {without:has|have} no living tie between them, and {one} "
        "{one:rests|rest} on one pair of people alone."
    ),
    "org_network_hidden": "Of {pairs:# pair|# pairs} of groups {without} {without:has|have} no living tie between them.",
    "org_network_whole": "Between every two groups there are living ties, and none hangs on one pair of people alone.",
    "org_notes": "How to read this",
    "org_page_interval": "In brackets: how sure the share is (80 % interval).",
    "org_page_week": "Share at risk at the end of each week",
    "org_page_week_head": "week",
    "org_page_hidden": "What is hidden",
    # --- ingest, doctor, demo ---
    "org_ingested": (
        "{mailboxes:# mailbox|# mailboxes}, {read} of them read now: {entries:# entry|# entries} in {folder}."
    ),
    "org_ingest_missing": "{count:# person|# people} on the list {count:has|have} no mailbox among the sources.",
    "org_ingest_strangers": (
        "{count:# mailbox belongs|# mailboxes belong} to nobody on the list, and {count:was|were} left alone."
    ),
    "org_demo": "Written: {folder}. Now try:",
    "org_doctor_people": (
        "{people:# person|# people} on the list, {mailboxes:# mailbox|# mailboxes}, {judged} can be judged."
    ),
    "org_doctor_insufficient": "{count:# calendar says|# calendars say} too little to judge by.",
    "org_doctor_not_theirs": (
        "{count:# mailbox seems|# mailboxes seem} to be somebody else's: the owner is on no invitation."
    ),
    "org_doctor_silent": "{count:# mailbox ends|# mailboxes end} two weeks or more before the day of the report.",
    "org_doctor_unknown": "Of {share:percent} of the meetings nobody knows who was there.",
    "org_doctor_problem": "{count:# entry or file|# entries or files} could not be read ({cause}).",
    "org_doctor_groupings": "Groups can be made by: {names}.",
    "org_doctor_no_groupings": "No groups can be made: name columns with `calsight org ingest --group-by COLUMN`.",
    "org_doctor_fine": "A report can be made.",
    "org_doctor_not_yet": "No report can be made yet.",
}
