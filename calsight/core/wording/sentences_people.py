"""Sentences about people, situations, the index and corrections; part of `calsight.core.wording.catalogue`.

Advice always carries something to ask and something to offer, and never a diagnosis.
"""

from __future__ import annotations

PEOPLE: dict[str, str] = {
    # --- one person (calsight.core.relationships.circle) ---
    "tie_rhythm": (
        "You met {name} about every {gap_days:.0f} days; the last time was {days:# day|# days} ago, {ratio:.1f} times as "
        "long."
    ),
    "tie_within": "You met {name} about every {gap_days:.0f} days; the last time was {days:today|# day ago|# days ago}.",
    "tie_few": (
        "You met {name} on {met:# day|# days} so far, {gap_days:.0f} days apart, the last time {days:today|# day ago|# days "
        "ago}: too few to tell a rhythm."
    ),
    "tie_once": "You met {name} on one day so far, {days:today|# day ago|# days ago}.",
    "tie_away": "On {away:# day|# days} of these you were away; {away:it does|they do} not count.",
    "tie_not_met": "This calendar shows no one-to-one with {name} in these weeks.",
    "tie_booked": "The next one-to-one with {name} is booked for {next:day}, so this counts as alive.",
    "tie_booked_then": "A next one-to-one with {name} was booked, so this counts as alive.",
    "tie_you_said": "You said of {name}: {role:label}.",
    "tie_alive": "By its own rhythm alone it is {alive:percent} likely that this is still going on.",
    "series_not_kept": "{missed} of the last {last} with {name} in your series did not happen.",
    # --- the four situations (calsight.core.picture.situation) ---
    "situation_little_time_low_interest": (
        "Evarts describes this as interaction limited to meetings and conference calls, justified by lack of time: a risk "
        "of becoming invisible in, and less relevant to, the organisation."
    ),
    "situation_little_time_high_interest": (
        "Evarts describes this as being “sequestered” by the job: you want to meet people and find no room for it, which "
        "frustrates in the long run unless a way is found."
    ),
    "situation_much_time_low_interest": (
        "Evarts describes this as a risk of being seen as “reclusive”: there is room to meet people, and colleagues may "
        "lose patience where it stays unused."
    ),
    "situation_much_time_high_interest": (
        "Evarts describes this as taking full advantage: time and interest together bring knowledge, influence and "
        "productivity."
    ),
    "situation_time": (
        "{open:percent} of your working time lies open in blocks of half an hour or more, about {half_hours:.0f} "
        "half-hours a week ({cut:percent} counts as much time)."
    ),
    "situation_time_unknown": (
        "How much time you have cannot be told: entries fill only {filled:percent} of your working time, so what looks "
        "open may not be. You can say so yourself: `has_room` in the settings."
    ),
    "situation_interest": (
        "{towards:percent} of the choices that your calendar shows went towards people, by {choices:# choice|# choices} "
        "({cut:percent} counts as high interest)."
    ),
    "situation_interest_unknown": (
        "How much you want to meet people cannot be told from {choices:# choice|# choices}; {needed} are needed. You can "
        "say so yourself: `wants_more` in the settings."
    ),
    "situation_you_said_time_yes": "You said: my job leaves room for one-to-ones.",
    "situation_you_said_time_no": "You said: my job leaves no room for one-to-ones.",
    "situation_you_said_interest_yes": "You said: I want more one-to-ones.",
    "situation_you_said_interest_no": "You said: I do not want more one-to-ones.",
    "situation_borderline": "This lies close to a border; {neighbours:labelled} would fit nearly as well.",
    "situation_contradiction_ok": (
        "Your calendar shows few steps of your own towards people, and yet you meet enough of them: others may come to "
        "you, or your steps may not show in a calendar. So take this with care."
    ),
    "situation_contradiction_ok_said": (
        "You do not want more one-to-ones, and your calendar shows enough of them: what you have may simply suit you. So "
        "take this with care."
    ),
    "situation_contradiction_at_risk": (
        "Time and interest are there, and yet your calendar shows hardly a one-to-one: perhaps you meet people in ways "
        "that it does not see. So take this with care."
    ),
    "situation_nothing_said": "While too little is known of your one-to-ones, no situation is named.",
    # --- advice ---
    "advice_little_time_low_interest_1": (
        "Turn one status meeting a week into a quarter of an hour with one of the people in it. Ask what takes most of "
        "their time at the moment; offer to take one small thing off it."
    ),
    "advice_little_time_low_interest_2": (
        "Walk out of one group meeting with one person instead of going straight to the next. Ask what they made of it; "
        "offer to write up what the two of you agree."
    ),
    "advice_little_time_high_interest_1": (
        "You want this: so protect two half-hours a week as you would a customer's. Ask your manager which of your group "
        "meetings could do without you; offer a short written update in place of each."
    ),
    "advice_little_time_high_interest_2": (
        "Use what is booked already: ask someone you meet in a group anyway to stay ten minutes longer, ask what would "
        "help them this month, and offer one introduction or one answer."
    ),
    "advice_much_time_low_interest_1": (
        "Begin small, with someone you find easy: half an hour, one a fortnight. Ask what they are working on and what "
        "makes it hard; offer something you know about it."
    ),
    "advice_much_time_low_interest_2": (
        "Accept the next invitation that comes from one person alone. Ask what made them think of you; offer to return the "
        "favour with a date of your own."
    ),
    "advice_much_time_high_interest_1": (
        "You do what others wish they could: spread it. Ask two people you meet often whom you should get to know; offer "
        "each of them one introduction in return."
    ),
    "advice_much_time_high_interest_2": (
        "Share the room you have with someone who has none. Ask a busy colleague what you could take over for an hour; "
        "offer to bring together two people who should know each other."
    ),
    # --- next actions ---
    "action_reach_out": (
        "Write to {name}: {days:# day|# days} without a one-to-one, where about every {gap_days:.0f} was usual. Ask how "
        "things stand with what you last spoke about; offer half an hour on it."
    ),
    "action_revive_series": (
        "Your series with {name} no longer happens ({missed} of the last {last} did not). Ask whether another day or a "
        "longer interval would suit; offer to prepare the first one."
    ),
    "action_meet_named": (
        "You named {name} ({role:label}), and this calendar shows no one-to-one with them. Ask for half an hour; offer a "
        "short account of what you are working on."
    ),
    "action_broaden": (
        "Your one-to-ones are shared out as if among {effective_people:.1f} people. Ask one of them whom else you should "
        "meet; offer an introduction in return."
    ),
    "action_first_step": (
        "Book one half-hour with someone whose work touches yours. Ask what they need from you; offer one thing that you "
        "could do for them by next week."
    ),
    "action_network": (
        "Networking: in the last {weeks:# week|# weeks} you met {first_meetings:# person|# people} from outside your "
        "organisation for the first time, as far as the calendar was read. Ask someone you trust for one introduction; offer "
        "one of your own."
    ),
    "action_outside": (
        "In these weeks nobody outside your organisation appears in your one-to-ones. Ask someone in your field how they "
        "do what you do; offer what you have learnt about it."
    ),
    # --- what the owner corrected (calsight.core.judging.corrections) ---
    "you_said_one_to_one": "You said: the entry of {day:day} is a one-to-one with {name}.",
    "you_said_one_to_one_unnamed": "You said: the entry of {day:day} is a one-to-one.",
    "you_said_not_one_to_one": "You said: the entry of {day:day} is not a one-to-one.",
    "you_said_one_to_one_all": "You said: the {entries} entries of a series, from {day:day} on, are one-to-ones with {name}.",
    "you_said_one_to_one_unnamed_all": "You said: the {entries} entries of a series, from {day:day} on, are one-to-ones.",
    "you_said_not_one_to_one_all": "You said: the {entries} entries of a series, from {day:day} on, are no one-to-ones.",
    "you_said_person": "You said of {name}: {role:label}.",
    "you_said_me": "You said: {name} is you too.",
    "you_said_one_person": "You said: {name} and {other} are one person.",
    "you_said_there": "You said: there from {first:day} to {last:day}.",
    "you_said_away": "You said: away from {first:day} to {last:day}.",
    "you_said_met": "You said: you met {name} on {day:day}, off the calendar.",
}
