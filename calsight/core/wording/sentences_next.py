"""The sentences about suggestions and comparisons; part of the catalogue of `calsight.core.wording.catalogue`."""

from __future__ import annotations

NEXT: dict[str, str] = {
    # --- whom to meet (calsight.core.next.suggest) ---
    "suggest_cooling": (
        "Your tie with {name} is {status:label}: {alive:percent} likely to be alive, and it loses {lost:.2f} of its strength "
        "(of 1) a week. Ask how things stand with what you last spoke about; offer half an hour on it."
    ),
    "suggest_cooling_slowly": (
        "Your tie with {name} is {status:label}: {alive:percent} likely to be alive. Ask how things stand with what you last "
        "spoke about; offer half an hour on it."
    ),
    "suggest_named": (
        "You named {name} ({role:label}), and this calendar shows no one-to-one with them. Ask for half an hour; offer a short "
        "account of what you are working on."
    ),
    "suggest_again": (
        "You met {name} {times:only once|# times} in these weeks; once more, and your one-to-ones would be shared out as if "
        "among {after:.1f} people instead of {before:.1f}. Ask what they are working on; offer what you know about it."
    ),
    "suggest_again_alone": (
        "You met {name} {times:only once|# times} in these weeks. Ask what they are working on; offer what you know about it."
    ),
    "suggest_from_group": (
        "{name} was in {meetings:# small meeting|# small meetings} of yours, and in these weeks you have not met "
        "alone. Ask what they made of the last one; offer to follow it up."
    ),
    # --- one's own people (calsight.core.next.own_people) ---
    "keep_due": "{name}: {days:today|# day ago|# days ago}, and you want to meet every {weeks:week|# weeks}.",
    "keep_never": "{name}: no one-to-one in these weeks, and you want to meet every {weeks:week|# weeks}.",
    "keep_fine": "{name}: {days:today|# day ago|# days ago}; the next one is due by {due:day}.",
    "keep_booked": "{name}: the next one is booked for {next:day}.",
    "suggest_kept": (
        "You want to meet {name} every {weeks:week|# weeks}; the last time was {days:today|# day ago|# days ago}. Ask how "
        "things are with them; offer to go on with what you last spoke about."
    ),
    "suggest_kept_never": (
        "You want to meet {name} every {weeks:week|# weeks}, and this calendar shows no one-to-one with them. Ask how things "
        "are with them; offer a short account of what you are working on."
    ),
    "slot_checked": "free for both of you",
    "slot_unchecked": "free for you; ask whether it suits them",
    "slot_none": "No time was found in the coming two weeks that is free for you and within both your working hours.",
    # What the other person reads once they are invited: it says nothing but that it is time for the two.
    "proposal_title": "Time for {name}",
    "proposal_title_both": "Time for {name} and {owner}",
    "proposal_written": (
        "These entries invite nobody and say nothing of why. Invite the other person to those that you keep; delete the rest."
    ),
    # --- against an earlier report (calsight.core.next.compare) ---
    "compare_level": "The level went from “{before:label}” to “{now:label}”.",
    "compare_level_same": "The level is “{now:label}”, as it was.",
    "compare_rate": "The rate went from about {before:.1f} to about {now:.1f} one-to-ones a week.",
    "compare_rate_chance": (
        "The rate went from about {before:.1f} to about {now:.1f} one-to-ones a week, which may well be chance."
    ),
    "compare_people": "People met one-to-one: {before} then, {now} now.",
    "compare_visibility": "Visibility went from {before:.0f} to {now:.0f} of 100.",
    "compare_cooling": "Cooling or dormant since: {names:and}.",
    "compare_revived": "Alive again: {names:and}.",
    "compare_new": "New among those whom you met one-to-one: {names:and}.",
    # --- last week against the usual (calsight.core.next.last_week) ---
    "week_held": (
        "Last week, from {first:day}: {one_to_ones:# one-to-one|# one-to-ones} (usually {usual:g}), {hours:.0f} hours with "
        "others (usually {usual_hours:.0f})."
    ),
    "week_held_only": (
        "Last week, from {first:day}: {one_to_ones:# one-to-one|# one-to-ones}, {hours:.0f} hours with others. What is usual "
        "is not known yet."
    ),
    "week_away": "Last week, from {first:day}, hardly counts: you were mostly away, or nothing shows that you were there.",
    "week_none": "There is no full week to look back on yet.",
    "week_cooling": "Cooling: {names:and}.",
    "week_cooling_none": "Nobody is cooling.",
}
