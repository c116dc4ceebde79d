"""The fast road: plain entries become events by arithmetic on their bytes; what cannot touch the window is not parsed.

road            the door: `FastRoad`, opened by `calsight_ics.reader` and by nobody else
scan            the entries of a text, found with NumPy
lines           the lines of a text, all at once
marks           where the lines stand that say what is where: components, UIDs, days, stamps
glance          which entries cannot touch the window
plain           which shapes of an entry are plain, and their times
plain_fields    the other fields of a plain entry
recur           which recurrence rules are plain, and their days

Everything works without it: `fast = false` under `[connectors.ics]` reads the same through icalendar and
recurring-ical-events.
"""
