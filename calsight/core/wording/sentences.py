"""Sentences about the rate, the flag and the evidence; part of `calsight.core.wording.catalogue`.

Sentences are plain and kind, and speak about a calendar, never about a person's worth.
"""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # --- rate and flag (calsight.core.rate.verdict) ---------------------------------------------------------------------
    "rate_summary": (
        "{one_to_ones:# one-to-one|# one-to-ones} in {weeks:.1f} available weeks, lately about {rate:.1f} a week; "
        "{probability_low:percent} likely below {low:pace}."
    ),
    "below_healthy": "It is {probability:percent} likely that the rate is below {healthy:pace}.",
    "fallen": (
        "Around the week of {week:day} the rate fell from about {before:.1f} to about {after:.1f} a week "
        "({probability:percent} likely)."
    ),
    "changed": (
        "Around the week of {week:day} the rate changed from about {before:.1f} to about {after:.1f} a week "
        "({probability:percent} likely)."
    ),
    "narrow": (
        "The last {one_to_ones:# one-to-one was|# one-to-ones were} with {people:# person|# people}, shared out as if "
        "among {effective_people:.1f}: much hangs on few."
    ),
    "early": (
        "There are only {weeks:.1f} weeks of evidence so far; before {needed:.0f} weeks the most that is said is “watch”."
    ),
    "too_new": ("So few one-to-ones are new: until it has been {needed:.0f} weeks the most that is said is “watch”."),
    "may_be_bursts": (
        "Your one-to-ones may come in bursts ({probability:percent} likely). A quiet stretch then says less, and it takes more "
        "to go beyond “watch”."
    ),
    "own_pause": (
        "You have paused for weeks before and come back. Over as long as that took, there are about {rate:.1f} a week now, "
        "which is no fall."
    ),
    # --- what would change it ---
    "would_change": (
        "{one_to_ones:# one-to-one|# one-to-ones} over the coming two full weeks would bring this to “{level:label}”."
    ),
    "would_change_people": (
        "{one_to_ones:# one-to-one|# one-to-ones} over the coming two full weeks with people you have not met lately "
        "would bring this to “{level:label}”."
    ),
    "would_fall": ("After {weeks:# week|# weeks} without a one-to-one this would turn to “{level:label}”."),
    "would_say": "{weeks:.1f} more available weeks of calendar are needed before anything can be said.",
    # --- too little to say anything ---
    "insufficient_no_entries": (
        "No entry in this window involves another person. Export the calendar in which you accept invitations, or name the "
        "days that it holds with --from and --to."
    ),
    "insufficient_all_before": (
        "The newest entry of this calendar is of {newest:day}, before the days of this report begin. Export it anew, or judge "
        "the weeks up to that day (--as-of {newest:iso})."
    ),
    "insufficient_owner_unlisted": (
        "Is {address} your only address, and right? {without} of {entries} invitations do not list it; who else may be you, "
        "and on how many of these they are: {likeliest:list}. Name each address of yours with --me ADDRESS; in the settings, "
        "somebody else goes into people.colleagues and a mailing list into people.group_patterns."
    ),
    "insufficient_ends_before": (
        "The calendar's last sign of life is from {last_sign:day}, before the days of this report begin. Export it anew, "
        "or look back with --as-of {last_sign:iso}."
    ),
    "insufficient_weeks": (
        "Only {weeks:.1f} available weeks can be judged; {needed:.0f} are needed. A longer export would help, or a wider "
        "window (--weeks, --from)."
    ),
    "insufficient_participants_unknown": (
        "This calendar does not say who was in its meetings, so nobody can tell which were one-to-ones. An export with "
        "attendees would help (Google: Settings, Export; Outlook: save the calendar with full details), or reading the "
        "account itself through a connector (see: calsight sources)."
    ),
    "insufficient_calendar_not_used_for_meetings": (
        "Only {share:percent} of the available weeks hold a meeting with others, so meetings seem to be kept elsewhere. "
        "Add the calendar in which they are, or give your other addresses with --me."
    ),
    # --- the evidence ---
    "silent_weeks": (
        "Nothing shows that you were there in {weeks:the week|the weeks} of {when:days}: {weeks:it is|they are} not counted."
    ),
    "source_ends_early": (
        "The calendar's last sign of life is from {last_sign:day}; the {weeks:# week|# weeks} since then "
        "{weeks:is|are} not counted. A fresh export would help."
    ),
    "unknown_share": (
        "{unknown:# meeting does|# meetings do} not say who was there, of {meetings} in all: counted as unknown, not as zero."
    ),
    "left_out": "Left out: {excluded:labels}.",
    "one_count": "{held:# one-to-one|# one-to-ones} held: {counted:,} counted, {others:labels}.",
    "interviews": "{interviews} of {one_to_ones:# one-to-one|# one-to-ones} {interviews:was an interview|were interviews}.",
    "inferred": "{inferred} of {one_to_ones:# one-to-one|# one-to-ones} {inferred:was|were} inferred from titles.",
    "caveat": (
        "A calendar does not see corridors, chat or calls, nor how good a meeting was. This is about the evidence in a "
        "calendar, not about anyone's worth, and no performance review."
    ),
}
