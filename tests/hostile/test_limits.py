"""What a source may take is limited, each limit says its name, and what is honest stays below it."""

from __future__ import annotations

import gc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from calsight import pipeline
from calsight.errors import SourceError
from calsight_ics import parse, reader
from calsight_ics.costs import Budget, Limits
from calsight_ics.vtimezone import zone_of
from cli.conftest import AS_OF
from hostile.attacks import ATTACKS, archive, one

ENTRY = "BEGIN:VEVENT\nUID:{}\nDTSTART:20261102T090000Z\nDTEND:20261102T093000Z\n{}\nEND:VEVENT\n"


def read(tmp_path: Path, *lines: str, **limits: Any) -> pipeline.Reading:
    """A calendar with an entry for each of the lines."""
    entries = "".join(ENTRY.format(number, line) for number, line in enumerate(lines))
    path = tmp_path / "x.ics"
    path.write_text(f"BEGIN:VCALENDAR\n{entries}END:VCALENDAR\n")
    return pipeline.read(path, as_of=AS_OF, settings={"connectors": {"ics": limits}}, cache=False)


def person(number: int) -> str:
    return f"ATTENDEE;CN=P {number}:mailto:p{number}@example.com"


@pytest.mark.parametrize(
    ("limits", "lines"),
    [
        ({"max_occurrences": 4}, ["SUMMARY:x"] * 6),
        ({"max_occurrences": 4}, [f"SUMMARY:{'Ana / Bo ' * 20}"]),
        ({"max_occurrences": 4}, ["RRULE:FREQ=DAILY;COUNT=6"]),
        ({"max_entries": 5}, ["SUMMARY:x"] * 6),
        ({"max_memory_mb": 0.01}, ["\n".join(map(person, range(6)))]),
        ({"max_mb": 0.001}, [f"DESCRIPTION:{'x' * 1000}"]),
    ],
    ids=["meetings", "long titles", "occurrences", "entries", "people", "bytes"],
)
def test_each_limit_says_its_name(tmp_path: Path, limits: dict[str, float], lines: list[str]) -> None:
    assert read(tmp_path, *lines).events
    (name,) = limits
    with pytest.raises(SourceError, match=name):
        read(tmp_path, *lines, **limits)


def test_files_of_a_folder_are_limited_too(tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    for number in range(4):
        (folder / str(number)).mkdir(parents=True)
        (folder / str(number) / "x.ics").write_bytes(one(b"SUMMARY:x"))
    whole = pipeline.read(folder, as_of=AS_OF, settings={}, cache=False)
    assert (len(whole.events), whole.problems) == (4, [])
    limited = pipeline.read(folder, as_of=AS_OF, settings={"connectors": {"ics": {"max_files": 6}}}, cache=False)
    assert len(limited.events) == 2
    assert ["max_files" in problem.text for problem in limited.problems] == [True]


def test_calendars_in_one_file_that_differ_are_limited_too(tmp_path: Path) -> None:
    path = tmp_path / "x.ics"
    path.write_bytes(ATTACKS["many_calendars_that_all_differ"](900))
    settings = {"connectors": {"ics": {"max_files": 6}}}
    assert len(pipeline.read(path, as_of=AS_OF, settings=settings, cache=False).events) == 3  # every other is an answer
    path.write_bytes(ATTACKS["many_calendars_that_all_differ"](2_000))
    with pytest.raises(SourceError, match="max_files"):
        pipeline.read(path, as_of=AS_OF, settings=settings, cache=False)


def test_people_are_counted_once(tmp_path: Path) -> None:
    team = "\n".join(map(person, range(10)))
    assert len(read(tmp_path, *[team] * 20, max_memory_mb=0.1).events) == 20


def test_an_entry_with_a_large_attachment_is_read_as_it_is(tmp_path: Path) -> None:
    attached = "ATTACH;ENCODING=BASE64:" + "\n ".join(["QUJD" * 18] * 20_000)
    lines = [f"{attached}\nSUMMARY:Ana\n  and Bo\nBEGIN:VALARM\nSUMMARY:no\nEND:VALARM", person(1), "RRULE:FREQ=WEEKLY"]
    small = "\n".join([lines[0].replace(attached, "X:1"), *lines[1:]])
    assert read(tmp_path, "\n".join(lines)).events == read(tmp_path, small).events


def test_an_entry_with_too_much_in_it_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "_LARGE", 1_000)
    monkeypatch.setattr(parse, "ENTRY_LIMIT", 10_000)
    crowd = "\n".join(map(person, range(300)))
    found = read(tmp_path, crowd, "SUMMARY:Ana")
    assert [event.title for event in found.events] == ["Ana"]
    assert ["larger than 10,000 bytes" in problem.text for problem in found.problems] == [True]


def test_more_entries_of_one_uid_than_any_meeting_has_cost_that_uid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_MOST_OF_ONE", 5)
    path = tmp_path / "x.ics"
    entries = [ENTRY.format("a", f"SUMMARY:{number}") for number in range(6)]
    path.write_text(f"BEGIN:VCALENDAR\n{''.join(entries)}{ENTRY.format('b', 'SUMMARY:Ana')}END:VCALENDAR\n")
    found = pipeline.read(path, as_of=AS_OF, settings={}, cache=False)
    assert [event.title for event in found.events] == ["Ana"]
    assert [(problem.code, problem.count) for problem in found.problems] == [("bad_entry", 6)]


def test_what_libraries_leave_behind_is_freed_where_nobody_collects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(reader, "_COLLECTED", 2)
    monkeypatch.setattr(gc, "collect", calls.append)
    monkeypatch.setattr(gc, "isenabled", lambda: False)
    read(tmp_path, *["DTSTAMP:1\nDURATION:PT1H"] * 7)
    assert calls == [0, 0]


def test_a_rule_with_more_numbers_than_any_costs_its_entry(tmp_path: Path) -> None:
    minutes = ",".join(map(str, range(60)))
    working = f"RRULE:FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE={minutes};COUNT=3"
    found = read(tmp_path, f"{working};BYSECOND={minutes}", working.replace("TU", "MO"), "SUMMARY:Ana")
    assert len(found.events) == 4
    assert ["RRULE lists more than 100 numbers" in problem.text for problem in found.problems] == [True]


def test_what_ends_in_an_error_has_taken_its_time() -> None:
    budget = Budget.of(Limits(work=1e-9))
    with pytest.raises(KeyError), budget.working(1.0, "x"):
        raise KeyError
    assert budget.work < 0


def test_time_counts_for_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 4.0, 100.0, 112.0, 200.0, 206.0])
    monkeypatch.setattr("calsight_ics.costs.thread_time", lambda: next(clock))
    budget = Budget.of(Limits(work=9.0))
    for _ in range(2):  # what lies between is not of libraries
        with budget.working(2.0, "x"), budget.working(2.0, "x"):  # counted once
            pass
    with pytest.raises(SourceError, match="max_seconds"), budget.working(1.0, "x"):
        pass


def test_zones_count_as_work_and_one_without_end_is_none(tmp_path: Path) -> None:
    rules = "".join(
        f"BEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=YEARLY;BYMONTH={n % 12 + 1};BYDAY=1MO,2MO,3MO\n"
        f"TZOFFSETFROM:+0000\nTZOFFSETTO:+{n:04}\nEND:STANDARD\n"
        for n in range(12)
    )
    zone = f"BEGIN:VTIMEZONE\nTZID:Ours\n{rules}END:VTIMEZONE\n"
    path = tmp_path / "x.ics"
    path.write_text(
        f"BEGIN:VCALENDAR\n{zone}BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Ours:20261102T090000\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    found = pipeline.read(path, as_of=AS_OF, settings={}, cache=False)
    assert [problem.code for problem in found.problems] == ["unknown_zone"]  # changed more often than any clock
    with pytest.raises(SourceError, match="max_seconds"):
        pipeline.read(path, as_of=AS_OF, settings={"connectors": {"ics": {"max_seconds": 1e-4}}}, cache=False)


def test_a_zone_with_more_endless_rules_than_any_is_not_worked_out() -> None:
    rule = "BEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=1SU\nTZOFFSETTO:+0100\nEND:STANDARD\n"
    asked: list[None] = []
    assert zone_of((rule * 17).encode(), lambda: asked.append(None)) is None
    assert not asked
    assert zone_of((rule * 2).encode(), lambda: asked.append(None))
    assert len(asked) == 2


def test_an_archive_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    real = zipfile.ZipFile
    monkeypatch.setattr(zipfile, "ZipFile", lambda *given: opened.append(given) or real(*given))
    path = tmp_path / "x.zip"
    path.write_bytes(archive((f"{number}.ics", one(b"SUMMARY:x")) for number in range(30)))
    opened.clear()
    assert len(pipeline.read(path, as_of=AS_OF, settings={}, cache=False).events) == 30
    assert len(opened) <= 2  # to list what is in it, and to read that


def test_every_attack_says_what_it_is() -> None:
    assert all(attack.__doc__ for attack in ATTACKS.values())
