"""Invented calendars of every shape that real ones were seen to have: zones, rules, overrides, objects, messages, charsets."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from calsight_ics.fast import recur

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "W. Europe Standard Time"]
#: Zones that the calendar defines, as they are called there and in a line, and what they hold.
DEFINED = {
    "Customized": "",
    '"Our office, upstairs"': "Our office\\, upstairs",
    "tzone://Microsoft/Custom": "tzone://Microsoft/Custom",
    '"(UTC+01:00) Here: there"': "(UTC+01:00) Here: there",
}
#: Names that tell a zone, and one that does not.
TOLD = [
    "GMT+05:30",
    '"(UTC+09:00) Osaka, Sapporo, Tokyo"',
    "Eastern Standard Time 1",
    "tzone://Microsoft/Utc",
    "Nowhere",
]
FORMS = st.sampled_from(["Z", "DATE", "FLOATING", *ZONES, *ZONES, *DEFINED, *TOLD])
CUSTOMIZED = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
{autumn}
TZNAME;LANGUAGE=en:Winter
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
{spring}
END:DAYLIGHT
END:VTIMEZONE"""
#: How a zone may say when clocks change.
CHANGES = [
    ("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
    (
        "RRULE:FREQ=YEARLY;BYMINUTE=0;BYHOUR=3;BYDAY=-1SU;BYMONTH=10",
        "RRULE:FREQ=YEARLY;BYMINUTE=0;BYHOUR=2;BYDAY=-1SU;BYMONTH=3",
    ),
    ("RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=SU;BYSETPOS=1", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=+2SU"),
    ("RDATE:20251026T030000,20261025T030000", "RDATE:20250330T020000\nRDATE:20260329T020000"),
]


@st.composite
def zones(draw):
    """The zones that a calendar defines."""
    found = []
    for written, name in DEFINED.items():
        autumn, spring = draw(st.sampled_from(CHANGES))
        found += CUSTOMIZED.format(name=name or written, autumn=autumn, spring=spring).splitlines()
    return found


#: Rules that are not plain; `{}` are the start's weekday, day of the month, month.
ODD_RULES = [
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1", "FREQ=MONTHLY;BYDAY=MO,2TU", "FREQ=MONTHLY;BYDAY={0},-1FR;COUNT=9",
    "FREQ=YEARLY;BYWEEKNO=23,24", "FREQ=YEARLY;BYWEEKNO=10;BYDAY=MO", "FREQ=DAILY;BYHOUR=9,15;COUNT=20",
    "FREQ=DAILY;BYMONTH={2}",
    "FREQ=WEEKLY;BYDAY=SU;COUNT=4", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY={1},31;INTERVAL=2",
    "FREQ=HOURLY;COUNT=30",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "FREQ=YEARLY;BYYEARDAY=1,-1", "", "FREQ=WEEKLY;INTERVAL=0", "FREQ=NEVER",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=MINUTELY;INTERVAL=90;COUNT=50",
]  # fmt: skip

#: What a series may leave out, in the words of RFC 2445.
EXCLUSIONS = [
    "FREQ=WEEKLY;BYDAY=WE,FR",
    "FREQ=YEARLY;BYMONTH=7,8",
    "FREQ=DAILY;INTERVAL=2;COUNT=9",
    "FREQ=MONTHLY;UNTIL=20260601",
]

DAYS = st.dates(date(2025, 10, 1), date(2026, 12, 1))
TIMES = st.builds(
    lambda hour, quarter: timedelta(hours=hour, minutes=15 * quarter), st.integers(0, 23), st.integers(0, 3)
)
WEEKDAYS = st.lists(st.sampled_from(list(recur.DAYS)), min_size=1, max_size=4, unique=True)


def written(name, form, moment):
    if form == "DATE":
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if form in ("Z", "FLOATING"):
        return f"{name}:{moment:%Y%m%dT%H%M%S}{form.removeprefix('FLOATING')}"
    return f"{name};TZID={form}:{moment:%Y%m%dT%H%M%S}"


@st.composite
def recurrence_rules(draw, start, form):
    """A rule of any shape."""
    if draw(st.integers(0, 4)) == 0:
        own = list(recur.DAYS)[start.weekday()]
        return "RRULE:" + draw(st.sampled_from(ODD_RULES)).format(own, start.day, start.month)
    return draw(plain_rules(start, form))


@st.composite
def plain_rules(draw, start, form):
    """A rule that is plain, or nearly."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    own = list(recur.DAYS)[start.weekday()]
    if frequency in ("DAILY", "WEEKLY") and draw(st.booleans()):
        parts.append("BYDAY=" + ",".join(dict.fromkeys([*draw(WEEKDAYS), *([own] if draw(st.integers(0, 9)) else [])])))
    if frequency == "MONTHLY":
        parts += draw(
            st.sampled_from(
                [[], [f"BYMONTHDAY={start.day}"], [f"BYDAY={(start.day + 6) // 7}{own}"], [f"BYDAY=-1{own}"]]
            )
        )
    if frequency == "YEARLY":
        parts += draw(
            st.sampled_from([[], [f"BYMONTH={start.month}"], [f"BYMONTH={start.month}", f"BYMONTHDAY={start.day}"]])
        )
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(list(recur.DAYS)))}")
    match draw(st.sampled_from(["", "", "COUNT", "UNTIL", "UNTIL LOCAL", "UNTIL DATE"])):
        case "COUNT":
            parts.append(f"COUNT={draw(st.integers(1, 40))}")
        case "UNTIL":
            parts.append(f"UNTIL={start + draw(st.timedeltas(timedelta(0), timedelta(days=400))):%Y%m%dT%H%M%S}Z")
        case "UNTIL LOCAL":
            parts.append(f"UNTIL={start + draw(st.timedeltas(timedelta(0), timedelta(days=400))):%Y%m%dT%H%M%S}")
        case "UNTIL DATE":
            parts.append(f"UNTIL={start + timedelta(days=draw(st.integers(0, 400))):%Y%m%d}")
    return "RRULE:" + ";".join(parts)


@st.composite
def calendars(draw):
    """One calendar object."""
    lines = ["BEGIN:VCALENDAR", *draw(zones())]
    if method := draw(st.sampled_from(["", "", "PUBLISH", "REQUEST", "REPLY", "CANCEL", "COUNTER"])):
        lines.append(f"METHOD:{method}")
    own = draw(st.sampled_from(["", *ZONES[:4]]))
    if own:
        lines.append(f"X-WR-TIMEZONE:{own}")
    for number in range(draw(st.integers(1, 3))):
        form = draw(FORMS)
        midnights = form == "DATE" and draw(st.booleans())  # Exchange writes exceptions of all-day entries so

        def exception(name, form, place, midnights=midnights):
            if midnights and name == "RECURRENCE-ID":
                return f"{name}:{place:%Y%m%d}T000000Z"
            return written(name, (own or "Europe/Berlin") if midnights else form, place)

        start = datetime.combine(draw(DAYS), datetime.min.time()) + (timedelta(0) if form == "DATE" else draw(TIMES))
        length = draw(st.sampled_from([timedelta(0), timedelta(minutes=30), timedelta(hours=9), timedelta(days=2)]))
        if form == "DATE":
            length = timedelta(days=length.days)
        lasts = written("DTEND", form, start + length)
        if draw(st.integers(0, 3)) == 0:
            clock = "" if form == "DATE" else f"T{length.seconds // 3600}H{length.seconds % 3600 // 60}M"
            lasts = f"DURATION:P{length.days}D{clock}"
        entry = [
            f"UID:{number}",
            written("DTSTART", form, start),
            lasts,
            draw(
                st.sampled_from(
                    [
                        "SUMMARY:Talk\\, again",
                        "SUMMARY:Other",
                        "SUMMARY;ENCODING=QUOTED-PRINTABLE:M=C3=B6te",
                        "SUMMARY:Möte",
                    ]
                )
            ),
            f"DTSTAMP:202601{draw(st.integers(1, 28)):02}T000000Z",
            f"SEQUENCE:{draw(st.integers(0, 2))}",
            f"ATTENDEE;PARTSTAT={draw(st.sampled_from(['ACCEPTED', 'DECLINED']))}:mailto:bo@example.com",
        ]
        if draw(st.integers(0, 9)) == 0:  # a journey from zone to zone
            entry[2] = written("DTEND", draw(FORMS), start + length)
        repeats = draw(st.booleans())
        places = [
            start + timedelta(days=7 * week) for week in draw(st.lists(st.integers(0, 9), max_size=3, unique=True))
        ]
        if repeats:
            entry.append(draw(recurrence_rules(start, form)))
            gone = [place for place in places if draw(st.booleans())]
            entry += [exception("EXDATE", form, place) for place in gone]
            entry += draw(st.sampled_from([[]] * 8 + [[f"EXRULE:{rule}"] for rule in EXCLUSIONS]))
            if not draw(st.integers(0, 9)):
                entry.append(written("RDATE", form, start + timedelta(days=draw(st.integers(-20, 20)))))
        if not places or draw(st.integers(0, 4)):  # else there are only overrides
            lines += ["BEGIN:VEVENT", *entry, "END:VEVENT"]
        for place in places if draw(st.booleans()) else []:
            moved = (
                place
                + timedelta(days=draw(st.integers(-40, 40)))
                + (timedelta(0) if form == "DATE" else draw(TIMES) / 4)
            )
            status = draw(st.sampled_from(["CONFIRMED", "CANCELLED"]))
            lines += [
                "BEGIN:VEVENT",
                f"UID:{number}",
                exception("RECURRENCE-ID", form, place),
                written("DTSTART", form, moved),
            ]
            lines += [written("DTEND", form, moved + length), f"STATUS:{status}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode(draw(st.sampled_from(["utf-8", "utf-8", "cp1252"])))


#: One or several in one stream.
STREAMS = st.builds(b"".join, st.lists(calendars(), min_size=1, max_size=3))
