"""The calendar that the documentation's examples read."""

from datetime import date, timedelta


def weekly_talks(weeks: int) -> str:
    """A calendar in which Ana meets Bo each week; the organizer and both answers are named."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//"]
    for week in range(weeks):
        day = date(2026, 1, 5) + timedelta(weeks=week)
        lines += ["BEGIN:VEVENT", f"UID:talk-{week}", "DTSTAMP:20260401T000000Z", f"DTSTART:{day:%Y%m%d}T100000Z"]
        lines += [f"DTEND:{day:%Y%m%d}T103000Z", "SUMMARY:Talk", "ORGANIZER:mailto:ana@example.com"]
        lines += [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{who}@example.com" for who in ("ana", "bo")]
        lines += ["END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])
