"""The lines of `calsight meetings --json-lines` have the keys of the contract."""

from calsight import Calendar
from calsight.core.model.meetings import Doubt, DoubtCode, Kind, Meeting, Person, Scope, Size
from calsight.render.meeting_lines import meeting_line
from calsight.testing import event


def test_a_meeting_line_has_the_keys_of_the_contract():
    meeting = Meeting(
        event=event("ana", "bo", uid="u1", at="2026-03-02 10:00", calendar=Calendar(name="work.ics")),
        kind=Kind.ONE_TO_ONE,
        reason="two_people",
        headcount=2,
        size=Size.SMALL,
        counterparts=(Person("bo@example.com", "Bo", "bo@example.com"),),
        organised_by_me=True,
        held=True,
        scope=Scope.ORGANISATION,
        doubts=(Doubt(DoubtCode.SAME_NAME, "none", "bo@example.org"), Doubt(DoubtCode.UNANSWERED, "none")),
    )

    assert meeting_line(meeting) == {
        "source": "work.ics",
        "uid": "u1",
        "original_start": None,
        "start": "2026-03-02T10:00:00Z",
        "end": "2026-03-02T10:30:00Z",
        "all_day": False,
        "title": "Meeting",
        "kind": "one_to_one",
        "reason": "two_people",
        "mode": "unspecified",
        "size": "small",
        "headcount": 2,
        "counterparts": [{"name": "Bo", "address": "bo@example.com"}],
        "organised_by_me": True,
        "held": True,
        "inferred": False,
        "scope": "organisation",
        "doubts": ["same_name", "unanswered"],
        "could_be": "none",
    }


def test_an_all_day_meeting_line_has_the_dates_that_people_saw():
    day = event(at="2026-03-01 23:00", minutes=24 * 60, all_day=True, zone="Europe/Berlin")

    line = meeting_line(Meeting(event=day, kind=Kind.EXCLUDED, reason="all_day"))

    assert (line["start"], line["end"]) == ("2026-03-02", "2026-03-03")


def test_a_whole_day_in_a_zone_that_does_not_exist_is_of_utcs_days():
    day = event("ana", at="2026-03-02", minutes=24 * 60, all_day=True, zone="Mars/Olympus")
    assert meeting_line(Meeting(day, Kind.EXCLUDED, "all_day"))["start"] == "2026-03-02"
