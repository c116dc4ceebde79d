"""What each command prints, and that its JSON is what the contract says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from calsight.cli.demo import _SITUATIONS
from calsight.cli.meetings import _KINDS
from calsight.core.model.meetings import Kind
from calsight.demo import SITUATIONS
from cli.conftest import AS_OF, Ran

Cli = Callable[..., Ran]
READ = ("--as-of", AS_OF)

MEETING_KEYS = {
    "source", "uid", "original_start", "start", "end", "all_day", "title", "kind", "reason", "mode", "size", "headcount",
    "counterparts", "organised_by_me", "held", "inferred", "scope", "doubts", "could_be",
}  # fmt: skip
REPORT_KEYS = {
    "schema", "engine", "as_of", "window", "owner", "sources", "counts", "hours", "excluded", "coverage", "exposure", "flag",
    "rate", "weeks", "breadth", "situation", "visibility", "relationships", "next_actions", "problems", "settings",
}  # fmt: skip
KINDS = {str(kind) for kind in Kind}


def document(ran: Ran) -> Any:
    assert ran.code == 0, ran
    assert ran.err == ""
    return json.loads(ran.out)


def lines(ran: Ran) -> list[dict[str, Any]]:
    assert ran.code == 0, ran
    assert ran.err == ""
    return [json.loads(line) for line in ran.out.splitlines()]


def test_report_json_has_the_contracts_keys_and_fits_its_schema(cli: Cli, calendar: Path) -> None:
    report = document(cli("report", calendar, *READ, "--json"))
    schema = document(cli("report", "--schema"))

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(report)
    assert set(report) >= REPORT_KEYS
    assert report["schema"] == "calsight.report/1"
    assert set(report["counts"]) == set(report["hours"]) == KINDS
    assert report["as_of"] == "2026-11-22T23:00:00Z"  # the end of that day in Stockholm
    assert report["owner"]["addresses"] == ["theo.lindqvist@fjordbank.example"]
    assert report["flag"]["level"] == "at_risk"
    assert {"week", "exposure", "one_to_one", "hours", "mean", "interval", "probability_low"} <= set(report["weeks"][0])
    assert all(set(reason) == {"code", "text", "values"} for reason in report["flag"]["reasons"])


def test_the_report_in_the_terminal_says_what_the_json_says(cli: Cli, calendar: Path) -> None:
    report = document(cli("report", calendar, *READ, "--json"))
    shown = cli("report", calendar, *READ)

    assert shown.code == 0
    assert "AT RISK" in shown.out.splitlines()[0]
    said = " ".join(shown.out.replace("│", " ").split())
    for reason in report["flag"]["reasons"]:
        assert reason["text"].replace(" %", "%") in said
    assert said.endswith("both are settings.")


def test_meetings_json_lines_have_the_contracts_keys(cli: Cli, calendar: Path) -> None:
    meetings = lines(cli("meetings", calendar, *READ, "--json-lines"))

    assert {frozenset(meeting) for meeting in meetings} == {frozenset(MEETING_KEYS)}
    assert [meeting["start"][:10] for meeting in meetings] == sorted(meeting["start"][:10] for meeting in meetings)
    for meeting in meetings:
        assert meeting["kind"] in KINDS
        assert meeting["start"].endswith("Z") is not meeting["all_day"]
        assert (meeting["held"] is None) is (meeting["kind"] not in ("one_to_one", "group", "conference_call"))
        if meeting["kind"] == "one_to_one":
            assert meeting["headcount"] == 2
            assert set(meeting["counterparts"][0]) == {"name", "address"}


def test_meetings_agree_with_the_reports_counts(cli: Cli, calendar: Path) -> None:
    report = document(cli("report", calendar, *READ, "--json"))
    meetings = lines(cli("meetings", calendar, *READ, "--json-lines"))

    past = [meeting for meeting in meetings if not meeting["all_day"] and meeting["end"] <= report["as_of"]]
    found = Counter(meeting["kind"] for meeting in past)
    for kind in ("one_to_one", "group", "conference_call", "solo"):
        assert found[kind] == report["counts"][kind]


def test_meetings_of_one_kind(cli: Cli, calendar: Path) -> None:
    meetings = lines(cli("meetings", calendar, *READ, "--json-lines", "--kind", "one_to_one", "--kind", "absence"))

    assert {meeting["kind"] for meeting in meetings} == {"one_to_one", "absence"}
    shown = cli("meetings", calendar, *READ, "--kind", "one_to_one")
    numbered = [line for line in shown.out.splitlines() if line[:3].strip().isdecimal()]
    assert len(numbered) == sum(meeting["kind"] == "one_to_one" for meeting in meetings)
    assert "Elin Berg" in shown.out


def test_events_as_a_source_give_the_same_report_as_the_calendar_they_came_from(
    cli: Cli, calendar: Path, tmp_path: Path
) -> None:
    events = cli("events", calendar, *READ)
    assert {event["schema"] for event in lines(events)} == {"calsight.event/1"}
    (tmp_path / "events.jsonl").write_text(events.out)

    direct = document(cli("report", calendar, *READ, "--json"))
    again = document(cli("report", tmp_path / "events.jsonl", *READ, "--json"))

    assert again == direct
    assert cli("events", tmp_path / "events.jsonl", *READ).out == events.out


def test_leave_that_began_before_the_window_is_among_the_events(cli: Cli, tmp_path: Path) -> None:
    entry = "BEGIN:VEVENT\r\nUID:{0}\r\nSUMMARY:{0}\r\nDTSTART;VALUE=DATE:{1}\r\nDTEND;VALUE=DATE:{2}\r\nEND:VEVENT\r\n"
    leave = entry.format("Parental leave", "20260101", "20260901")
    (tmp_path / "leave.ics").write_bytes(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{leave}END:VCALENDAR\r\n".encode())
    window = ("--from", "2026-06-01", "--to", "2026-08-31", "--me", "ana@example.com")

    events = cli("events", tmp_path / "leave.ics", *window)
    (tmp_path / "events.jsonl").write_text(events.out)

    assert [event["title"] for event in lines(events)] == ["Parental leave"]
    again = json.loads(cli("report", tmp_path / "events.jsonl", *window, "--json").out)
    assert {week["exposure"] for week in again["weeks"]} == {0.0}


def test_the_window_is_what_was_asked_for(cli: Cli, calendar: Path) -> None:
    report = document(cli("report", calendar, "--from", "2026-06-01", "--to", "2026-08-31", "--json"))

    assert report["window"]["start"] == "2026-05-31T22:00:00Z"
    assert report["window"]["end"] == "2026-08-31T22:00:00Z"
    report = document(cli("report", calendar, *READ, "--weeks", "8", "--zone", "UTC", "--json"))
    assert report["window"]["start"] == "2026-09-21T00:00:00Z"  # the Monday eight weeks before the 16th of November's
    assert report["owner"]["zone"] == "UTC"


def test_doctor_says_that_a_good_calendar_can_be_judged(cli: Cli, calendar: Path) -> None:
    shown = cli("doctor", calendar, *READ)

    assert shown.code == 0
    assert shown.out.startswith("This can be judged.")
    assert "theo.lindqvist@fjordbank.example" in shown.out
    assert "Google" in shown.out
    diagnosis = document(cli("doctor", calendar, *READ, "--json"))
    assert diagnosis["judgeable"] is True
    assert diagnosis["zone"] == "Europe/Stockholm"
    assert diagnosis["calendars"][0]["occurrences"] > 300


def test_doctor_lists_what_was_set_aside(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bad.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:lost\r\nDTSTART:rubbish\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    shown = cli("doctor", tmp_path / "bad.ics", *READ)

    assert shown.code == 0
    assert "cannot be judged" in shown.out
    assert "lost" in shown.out


def test_sources_lists_what_is_installed(cli: Cli) -> None:
    assert "ics" in cli("sources").out
    ics = next(source for source in document(cli("sources", "--json"))["sources"] if source["name"] == "ics")
    assert ics["sort"] == "connector"
    assert ics["distribution"] == "calsight"
    assert ics["ready"] is True


def test_settings_show_values_with_their_origin(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[rate]\nlow = 0.6\n[connectors.ics]\npassword = "hush"\n')

    shown = cli("settings", "--settings", file)
    rows = {row["key"]: row for row in document(cli("settings", "--settings", file, "--json"))["settings"]}

    assert rows["rate.low"]["value"] == 0.6
    assert rows["rate.low"]["origin"] == str(file)
    assert rows["rate.healthy"]["origin"] == "default"
    assert "hush" not in json.dumps(rows)
    assert "low = 0.6  set here" in shown.out
    assert "hush" not in shown.out


def test_without_a_file_all_settings_are_defaults(cli: Cli) -> None:
    document_ = document(cli("settings", "--json"))

    assert {row["origin"] for row in document_["settings"]} == {"default"}
    assert "everything has its default" in " ".join(cli("settings").out.split())


def test_demo_shows_one_situation_and_the_same_again(cli: Cli) -> None:
    shown = cli("demo", "--situation", "much_time_low_interest", *READ)

    assert shown.code == 0, shown
    assert shown.out.count("╭─") == 1
    assert "Theo Lindqvist: much time, little interest" in shown.out
    assert shown.out == cli("demo", "--situation", "much_time_low_interest", *READ).out


def test_demo_shows_all_four(cli: Cli) -> None:
    out = cli("demo", *READ).out

    levels = [line[3:].partition(" ─")[0] for line in out.splitlines() if line.startswith("╭─")]
    assert levels == ["AT RISK", "WATCH", "AT RISK", "OK"]


def test_the_demos_calendars_can_be_kept_and_read(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    kept = cli("demo", "--write", folder, "--situation", "much_time_low_interest", *READ)

    assert kept.out.split() == [str(folder / "theo.lindqvist.ics")]
    assert "AT RISK" in cli("report", folder / "theo.lindqvist.ics", *READ).out


def test_demo_refuses_to_write_over_a_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "demo").touch()

    ran = cli("demo", "--write", tmp_path / "demo")

    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_explain_says_step_by_step_why_for_each_sort_of_occurrence(cli: Cli, calendar: Path) -> None:
    meetings = lines(cli("meetings", calendar, *READ, "--json-lines"))
    series = [meeting for meeting in meetings if meeting["title"] == "Karin / Theo"]

    shown = cli("meetings", calendar, *READ, "--explain", series[0]["uid"])

    assert shown.code == 0
    assert {meeting["reason"] for meeting in series} == {"two_people", "declined"}
    assert shown.out.count("So it is: one-to-one (exactly one other person)") == 1
    assert shown.out.count("So it is: left out (declined)") == 1
    asked = [line.split() for line in shown.out.splitlines() if line.endswith(("yes", "no"))]
    assert [answer for *_, answer in asked].count("yes") == 2
    assert "1 Jul 2026" not in shown.out  # no such day in the series
    assert "4 Jun 2026, 2 Jul 2026" in shown.out


def test_explain_of_an_unknown_uid_is_refused(cli: Cli, calendar: Path) -> None:
    ran = cli("meetings", calendar, *READ, "--explain", "nobody@example.com")

    assert ran.code == 2
    assert "nobody@example.com" in ran.err


def test_the_words_that_options_take_are_those_of_the_library():
    assert tuple(kind.value for kind in Kind) == _KINDS
    assert SITUATIONS == _SITUATIONS
