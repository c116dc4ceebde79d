"""Sentences about what a calendar leaves open, and the questions about it."""

from __future__ import annotations

DOUBTS: dict[str, str] = {
    # --- what the level rests on ---
    "readings_differ": (
        "Read otherwise, this calendar shows {one_to_ones:# one-to-one|# one-to-ones}, and would not say “{level:label}”: so "
        "the most that is said is “watch”."
    ),
    "unread_entries": (
        "{entries:# entry|# entries} of these weeks could not be read, and may have been {entries:a one-to-one|one-to-ones}: "
        "calsight doctor lists them."
    ),
    "silence_differs": (
        "{weeks:# week|# weeks} {weeks:is|are} read as time away, for hardly anything of yours is in {weeks:it|them}; if you "
        "were there, this would say “{level:label}”."
    ),
    "rests_on_doubts": (
        "This counts {one_to_ones:# meeting|# meetings} that may have been no {one_to_ones:one-to-one|one-to-ones}; without "
        "{one_to_ones:it|them} it would say “{level:label}”."
    ),
    # --- what an entry could also be ---
    "doubt_unknown": "Nobody can tell who was there: it may have been a one-to-one.",
    "doubt_companion": "{name} may take no part in it: then it is a one-to-one with {person}.",
    "doubt_companions": "{name} and {other} may take no part in it: then it is a one-to-one with {person}.",
    "doubt_same_name": "{name} has your name and is read as you. If that is somebody else, this is a one-to-one with them.",
    "doubt_same_name_none": "{name} has your name and is read as you. If that is somebody else, this is no one-to-one.",
    "doubt_one_person": "{name} and {other} have one name and are read as one person. If they are two, this is no one-to-one.",
    "doubt_place": (
        "{name} is called like the place and is read as a room. If that is a person, this is a one-to-one with them."
    ),
    "doubt_place_none": "{name} is called like the place and is read as a room. If that is a person, this is no one-to-one.",
    "doubt_untitled": "It lists nobody, and may have been with one other all the same: then it is a one-to-one.",
    "doubt_unanswered": "You never answered it, and it is marked free. If you met all the same, it is a one-to-one.",
    "doubt_unanswered_none": "You never answered it. If you did not meet, it is no one-to-one.",
    "doubt_during_absence": "It lies inside an absence of yours. If you met all the same, it is a one-to-one.",
    "doubt_personal": "{name} has a private address, and is read as private. If you meet for work, it counts.",
    "doubt_personal_none": "{name} has a private address, and is read as work. If you meet in private, it does not count.",
    "doubt_about": "{meetings:# meeting hangs|# meetings hang} on who {name} is; `calsight answer` asks about it.",
    "doubt_mark": (
        "? It could also be something else: `calsight meetings --explain NUMBER` says what, `calsight answer` asks about it."
    ),
    # --- asking them ---
    "questions_title": "What only you can tell",
    "questions_open": "Answers may change what is said here. “calsight answer” asks them all; or type the line beside one.",
    "answers_lead_to": "Yes: then it says “{yes:label}”. No: then it says “{no:label}”.",
    "answers_lead_to_one": "Either way it says “{level:label}”.",
    "doctor_questions": (
        "{count:# question is|# questions are} open that only you can answer. See: calsight answer SOURCE"
    ),
    "answer_level": "Now: {level:label}.",
    "answer_level_now": "Then: {level:label}.",
    "answer_open": "{count:Nothing is open.|One question is open.|# questions are open.}",
    "answer_leads_to": "then it says “{level:label}”",
    "answer_yes": "yes",
    "answer_no": "no",
    "answer_me": "me",
    "answer_skip": "skip",
    "answer_yes_means": "that is so",
    "answer_no_means": "that is not so",
    "answer_me_means": "it is another address of mine",
    "answer_skip_means": "leave it open",
    "answer_unclear": "Please answer with one of: {choices:list}.",
    "answer_kept_setting": "Kept: answers.{key} = “{value}”, in {path}. To take it back: {command}",
    "answer_asked_again": "Taken back: answers.{key}, in {path}. The question is open again.",
    "answer_kept_correction": "{what} Kept in {path}. To take it back: {command}",
    # --- the questions; each is answered with yes or no ---
    "ask_unknown": (
        "{meetings:# entry does|# entries do} not say who was there (private, or shown as busy only). Were they one-to-ones?"
    ),
    "ask_companion": (
        "{meetings:# meeting lists|# meetings list} {name} as a third. Does {name} not take part: an assistant, a mailbox, a "
        "room, a machine, or another address of yours?"
    ),
    "ask_companions": (
        "{meetings:# meeting lists|# meetings list} {name} and {other} beside one more, always the two together. Do they not "
        "take part: an assistant, a mailbox, a room, a machine, or another address of yours?"
    ),
    "ask_same_name": "{name} has your name, and is on {meetings:# meeting|# meetings} of yours. Is this you too?",
    "ask_one_person": (
        "{name} and {other} have one name, and are on {meetings:# meeting|# meetings} together. Is that one person?"
    ),
    "ask_place": "{name} is on the list of {meetings:# meeting|# meetings}, and is called like the place. Is it a room?",
    "ask_untitled": (
        "{meetings:# entry lists|# entries list} nobody, and may have been with somebody all the same. Were they one-to-ones?"
    ),
    "ask_unanswered": "You never answered {meetings:# invitation|# invitations} for two. Did you meet?",
    "ask_during_absence": "{meetings:# meeting for two lies|# meetings for two lie} inside your absences. Did you meet?",
    "ask_personal": "You met {name} {meetings:once|# times} in working hours, under a private address. Was that work?",
    "ask_owner": (
        "{name} is on {meetings:# invitation|# invitations} of this calendar that leave {address} out. Is that you too?"
    ),
    "ask_away": (
        "From {first:day} to {last:day} hardly anything of yours is in the calendar, unlike in your other weeks. Were you away?"
    ),
}
