"""What is no calendar: what it seems to be instead, and how to get one from the program that it comes from."""

from __future__ import annotations

_GOOGLE = "In Google Calendar: Settings, Import & export, Export (a .zip, which is read as it is)."
_OUTLOOK = "In Outlook, open the calendar: File, Save Calendar, as iCalendar (.ics) with full details."
#: What other programs' files are, by their ending or how they begin, and how to get a calendar instead.
_OTHERS = (
    ((".pst", ".ost"), (b"!bdn",), f"this is Outlook's own data file, which only Outlook opens. {_OUTLOOK}"),
    (
        (".olm",),
        (),
        "this is an archive of Outlook for Mac. In its calendar, drag the calendar's name to the desktop (.ics).",
    ),
    ((".msg",), (b"\xd0\xcf\x11\xe0",), f"this is one message or document of Outlook's, not a calendar. {_OUTLOOK}"),
    (
        (".eml", ".mbox"),
        (b"received:", b"return-path:", b"delivered-to:", b"from:", b"mime-version:"),
        "this is mail, not a calendar. If an invitation is attached, save that (.ics); for a whole calendar export it. "
        f"{_GOOGLE} {_OUTLOOK} In Apple Calendar: File, Export.",
    ),
    (
        (".csv", ".tsv", ".xls", ".xlsx"),
        (b'"subject"', b"subject,", b"subject;", b'"betreff"', b"betreff,", b"betreff;"),
        f"this is a table, not a calendar. {_OUTLOOK} {_GOOGLE}",
    ),
)


def looks_like(head: bytes, name: str = "") -> str:
    """What a file that begins with `head` is, in a sentence."""
    start = head.lstrip().lower()
    if start:
        for endings, beginnings, said in _OTHERS:
            if name.lower().endswith(endings) or start.startswith(beginnings):
                return said
    if not start:
        return "the file is empty. Export the calendar again."
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")) or b"<html" in start:
        return (
            "this is a web page, not a calendar; perhaps a sign-in page. Use the calendar's own iCal address (it ends in "
            ".ics), or export the file again."
        )
    if b"\x00" in head:
        return "this is a binary file, not an iCalendar file. Export the calendar as .ics."
    if start.startswith(b"begin:vcard"):
        return "these are contacts (vCard), not a calendar. Export the calendar as .ics."
    if start.startswith((b"{", b"[")):
        return "this is JSON, not an iCalendar file. Export the calendar as .ics."
    return "this is not an iCalendar file (there is no BEGIN:VCALENDAR in it). Export the calendar as .ics."
