"""Why an entry is what it is: the questions of the table of rules, and who was there.

Part of `calsight.core.wording.catalogue`.
"""

from __future__ import annotations

EXPLANATIONS: dict[str, str] = {
    # --- the table of rules (calsight.core.judging.rows) ---
    "rule_cancelled": "Is it cancelled?",
    "rule_declined": "Did you decline it?",
    "rule_out_of_office": "Does it say that you are away?",
    "rule_focus_time": "Is it focus time, with nobody else in it?",
    "rule_marker": "Is it only a marker (working location, birthday)?",
    "rule_all_day": "Is it all-day?",
    "rule_free": "Is it marked free, and did you neither organise nor accept it?",
    "rule_no_duration": "Does it take no time?",
    "rule_not_attending": "Do you organise it for others, without being on the list?",
    "rule_during_absence": "Does at least half of it lie inside an absence of yours?",
    "rule_title_says_so": "Is nobody else listed, and does the title settle it?",
    "rule_participants_unknown": "Does the source leave open who was there?",
    "rule_possible_delegate": "Might its organizer only have booked it for you two?",
    "rule_automated": "Does a machine invite, or is it a webinar or the like?",
    "rule_alone": "Is nobody but you in it?",
    "rule_not_accepted": "Is it for two, and did one not accept (setting `strict`)?",
    "rule_two_people": "Is exactly one other person in it?",
    "rule_many_people_remote": "Do two or more others take part, all from afar?",
    "rule_many_people": "Do two or more others take part?",
    "rule_plugin": "Does the rule {rule} decide?",
    # --- who was on the list (calsight.core.judging.explain) ---
    "copies": (
        "It is in {count} copies ({sources:list}). Taken was the one with the highest SEQUENCE; of several the one that "
        "was touched last, then one that says who takes part, then the one with most attendees."
    ),
    "copies_unnamed": (
        "It is in {count} copies (without a name). Taken was the one with the highest SEQUENCE; of several the one that "
        "was touched last, then one that says who takes part, then the one with most attendees."
    ),
    "nameless": "Someone without name and address",
    "attendee_you": "{who:named}: you; {answer:label}.",
    "attendee_not_counted": "{who:named}: {answer:label}, so not counted.",
    "attendee_person": "{who:named}: {answer:label}, counted{guests:|, brings # more|, brings # more}.",
    "attendee_group": (
        "{who:named}: {answer:label}, a group address, so more than one person{guests:|, brings # more|, brings # more}."
    ),
    "attendee_nameless": (
        "{who:named}: {answer:label}, someone, but nobody knows who{guests:|, brings # more|, brings # more}."
    ),
    "attendee_aside": "{who:named}: set aside: {role:label}.",
    "leader_you": "{who:named}: you organise it.",
    "leader_aside": "{who:named}: organises it; set aside: {role:label}.",
    "leader_counted": "{who:named}: organises it, counted.",
    "leader_declined": "{who:named}: organises it, declined, so not counted.",
    "leader_absent": "{who:named}: organises it without taking part, so not counted.",
    "leader": "{who:named}: organises it.",
    "beside_at_least": "Beside you at least {count} others; how many exactly is unknown.",
    "beside": "{count:Nobody is known to have been there but you|Beside you one other|Beside you # others}.",
    "label_accepted": "accepted",
    "label_tentative": "tentative",
    "label_needs_action": "did not answer",
    "label_delegated": "sends someone else",
    "label_aside_room": "a room",
    "label_aside_resource": "a room or other resource",
    "label_aside_calendar": "a calendar, not a person",
    "label_aside_bot": "a bot",
    "label_aside_no_reply": "an address that nobody reads",
    "label_aside_assistant": "books for others (settings: assistants)",
    "label_aside_automated": "a service or function that invites many people",
}
