"""The words for the codes in results: levels, statuses, stages, signs, roles, situations, reasons, kinds, parts, scopes.

Each stands here once, for every sentence, list, chart and page. A word that is counted has its plural forms. Part of
`calsight.core.wording.catalogue`.
"""

from __future__ import annotations

LABELS: dict[str, str] = {
    # --- levels ---
    "label_at_risk": "at risk",
    "label_watch": "watch",
    "label_ok": "ok",
    "label_insufficient_data": "insufficient data",
    # --- why an entry is what it is ---
    "label_two_people": "exactly one other person",
    "label_title_says_so": "the title says so",
    "label_many_people": "two or more others",
    "label_many_people_remote": "two or more others, by phone or video only",
    "label_alone": "nobody else",
    "label_focus_time": "focus time",
    "label_out_of_office": "out of office",
    "label_participants_unknown": "who was there is not known",
    "label_possible_delegate": "its organizer may have booked it for others",
    "label_automated": "sent by a machine, or a broadcast",
    "label_all_day": "all-day",
    "label_cancelled": "cancelled",
    "label_declined": "declined",
    "label_during_absence": "during your absence",
    "label_free": "marked free",
    "label_marker": "{count:marker|markers}",
    "label_no_duration": "without length",
    "label_not_accepted": "not accepted by both",
    "label_not_attending": "organised for others",
    "label_you_said": "by your own word",
    # --- people: what they are to you, in your own word ---
    "label_confirmed": "a relationship",
    "label_denied": "no relationship",
    "label_manager": "my manager",
    "label_report": "reports to me",
    "label_mentor": "a mentor",
    "label_peer": "a peer",
    "label_personal": "personal",
    "label_assistant": "books meetings for others",
    "label_colleague": "takes part in what they organise",
    # --- people: how the tie is ---
    "label_relationship_signs": "signs of a relationship",
    "label_interactions_only": "interactions only",
    "label_active": "active",
    "label_cooling": "cooling",
    "label_dormant": "dormant",
    "label_series_kept": "a series that is kept",
    "label_rhythm": "a regular rhythm",
    "label_booked": "a next one booked",
    "label_each_began": "each of you begins meetings",
    "label_you_began": "you begin meetings again and again",
    "label_they_began": "they begin meetings again and again",
    "scope_organisation": "your organisation",
    "scope_industry": "another organisation",
    "scope_personal": "personal",
    "scope_other": "elsewhere",
    # --- Evarts' four situations ---
    "label_little_time_low_interest": "little time, low interest",
    "label_little_time_high_interest": "little time, high interest",
    "label_much_time_low_interest": "much time, low interest",
    "label_much_time_high_interest": "much time, high interest",
    # --- kinds of entries ---
    "kind_one_to_one": "{count:one-to-one|one-to-ones}",
    "kind_group": "{count:group|groups}",
    "kind_conference_call": "{count:conference call|conference calls}",
    "kind_solo": "on your own",
    "kind_unknown": "unknown",
    "kind_absence": "{count:absence|absences}",
    "kind_excluded": "left out",
    # --- the parts of the visibility index ---
    "part_rate": "how often you meet",
    "part_relationships": "live relationships",
    "part_breadth": "how many people",
    "part_reach": "beyond your own team",
    # --- how the owner was found ---
    "owner_given": "as you said",
    "owner_source": "as the calendar says",
    "owner_detected": "found by the invitations",
    "owner_nobody_listed": "nobody is listed, so it does not matter",
    # --- numbers in words ---
    "percent_under": "under 1 %",
    "percent_over": "over 99 %",
    "percent_of": "{value:.0f} %",
    "pace": "{rate:.2g} a week",
    "pace_four_weeks": "one every four weeks",
    "pace_fortnight": "one a fortnight",
    "pace_week": "one a week",
    "pace_twice": "two a week",
    "more": "{count} more",
    "and_more": "and {count} more",
    "unknown": "not known",
    "none": "none",
    "someone": "someone",
}
