"""What the renderers share: the verdict in one sentence, labels, dates, and text that is safe to print."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from calsight.core.model.report import Report

#: Reasons that say why the level is what it is come first; these speak about the evidence and are shown in places of their own.
LEFT_OUT = ("left_out", "inferred")
QUESTIONS = ("silent_weeks", "source_ends_early", "unknown_share", "possible_delegate")
CAVEAT = "caveat"

EVARTS = (
    "The idea is Ed Evarts' (“Raise Your Visibility & Value”): how far you are seen depends on how much you engage with "
    "people one-to-one. calsight is not connected with him."
)

_HEADLINES = {
    "at_risk": "At risk of becoming invisible: your calendar shows too few one-to-ones.",
    "ok": "All is well: you meet people one-to-one often enough to be seen.",
    "insufficient_data": "Nothing can be said yet: this calendar holds too little to go by.",
    "fallen": "Worth watching: your one-to-ones have become fewer.",
    "narrow": "Worth watching: your one-to-ones hang on very few people.",
    "early": "Worth watching: few one-to-ones so far, and the calendar is still short.",
    "watch": "Worth watching: you meet people one-to-one, but less than is good for being seen.",
}

_KINDS = {
    "one_to_one": ("one-to-one", "one-to-ones"),
    "group": ("group", "groups"),
    "conference_call": ("conference call", "conference calls"),
    "solo": ("on your own", "on your own"),
    "unknown": ("unknown", "unknown"),
    "absence": ("absence", "absences"),
    "excluded": ("left out", "left out"),
}

_REASONS = {
    "two_people": "exactly one other person",
    "title_says_so": "the title says so",
    "many_people": "two or more others",
    "many_people_remote": "two or more others, by phone or video only",
    "alone": "nobody else",
    "focus_time": "focus time",
    "out_of_office": "out of office",
    "participants_unknown": "who was there is not known",
    "possible_delegate": "its organizer may have booked it for others",
    "automated": "sent by a machine, or a broadcast",
    "cancelled": "cancelled",
    "declined": "you declined",
    "marker": "a marker",
    "all_day": "all-day",
    "free": "marked free",
    "no_duration": "without length",
    "not_attending": "organised for others",
    "during_absence": "during your absence",
}

_ASCII = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "·": "-",
        "•": "*",
        "→": "->",
        "\u00a0": " ",
    }
)


def headline(report: Report) -> str:
    """The verdict in one sentence."""
    if report.flag.level != "watch":
        return _HEADLINES[report.flag.level]
    codes = {reason.code for reason in report.flag.reasons}
    return _HEADLINES[next((code for code in ("fallen", "narrow", "early") if code in codes), "watch")]


def kind_label(kind: str, *, many: bool = True) -> str:
    """A kind in words."""
    return _KINDS[kind][many]


def reason_label(reason: str) -> str:
    """Why an entry has its kind, in words; a rule plugin's own reason is its own word."""
    return _REASONS.get(reason, reason.replace("_", " "))


def day(when: date) -> str:
    """9 November 2026."""
    return f"{when.day} {when:%B %Y}"


def short_day(when: date) -> str:
    """9 Nov."""
    return f"{when.day} {when:%b}"


def local_day(moment: datetime, zone: str) -> date:
    """The day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def plain(text: str) -> str:
    """`text` on one line, without control characters or overrides of direction: names and titles are strangers' words, and a
    terminal obeys what it is sent."""
    return "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text if not _steers(char)
    )


def ascii_text(text: str) -> str:
    """`text` with its typographic marks as ASCII has them; other characters are left to the stream."""
    return text.translate(_ASCII)


def _steers(char: str) -> bool:
    return unicodedata.category(char) == "Cf" and char not in "\u200d\u00ad"
