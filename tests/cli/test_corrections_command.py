"""`calsight correct` and `calsight note`: kept, listed, undone, applied and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calsight.cli.correct import _WORDS
from calsight.core.judging.corrections import Away, Correction, KeepUp, Met, ThisMeeting, ThisPerson
from calsight.errors import SettingsError
from calsight.settings.corrections_file import (
    WORDS,
    add_correction,
    corrections_path,
    load_corrections,
    undo_correction,
)

ALL: list[Correction] = [
    ThisMeeting("abc", False, date(2026, 3, 4)),
    ThisMeeting("def", True, None, "ana@example.com"),
    ThisMeeting("", True, date(2026, 3, 5), "", "Talk, at last"),
    ThisPerson("bo@example.com", "manager"),
    Away(date(2026, 3, 2), date(2026, 3, 6)),
    Met("cem@example.com", date(2026, 3, 9)),
    KeepUp("name:Bo Lind", 3),
]

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
X-WR-CALNAME:me@example.com
{events}END:VCALENDAR
"""
EVENT = """\
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260301T000000Z
DTSTART:{start}
DTEND:{end}
SUMMARY:Talk
ORGANIZER:mailto:me@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@example.com
{others}END:VEVENT
"""


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    """A one-to-one with Bo on Tuesday 3 March, a meeting of three on the Wednesday."""
    others = "ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED:mailto:bo@example.com\n"
    more = others + "ATTENDEE;CN=Cem;PARTSTAT=ACCEPTED:mailto:cem@example.com\n"
    events = EVENT.format(uid="talk", start="20260303T100000Z", end="20260303T103000Z", others=others)
    events += EVENT.format(uid="team", start="20260304T100000Z", end="20260304T103000Z", others=more)
    path = tmp_path / "me.ics"
    path.write_bytes(CALENDAR.format(events=events).replace("\n", "\r\n").encode())
    return path


class TestFile:
    def test_bytes_that_are_no_text_are_refused_and_leave_nothing_behind(self, tmp_path: Path):
        path = tmp_path / "kept" / "corrections.toml"
        with pytest.raises(SettingsError, match="no text"):
            add_correction(path, Met("a\udcff@example.com", date(2026, 3, 9)))
        assert list(path.parent.iterdir()) == []

    def test_what_is_kept_is_read_again(self, tmp_path: Path):
        path = tmp_path / "deep" / "corrections.toml"
        for correction in ALL:
            add_correction(path, correction)
        assert load_corrections(path) == ALL
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("unreadable", [ThisMeeting("", False), ThisPerson("bo@example.com", "boss")])  # type: ignore[arg-type]
    def test_what_could_not_be_read_again_is_not_kept(self, tmp_path: Path, unreadable: Correction):
        path = tmp_path / "corrections.toml"
        add_correction(path, ALL[5])
        with pytest.raises(SettingsError):
            add_correction(path, unreadable)
        assert load_corrections(path) == [ALL[5]]

    def test_the_same_thing_said_again_replaces_what_was_said(self, tmp_path: Path):
        path = tmp_path / "corrections.toml"
        for correction in [*ALL, ThisPerson("BO@example.com", "peer")]:
            add_correction(path, correction)
        assert load_corrections(path) == [*ALL[:3], ThisPerson("BO@example.com", "peer"), *ALL[4:]]

    def test_a_persons_own_comments_stay(self, tmp_path: Path):
        path = tmp_path / "corrections.toml"
        path.write_text('# mine\n[[met]]\nwith = "bo@example.com"\non = 2026-03-01 # at the fair\n')
        add_correction(path, ALL[3])
        add_correction(path, ALL[5])
        undo_correction(path, 1)
        text = path.read_text()
        assert "# mine" in text
        assert "# at the fair" in text
        assert load_corrections(path) == [Met("bo@example.com", date(2026, 3, 1)), ALL[5]]

    def test_each_can_be_undone_by_its_number(self, tmp_path: Path):
        path = tmp_path / "corrections.toml"
        for correction in ALL:
            add_correction(path, correction)
        left = list(ALL)
        for number in (4, 1, 1, 2, 1, 2, 1):
            assert undo_correction(path, number) == left.pop(number - 1)
            assert load_corrections(path) == left
        with pytest.raises(SettingsError, match="There are none"):
            undo_correction(path, 1)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[[meting]]\n", r"\[\[meting\]\] is not known"),
            ("[met]\n", "two brackets"),
            ('[[met]]\nwith = "bo@example.com"\n', "on must be a date"),
            ("[[met]]\non = 2026-03-01\n", "with is missing"),
            ('[[person]]\naddress = "bo@example.com"\nis = "boss"\n', "'boss' is none of: confirmed"),
            ('[[meeting]]\nuid = "a"\none_to_one = "yes"\n', "must be true or false"),
            ('[[meeting]]\nuid = "a"\none_to_one = true\nwhen = 1\n', "'when' is not known"),
            ("[[away]]\nfrom = 2026-03-05\nto = 2026-03-01\n", "is before from"),
            ("[[away]\n", "not TOML"),
        ],
    )
    def test_what_is_wrong_is_said_with_the_file(self, tmp_path: Path, text: str, said: str):
        path = tmp_path / "corrections.toml"
        path.write_text(text)
        with pytest.raises(SettingsError, match=said) as caught:
            load_corrections(path)
        assert str(path) in str(caught.value)

    def test_it_lies_beside_the_settings(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        assert corrections_path(tmp_path / "mine.toml") == tmp_path / "corrections.toml"
        monkeypatch.setenv("CALSIGHT_SETTINGS", str(tmp_path / "x" / "settings.toml"))
        assert corrections_path() == tmp_path / "x" / "corrections.toml"


class TestCommands:
    def test_they_are_kept_listed_and_undone(self, cli: Callable[..., Any]):
        assert cli("correct", "list").out.startswith("Nothing is corrected.")
        assert cli("correct", "meeting", "abc", "--not-one-to-one", "--on", "2026-03-04").code == 0
        assert cli("correct", "person", "bo@example.com", "manager").code == 0
        assert cli("correct", "away", "2026-03-02", "2026-03-06").code == 0
        assert cli("note", "cem@example.com", "--on", "2026-03-09").code == 0
        assert cli("correct", "list").out.splitlines() == [
            "1. The entry “abc” on 2026-03-04 is not a one-to-one.",
            "2. bo@example.com is: manager.",
            "3. You were away from 2026-03-02 to 2026-03-06.",
            "4. You met cem@example.com on 2026-03-09, off the calendar.",
        ]
        assert cli("correct", "undo", "2").out == "Taken back: bo@example.com is: manager.\n"
        assert len(cli("correct", "list").out.splitlines()) == 3

    def test_a_word_alone_is_said_to_be_a_uid(self, cli: Callable[..., Any]):
        assert cli("correct", "meeting", "Lunch", "--one-to-one").out.startswith(
            "The entry with the UID Lunch is a one-to-one."
        )

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["correct", "meeting", "abc"], "Say what it is"),
            (["correct", "meeting", " ", "--not-one-to-one"], "Which entry?"),
            (["correct", "meeting", "abc", "--not-one-to-one", "--with", "bo@example.com"], "--with goes with"),
            (["correct", "person", "bo", "manager"], 'write "name:Bo Lind"'),
            (["correct", "person", "bo@example.com", "boss"], "boss"),
            (["correct", "away", "2026-03-06", "2026-03-02"], "Swap them"),
            (["correct", "undo", "1"], "There is no correction number 1"),
            (["note", "bo@example.com", "--on", "2999-01-01"], "still to come"),
            (["note", "bo@example.com"], "--on"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, cli: Callable[..., Any], words: list[str], said: str):
        done = cli(*words)
        assert done.code == 2
        assert said in done.err

    def test_every_later_report_applies_and_names_them(self, cli: Callable[..., Any], calendar: Path):
        def report() -> dict[str, Any]:
            done = cli("report", calendar, "--me", "me@example.com", "--as-of", "2026-03-20", "--json")
            return dict(json.loads(done.out))

        before = report()
        assert (before["counts"]["one_to_one"], before["corrections"]) == (1, [])
        cli("correct", "meeting", "talk", "--not-one-to-one")
        cli("correct", "meeting", "team", "--one-to-one", "--with", "cem@example.com")
        cli("correct", "person", "cem@example.com", "mentor")
        cli("note", "dora@example.com", "--on", "2026-03-10")
        cli("correct", "away", "2026-03-16", "2026-03-17")
        after = report()
        assert after["counts"]["one_to_one"] == 2
        assert after["counts"]["absence"] == 1
        assert after["excluded"] == {"you_said": 1}
        assert {r["person"]["address"]: r["role"] for r in after["relationships"]} == {
            "cem@example.com": "mentor",
            "dora@example.com": None,
        }
        assert [reason["code"] for reason in after["corrections"]] == [
            "you_said_not_one_to_one",
            "you_said_one_to_one",
            "you_said_person",
            "you_said_away",
            "you_said_met",
        ]
        for _ in range(5):
            cli("correct", "undo", "1")
        assert report() == before

    def test_settings_given_by_name_bring_their_own(self, cli: Callable[..., Any], calendar: Path, tmp_path: Path):
        other = tmp_path / "other"
        other.mkdir()
        settings = other / "settings.toml"
        settings.write_text("")
        cli("correct", "meeting", "talk", "--not-one-to-one", "--settings", settings)
        words = ("report", calendar, "--me", "me@example.com", "--as-of", "2026-03-20", "--json")
        assert json.loads(cli(*words, "--settings", settings).out)["counts"]["one_to_one"] == 0
        assert json.loads(cli(*words).out)["counts"]["one_to_one"] == 1


def test_the_words_for_people_are_the_same_everywhere():
    assert _WORDS == WORDS
