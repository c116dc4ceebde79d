"""What the MCP server keeps to itself, and what it keeps of what the owner says."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the MCP server needs the extra [serve]")

from mcp import Client

from calsight.core.judging.corrections import Met, ThisPerson
from calsight.errors import UsageError
from calsight.serve.asked import Asked
from calsight.serve.mcp import tools
from calsight.serve.mcp.calls import Call, Manner
from calsight.settings.corrections_file import corrections_path, load_corrections
from mcp_support import ASKED, READS, asking, called


def test_private_tells_initials_and_nothing_else_of_anybody(path, demo):
    manner = Manner((str(path),), private=True)
    told = [called(manner, name) for name in sorted(READS - {"explain"})]
    entry = told[1].structured_content["meetings"][0]["entry"]
    person = called(manner, "people").structured_content["people"][0]["person"]
    told += [called(manner, "explain", entry=entry), called(manner, "explain", person=person)]
    told += [called(manner, "report", detail="full"), called(manner, "meetings", kind=["one_to_one"], limit=100)]
    said = "\n".join(one.model_dump_json() for one in told)
    assert not any(one.is_error for one in told), said[:500]
    lines = demo("little_time_low_interest").ics.decode().replace("\r\n ", "").splitlines()
    names = {line.split("CN=")[1].split(";")[0].split(":")[0] for line in lines if "CN=" in line}
    titles = {line.partition(":")[2] for line in lines if line.startswith("SUMMARY")}
    assert len(names) > 5
    assert {name for name in names if name in said} == set()
    assert {title for title in titles if len(title) > 8 and title in said} == set()
    assert "@" not in said.replace("calsight.report/1", "")
    refused = called(Manner((str(path),), private=True), "report", me="x@example.com", weeks=1)
    assert "@" not in refused.content[0].text


def test_nobody_finds_out_whose_a_code_is_by_trying_addresses(path):
    """Another server has other codes for the same people: they are made with a secret of its own."""
    one, other = (Manner((str(path),), private=True) for _ in range(2))
    first, again, elsewhere = (
        [tie["person"] for tie in called(manner, "people").structured_content["people"]] for manner in (one, one, other)
    )
    assert first == again
    assert len(set(first)) == len(first) == 3
    assert not {*first} & {*elsewhere}


def test_answers_are_kept_only_where_that_is_allowed(path, tmp_path):
    settings = tmp_path / "mine" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text("")
    assert called(Manner((str(path),), settings=settings), "note", person="bo@example.com", on="2026-11-18").is_error
    allowed = Manner((str(path),), settings=settings, corrections=True)

    async def keep(client: Client) -> list[Any]:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools["note"].annotations.read_only_hint is False
        return [
            await client.call_tool("note", {"person": "bo@example.com", "on": "2026-11-18"}),
            await client.call_tool("answer", {"code": "companion", "value": "yes", "about": "bo@example.com"}),
            await client.call_tool("answer", {"code": "unknown", "value": "yes"}),
            await client.call_tool("answer", {"code": "nonsense", "value": "yes"}),
            await client.call_tool("note", {"person": "bo", "on": "2026-11-18"}),
            await client.call_tool("note", {"person": "bo@example.com", "on": "2999-01-01"}),
        ]

    kept = asking(allowed, keep)
    assert [one.is_error for one in kept] == [False, False, False, True, True, True]
    assert kept[0].structured_content["undo"] == ["calsight correct undo 1"]
    assert [type(one) for one in load_corrections(corrections_path(settings))] == [ThisPerson, Met]
    assert 'unknown = "yes"' in settings.read_text()


@pytest.mark.parametrize("private", [False, True])
def test_a_note_names_somebody_as_the_tools_do(path, tmp_path, private):
    settings = tmp_path / "settings.toml"
    settings.write_text("")
    manner = Manner((str(path),), settings=settings, private=private, corrections=True)

    async def keep(client: Client) -> list[Any]:
        known = (await client.call_tool("people", ASKED | {"limit": 1})).structured_content["people"][0]
        days = {known["person"]: "2026-11-03", known["name"]: "2026-11-04", "Nobody Atall": "2026-11-05"}
        return [await client.call_tool("note", ASKED | {"person": who, "on": day}) for who, day in days.items()]

    by_code, by_name, by_nothing = asking(manner, keep)
    assert by_nothing.is_error
    assert "nobody as 'Nobody Atall'" in by_nothing.content[0].text
    met = load_corrections(corrections_path(settings))
    assert all("@" in one.address for one in met)
    if private:  # initials may be two people's, and nobody is called by them
        assert (by_code.is_error, by_name.is_error, len(met)) == (False, True, 1)
        assert met[0].address not in by_code.model_dump_json()
    else:
        assert {one.address for one in met} == {met[0].address}
        assert [one.day.day for one in met] == [3, 4]


def test_a_question_about_somebody_is_answered_where_names_are_not_told(tmp_path):
    """Zoe met Bo at a private address, in working hours, again and again; and her team once a month."""
    entry = (
        "BEGIN:VEVENT\nUID:{day}\nDTSTAMP:20261119T000000Z\nDTSTART:{day}T100000Z\nDTEND:{day}T103000Z\nSUMMARY:Talk\n"
        "ORGANIZER:mailto:zoe@kern.com\nATTENDEE;PARTSTAT=ACCEPTED:mailto:zoe@kern.com\n{others}END:VEVENT\n"
    )
    bo, team = ["bo.lind@gmail.com"], ["cat@kern.com", "di@kern.com"]
    met = {f"2026{month:02}{day:02}": bo for month in range(7, 12) for day in (2, 9, 16)}
    met |= {f"2026{month:02}20": team for month in range(7, 12)}
    entries = [
        entry.format(day=day, others="".join(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{who}\n" for who in others))
        for day, others in met.items()
    ]
    path, settings = tmp_path / "zoe.ics", tmp_path / "settings.toml"
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{''.join(entries)}END:VCALENDAR\n")
    settings.write_text("")
    manner = Manner((str(path),), settings=settings, private=True, corrections=True)

    async def work(client: Client) -> list[Any]:
        report = await client.call_tool("report", ASKED)
        (asked,) = report.structured_content["questions"]
        given = {"code": asked["code"], "about": asked["about"], "value": "yes"}
        return [report, await client.call_tool("answer", ASKED | given)]

    told, kept = asking(manner, work)
    assert not kept.is_error, kept.content[0].text
    assert "bo.lind" not in told.model_dump_json() + kept.model_dump_json()
    assert load_corrections(corrections_path(settings)) == [ThisPerson("bo.lind@gmail.com", "colleague")]


def test_a_meeting_of_today_is_noted_by_the_persons_own_day(tmp_path, monkeypatch):
    """East of Greenwich it is tomorrow there before it is in UTC."""

    class Day(date):
        @classmethod
        def today(cls) -> date:
            return date(2026, 11, 19)

    monkeypatch.setattr(tools, "date", Day)
    call = Call(Manner(settings=tmp_path / "settings.toml"), Asked(), (), lambda _: None, threading.Event())
    kept, _ = tools.note(call, person="bo@example.com", on="2026-11-19")
    assert kept.undo == ["calsight correct undo 1"]
    with pytest.raises(UsageError, match="still to come"):
        tools.note(call, person="bo@example.com", on="2026-11-20")
