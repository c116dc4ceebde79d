"""The world as a CalDAV server keeps it: an entry for each UID, each with the zones that it needs."""

from __future__ import annotations

import icalendar

from world import ics

#: Who wrote the entries. Of Google alone calsight knows that an organizer who takes part is on the list.
PRODUCER = "-//Apple Inc.//macOS 15.5//EN"
#: What Cyrus takes from nobody: an entry that ends where it begins.
UNSAID = {"cyrus": frozenset({"zero"})}


def objects(server: str) -> dict[str, bytes]:
    """Every entry that the server takes, by its name."""
    whole = icalendar.Calendar.from_ical(ics.write(without=UNSAID.get(server, ())))
    zones = {str(part["TZID"]): part for part in whole.walk("VTIMEZONE")}
    found: dict[str, icalendar.Calendar] = {}
    for entry in whole.walk("VEVENT"):
        name = f"{entry['UID']}.ics"
        if name not in found:
            found[name] = icalendar.Calendar({"VERSION": "2.0", "PRODID": PRODUCER})
            used = {zone for key in ("DTSTART", "DTEND") if (zone := entry[key].params.get("TZID"))}
            found[name].subcomponents += [zones[zone] for zone in sorted(used)]
        found[name].add_component(entry)
    return {name: one.to_ical() for name, one in found.items()}
