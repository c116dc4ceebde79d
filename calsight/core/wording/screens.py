"""What the page and the Markdown say around a report's own sentences; the terminal shares some of it.

Part of `calsight.core.wording.catalogue`.
"""

from __future__ import annotations

SCREENS: dict[str, str] = {
    "direction": "ltr",
    "title": "Whom do you really meet?",
    "page_title": "{level} · calsight",
    "period": "{start:day} to {end:day}",
    "made": "calsight {version} · judged {as_of:day} · {zone}",
    "skip": "Skip to the report",
    "why": "Why?",
    "how_read": "How to read this",
    "as_table": "The numbers as a table",
    "print_more": "{count:# more row is|# more rows are} on the page, not in print.",
    # --- the verdict --------------------------------------------------------------------------------------------------
    "since_start": "This has been so in all the weeks that were read, from {since:day} on.",
    "since": "This has been so since the week of {since:day}.",
    "what_would_change": "What would change it",
    # --- key figures --------------------------------------------------------------------------------------------------
    "figures": "Key figures",
    "figure_rate": "one-to-ones a week",
    "figure_rate_sub": "{width:percent} likely between {low:.1f} and {high:.1f}",
    "figure_rate_why": (
        "How often you meet someone one-to-one in a full working week, at the end of this period. Weeks of leave do not count, "
        "and recent weeks count more where life has changed: the method looks for the likeliest weeks of change. "
        "Below {low:pace} is called low, from {healthy:pace} on healthy; both are choices that the settings can change."
    ),
    "figure_one_to_ones": "one-to-ones held",
    "figure_one_to_ones_sub": "{hours:.0f} hours, {share:percent} of the time in meetings",
    "figure_one_to_ones_sub_none": "{hours:.0f} hours",
    "figure_one_to_ones_why": (
        "Meetings of exactly two people that took place in this period. {inferred:# of them was|# of them were} read from a "
        "title, because the entry lists nobody. Of the meetings with others, {known:percent} say who was there."
    ),
    "figure_one_to_ones_why_unknown": "Meetings of exactly two people that took place in this period.",
    "figure_people": "people met one-to-one",
    "figure_people_sub": "as if shared evenly among {effective:.1f}",
    "figure_people_why": (
        "Twenty meetings with one person are less than twenty with ten. The second figure is the number of people among whom "
        "as many one-to-ones would be shared evenly (the inverse of Simpson's index). "
        "First meetings with someone outside the organisation: {outside}."
    ),
    "figure_visibility": "visibility, of 100",
    "figure_visibility_sub": "likely between {low:.0f} and {high:.0f}",
    "figure_visibility_why": "A summary for trends, never instead of the verdict. It is the sum of these parts:",
    "figure_visibility_part": "{name}: {points:.1f} points",
    "figure_visibility_part_unknown": "{name}: not known, left out",
    "figure_weeks": "weeks that count",
    "figure_weeks_sub": "of {weeks:.0f} in the period",
    "figure_weeks_why": (
        "Only weeks in which you could have met anybody count. Taken out: {absence:.1f} weeks of leave and holidays, "
        "{silent:# week|# weeks} in which nothing shows that you were there, the time before the calendar was used with "
        "others, and a part of each week in which some entries do not say who was there."
    ),
    # --- charts -------------------------------------------------------------------------------------------------------
    "week_of": "Week of",
    "hours_axis": "hours",
    "rate_title": "One-to-ones over the weeks",
    "rate_chart_says": (
        "The rate stood at {first:.1f} a week in the week of {first_week:day} and is {last:.1f} now; it was highest, "
        "{top:.1f}, in the week of {top_week:day}. Low is below {low:.1f}, healthy from {healthy:.1f} on."
    ),
    "rate_chart_says_highest_first": (
        "The rate stood at {first:.1f} a week in the week of {first_week:day}, its highest, and is {last:.1f} now. Low is "
        "below {low:.1f}, healthy from {healthy:.1f} on."
    ),
    "rate_chart_none": "No rate can be drawn: too few weeks count.",
    "rate_changed": "It changed around the week of {week:day}, from about {before:.1f} to about {after:.1f}.",
    "rate_leave": "{weeks:# week was|# weeks were} mostly leave.",
    "rate_how": (
        "The line is the rate as it was known at the end of each week, the band where it lay with {width:percent} probability, "
        "each dot the one-to-ones of one week. Shaded weeks hardly count: mostly leave, or without a sign of you."
    ),
    "rate_line": "rate",
    "rate_band": "{width:percent} band",
    "rate_dots": "held in a week",
    "rate_away": "leave or silent week",
    "healthy": "healthy",
    "low": "low",
    "since_mark": "{level:label} since",
    "changed_mark": "changed",
    "col_hour": "Hour of the week",
    "heat_hour": "{weekday} {hour:02d}:00",
    "col_held": "Held",
    "col_rate": "Rate",
    "col_band": "Band",
    "col_low": "Likely low",
    "col_counts": "Counts as",
    "hours_title": "What the time went into",
    "hours_summary": (
        "Of {total:.0f} hours in the calendar, {one_to_one:.0f} were one-to-one, {group:.0f} in groups, "
        "{conference_call:.0f} in conference calls and {solo:.0f} alone."
    ),
    "hours_summary_unknown": (
        "Of {total:.0f} hours in the calendar, {one_to_one:.0f} were one-to-one, {group:.0f} in groups, "
        "{conference_call:.0f} in conference calls and {solo:.0f} alone; of {unknown:.0f} it does not say who was there."
    ),
    "hours_summary_none": "No hours to show: nothing in this period took time.",
    "hours_how": (
        "Hours of entries that are over, by week. A conference call is a meeting of three or more that is reached only by "
        "phone or video. Overlapping entries count in full, so a week may hold more hours than it had."
    ),
    "heat_title": "When it happens",
    "heat_summary": (
        "Most time with others lies on {weekday} from {hour:02d}:00; most one-to-one time on {one_weekday} from "
        "{one_hour:02d}:00."
    ),
    "heat_summary_meetings": "Most time with others lies on {weekday} from {hour:02d}:00; there is no one-to-one time.",
    "heat_summary_none": "Nothing with others to show.",
    "heat_how": (
        "Each cell is an hour of the week: the darker, the more hours with others it held over the period. A dot is one-to-one "
        "time, the larger the more."
    ),
    "heat_cell": "hours with others",
    "heat_dot": "one-to-one time",
    "chart_keys": "Every mark of a chart tells what it is: point at it, or choose the chart and press the arrow keys.",
    "hours_says": "Week of {week:day}: {hours:.1f} hours, {kind}.",
    "heat_says": "{weekday} {hour:02d}:00: {hours:.1f} hours with others, {one:.1f} of them one-to-one.",
    "rate_says": "The rate was {rate:.1f} a week then, likely between {low:.1f} and {high:.1f}.",
    # --- the weeks as a grid ---
    "year_title": "Week by week",
    "year_summary": (
        "{weeks:# week|# weeks}: {met} with one-to-ones, {none} without, {away} away, {silent} without a sign of you."
    ),
    "year_summary_unknown": "{weeks:# holds|# hold} only entries that do not say who was there.",
    "year_how": (
        "Each field is a week, with its one-to-ones: the darker, the more. ~ is a week mostly of leave, · a week in which "
        "nothing shows that you were there, ? a week of entries that do not say who was. A week with a number leads to its "
        "meetings."
    ),
    "year_week": "Week of {week:day}: {count:no one-to-one|# one-to-one|# one-to-ones}.",
    "year_week_away": "Week of {week:day}: mostly leave.",
    "year_week_silent": "Week of {week:day}: nothing shows that you were there.",
    "year_week_unknown": "Week of {week:day}: its entries do not say who was there.",
    "year_behind": "The week of {week:day}",
    "year_close": "Close",
    "trend_title": "Year by year",
    "col_year": "Year",
    "col_weeks": "Weeks that count",
    "col_a_week": "A week",
    "col_people": "People",
    # --- the page for a conversation ---
    "coach_title": "For a conversation",
    "coach_strengths": "Three strengths",
    "coach_strengths_none": "The calendar shows none by itself. What would you name?",
    "coach_people_title": "Three people",
    "coach_question": "One question",
    "coach_roles": "By role",
    "coach_role": "Role",
    "coach_share": "Share",
    "coach_roles_none": "No roles are given yet: calsight correct person ADDRESS manager (or report, peer, mentor).",
    "coach_notes": "Notes",
    "coach_rate": "You meet someone one-to-one about {rate:.1f} times a week; {healthy:pace} counts as healthy.",
    "coach_series": "{count:# series is|# series are} kept: with {names:and}.",
    "coach_alive": "{count:# relationship is|# relationships are} active; the strongest tie is with {name}.",
    "coach_begun": "You begin meetings with {count:# person|# people} yourself.",
    "coach_outside": "You met {count:# person|# people} from outside for the first time.",
    "coach_interest": "{share:percent} of the choices that your calendar shows went towards people.",
    "coach_people": "You met {people:# person|# people} one-to-one.",
    "coach_ask_needy": "What could you two give each other, and what would be an easy first step?",
    "coach_ask_strong": "What makes this one work, and with whom could it work as well?",
    "coach_ask_begun": "Where could this lead, and who takes the next step?",
    "coach_question_at_risk": "With one more conversation a week: with whom would it be, and what would have to give way?",
    "coach_question_watch": "Which conversation do you miss most, and what keeps you from asking for it?",
    "coach_question_ok": "Who would miss you if you stopped, and who does not know yet what you do?",
    "coach_question_insufficient_data": "Where do your conversations happen that no calendar shows?",
    # --- the card to share ---
    "card_weeks": "One-to-ones in the last {weeks:week|# weeks}",
    "card_caveat": "About the evidence in a calendar, not about anyone's worth.",
    # --- who needs attention ---
    "attention_title": "Who needs you",
    "attention_none": "Nobody is cooling.",
    "attention_more": "{count:# more|# more} in the table below.",
    "person_says": "{name}: {status}, last {last:day}.",
    "person_met": "Met on {days:days}.",
    "person_rhythm": "Every one-to-one with {name} in these weeks, from left to right",
    # --- people -------------------------------------------------------------------------------------------------------
    "rings_title": "Your people",
    "people_summary": (
        "{people:# person|# people} met one-to-one: {active} active, {cooling} cooling, {dormant} dormant. "
        "{relationships:# shows|# show} signs of a relationship."
    ),
    "people_strongest": "The strongest tie is with {name}.",
    "people_none": "Nobody was met one-to-one in this period.",
    "people_how": (
        "You are in the middle; the nearer, the stronger the tie (0 to 1: how much of late, and how likely it is alive). The "
        "inner ring begins at {inner:.1f}, about weekly; the middle one at {middle:.1f}, every few weeks. A full dot is "
        "active, a diamond cooling, a hollow dot dormant."
    ),
    "people_shown": "The {shown} strongest of {people} are drawn; the table has all.",
    "people_sort": "A column's head sorts the table.",
    "rings_you": "you",
    "status_none": "too early to say",
    "col_person": "Person",
    "col_status": "Status",
    "col_alive": "Alive",
    "col_one_to_ones": "One-to-ones",
    "col_last": "Last",
    "col_gap": "Usual gap",
    "col_silence": "Silent for",
    "col_next": "Next",
    "col_why": "Why?",
    "days": "{days:# day|# days}",
    "show_all": "Show all {people}",
    "person_where": "{scope}; {stage}.",
    "person_strength": "Strength of the tie: {strength:.2f} of 1.",
    "person_alive": "{alive:percent}: how likely a tie with its own rhythm is still alive after so long a silence.",
    # --- situation ----------------------------------------------------------------------------------------------------
    "field_title": "Which situation this resembles",
    "field_is": "It resembles: {label:label}.",
    "field_unknown": "The calendar does not show enough to place you in one of Evarts' four situations.",
    "field_how": (
        "Across: how much of the working time is open in blocks of half an hour or more. Upwards: how many of your own choices "
        "go towards people. Both are signs in a calendar, not what you feel; your own answer in the settings wins. The box is "
        "where the point may as well lie; where an axis is not known, it spans the whole of it."
    ),
    "field_time": "open working time",
    "field_interest": "choices towards people",
    "col_axis": "Axis",
    "col_value": "Value",
    "col_cut": "Much from",
    "said_yes": "much: you said so",
    "said_no": "little: you said so",
    "field_source": "After Ed Evarts, Raise Your Visibility & Value; calsight is not endorsed by him.",
    # --- the rest -----------------------------------------------------------------------------------------------------
    "next_title": "What to do next",
    "next_none": "Nothing in particular: keep what you have.",
    "compare_title": "Against the report of {as_of:day}",
    "compare_was": "Then: {level:label}, about {rate:.1f} one-to-ones a week.",
    "compare_was_none": "Then: {level:label}.",
    "left_title": "What was left out, and what no calendar can know",
    "left_none": "No entry was left out.",
    "left_sources": "Read: {sources:and}.",
    "left_source": "{name} ({occurrences:# entry|# entries})",
    "left_problems": "{count:# entry|# entries} could not be read or used:",
    "left_how": (
        "Every entry counts as exactly one thing, for exactly one reason. Cancelled and declined entries, whole days, time "
        "marked free and what lies in your own leave are left out; who was there is never guessed. "
        "calsight meetings --explain NUMBER shows the rule for one entry, step by step."
    ),
    "left_unknown": "{count:# meeting does|# meetings do} not say who was there: unknown, which is not zero.",
    # --- what helps where too little is known for a verdict ---
    "hints_title": "What would help",
    "hint_weeks": "To look further back, if the calendar holds more: calsight report … --weeks 52",
    "hint_note": "For somebody whom you met off the calendar: calsight note ADDRESS --on DATE",
    "hint_correct": "For an entry that was read wrongly: calsight meetings shows each, calsight correct says what it was.",
    "caveat_title": "What this is not",
    "chart_date": "%-d %b %Y",
    "chart_day": "%-d %b",
    "slot": "{weekday} {day}, {start}-{end} ({known})",
    "suggest_nobody": (
        "There is nobody to suggest: no relationship is fading, and this calendar names no one whom you meet too seldom."
    ),
    "suggest_not_asked": "When others are busy is not known. {why}",
    "week_history": "Your last reports said: {levels:and}.",
    "week_suggestion": "A time for {name}: {when}.",
    "footer": "Made on this machine from calendars; nothing was sent anywhere.",
}
