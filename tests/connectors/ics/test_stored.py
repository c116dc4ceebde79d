"""Calendar objects as a server stores them: read together, they mean what each means by itself."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from calsight import Calendar, Window
from calsight_ics import read_objects
from ics_support import ALL_TIME, DATA, SUMMER, read_text
from world import ics as world_file

MINE = Calendar("work", "Work", owner=("ana@example.com",))
HALF_YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))


def stored(*lines, uid="a", producer="-//test//", head=()):
    entry = [f"UID:{uid}"] if uid else []
    entry += ["DTSTAMP:20260501T000000Z", "DTSTART:20260601T090000Z", "DURATION:PT30M", *lines]
    around = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{producer}", *head]
    return "\r\n".join([*around, "BEGIN:VEVENT", *entry, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def found(objects, window=SUMMER, zone="Europe/Berlin"):
    return {one.name: one for one in read_objects(objects, MINE, window, zone=zone)}


def split(text):
    """The objects that a server would store of a file: one for each UID, with the zones of all."""
    import icalendar

    whole = icalendar.Calendar.from_ical(text)
    zones = [part for part in whole.subcomponents if part.name == "VTIMEZONE"]
    objects = {}
    for entry in whole.walk("VEVENT"):
        one = objects.setdefault(str(entry["UID"]), icalendar.Calendar({"PRODID": whole["PRODID"], "VERSION": "2.0"}))
        one.subcomponents += [entry] if one.subcomponents else [*zones, entry]
    return {f"{uid}.ics": one.to_ical() for uid, one in objects.items()}


def test_a_world_in_objects_is_the_world_in_one_file():
    text = world_file.write()
    objects = split(text)
    assert len(objects) > 40
    told = [event for one in found(objects, HALF_YEAR).values() for event in one.events]
    asked = read_text(text, HALF_YEAR).events

    def bare(events):
        bared = [replace(event, calendar=MINE, id="", series=event.series and "") for event in events]
        return sorted(bared, key=lambda event: (event.uid, event.original_start or event.start))

    assert bare(told) == bare(asked)
    assert all(event.calendar is MINE for event in told)
    assert {event.series or event.id for event in told} <= set(objects)
    assert len({event.key for event in told}) == len(told)


def test_each_event_is_of_the_object_that_holds_it_in_any_company():
    objects = {f"{number}.ics": stored(f"SUMMARY:Talk {number}", uid=f"u{number}") for number in range(20)}
    objects["odd.ics"] = stored("SUMMARY:Odd", uid="odd").replace(b"BEGIN:VEVENT", b"begin:vevent")
    objects["nobody.ics"] = stored("SUMMARY:No UID", uid="")
    objects["method.ics"] = stored("SUMMARY:Off", uid="off", head=["METHOD:CANCEL"])
    objects["twice1.ics"] = stored("SUMMARY:Here", uid="same")
    objects["twice2.ics"] = stored("SUMMARY:There", uid="same")
    objects["exchange.ics"] = stored("SUMMARY:Theirs", uid="theirs", producer="-//Microsoft Corporation//Outlook//EN")
    by_itself = {name: found({name: data})[name] for name, data in objects.items()}
    for seed in range(3):
        names = random.Random(seed).sample(sorted(objects), len(objects))
        together = found({name: objects[name] for name in names})
        assert together.keys() == by_itself.keys()
        for name, one in together.items():
            assert [event.title for event in one.events] == [event.title for event in by_itself[name].events]
            assert [event.status for event in one.events] == [event.status for event in by_itself[name].events]


def test_tasks_and_journals_are_passed_over():
    task = stored().replace(b"VEVENT", b"VTODO")
    assert found({"task.ics": task, "one.ics": stored()}).keys() == {"one.ics"}


def test_an_alarm_with_a_uid_of_its_own_costs_nothing():
    """RFC 9074, as Apple's calendars write."""
    alarm = ["BEGIN:VALARM", "UID:alarm", "ACTION:DISPLAY", "TRIGGER:-PT5M", "END:VALARM"]
    both = found({"a.ics": stored(*alarm, uid="a"), "b.ics": stored(*alarm, uid="b")})
    assert {name: len(one.events) for name, one in both.items()} == {"a.ics": 1, "b.ics": 1}


@pytest.mark.parametrize("cut", [b"END:VEVENT", b"END:VCALENDAR", b"DURATION"])
def test_a_damaged_object_costs_itself_only(cut):
    whole = stored(uid="bad")
    read = found({"bad.ics": whole[: whole.index(cut)], "good.ics": stored(uid="good")})
    assert [event.uid for event in read["good.ics"].events] == ["good"]
    assert read["good.ics"].problems == []
    assert read["bad.ics"].problems


def test_the_zone_of_days_is_the_calendars_whatever_an_object_defines():
    """Which other objects are read with it must not matter."""
    day = stored(uid="day").replace(b"DTSTART:20260601T090000Z\r\nDURATION:PT30M", b"DTSTART;VALUE=DATE:20260610")
    elsewhere = split((DATA / "one_zone.ics").read_bytes())
    for objects in ({"day.ics": day}, {"day.ics": day, **elsewhere}):
        (event,) = found(objects, ALL_TIME)["day.ics"].events
        assert event.zone == "Europe/Berlin"
        assert event.start == datetime(2026, 6, 9, 22, tzinfo=UTC)
