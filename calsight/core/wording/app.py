"""What the local web app says around a report: the start, the forms, and the lists.

Part of `calsight.core.wording.catalogue`.
"""

from __future__ import annotations

APP: dict[str, str] = {
    # --- the bar ------------------------------------------------------------------------------------------------------
    "app_report": "Report",
    "app_entries": "Entries",
    "app_suggestions": "Whom to meet",
    "app_settings": "Settings",
    "app_close": "Another calendar",
    # --- the start ----------------------------------------------------------------------------------------------------
    "app_lead": (
        "Drop an export of your calendar here, and see whom you meet one-to-one, how sure that is, and who is fading."
    ),
    "app_drop": "Drop a calendar here, or choose a file",
    "app_drop_hint": "An .ics file, a .zip of several, or what calsight events printed (.jsonl).",
    "app_other": "An address or a folder",
    "app_source": "Address or path",
    "app_source_hint": "Such as webcal://…, a folder of this machine, or a calendar of an account: google:primary",
    "app_me": "Your e-mail address, if it cannot be told from the calendar",
    "app_weeks": "How many weeks back",
    "app_as_of": "Up to which day (today if empty; for a calendar that ended, its last)",
    "app_read": "Read",
    "app_demo": "Try an invented one",
    "app_local": "Everything stays on this machine. What you drop is gone when you open another calendar or end this.",
    "app_reading": "Reading…",
    "app_so_far": "Reading {calendar}: {count:# entry|# entries} so far",
    "app_judging": "It is read. Now every entry is judged, and the page is drawn.",
    "app_accounts": "Connected accounts",
    "app_accounts_lead": "An account is connected in a terminal, once, with the command beside it; then it is read by a click.",
    "app_accounts_link": "Read a connected account",
    "app_nothing": "Choose a file, or name an address, a folder or an account.",
    "app_whose": "Whose calendar is this?",
    "app_go_on": "Go on",
    "app_refused": "That did not work",
    # --- the report, alive --------------------------------------------------------------------------------------------
    "app_it_is_me": "That is me too",
    "app_tell": "What you told calsight",
    "app_tell_hint": "It is kept on this machine, for calsight report too, and can be taken back at any time.",
    "app_entries_link": "Correct an entry",
    "app_undo": "Undo",
    "app_person": "Somebody is …",
    "app_who": "Who (e-mail address)",
    "app_is": "is",
    "app_keep": "Keep",
    "app_keep_up": "Keep up with somebody",
    "app_every": "every so many weeks",
    "app_away": "I was away, or there",
    "app_i_was": "I was",
    "app_was_away": "away",
    "app_was_there": "there, although nothing shows it",
    "app_from": "from",
    "app_to": "to (included)",
    "app_met": "I met somebody off the calendar",
    "app_on": "on",
    "app_said": "Kept. The verdict is now: {level:label}.",
    "app_undone": "Taken back. The verdict is now: {level:label}.",
    "app_answer_unknown": "Entries that do not say who was there are one-to-ones",
    "app_answer_untitled": "Entries that list nobody but you, with a name as their title, are one-to-ones",
    "app_answer_unanswered": "Meetings whose invitation you never answered took place",
    "app_answer_during_absence": "Meetings during your absences took place",
    # --- the lists ----------------------------------------------------------------------------------------------------
    "app_entries_count": "{count:# entry|# entries} in this period, the newest first",
    "app_entries_lead": "What each entry was taken for. Say where that is wrong; it can be undone in the report.",
    "app_entries_doubt": "“?” marks what may also be something else; the questions in the report ask about that.",
    "told_one_to_one": "“{entry}” of {day:day} was a one-to-one.",
    "told_one_to_one_with": "“{entry}” of {day:day} was a one-to-one with {who}.",
    "told_not_one_to_one": "“{entry}” of {day:day} was no one-to-one.",
    "told_me": "{who} is you too.",
    "told_person": "{who} is: {word:label}.",
    "told_one_person": "{who} and {other} are one person.",
    "told_there": "You were there from {first:day} to {last:day}.",
    "told_away": "You were away from {first:day} to {last:day}.",
    "told_met": "You met {who} on {day:day}, off the calendar.",
    "told_keep": "You want to meet {who} every {weeks:week|# weeks}.",
    "app_hint": (
        "To look further back, or up to another day, open the calendar again and say so there. Whom you met off the calendar, "
        "and what was read wrongly, can be said above."
    ),
    "app_kind": "Kind",
    "app_all": "all",
    "app_show": "Show",
    "app_day": "Day",
    "app_title": "Title",
    "app_correct": "Correct",
    "app_is_one": "Was a one-to-one",
    "app_is_none": "Was no one-to-one",
    "app_before": "Newer entries",
    "app_after": "Older entries",
    "app_ics": "Download for your calendar (.ics)",
    "app_ics_hint": "Tentative entries that invite nobody. Import them, and invite whom you like.",
    "app_settings_lead": "The five answers that matter most. Write none for what there is none of.",
    "app_settings_where": (
        "They are kept in {path}; calsight settings shows them all. What you told calsight of your calendar lies beside it, in "
        "corrections.toml. Delete both files to begin anew."
    ),
}
