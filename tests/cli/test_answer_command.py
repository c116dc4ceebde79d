"""`calsight answer`: the questions one by one, what is kept, and how it is taken back."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from calsight.cli.answer import _CODES
from calsight.core.judging.answers import CODES
from calsight.reading.event_lines import event_line
from pipeline.test_answers import hidden
from pipeline.test_doubts import groups, pairs

ASKED = ("--me", "ana@example.com", "--as-of", "2026-06-28", "--language", "en")
KEPT = "home/calsight/corrections.toml"
SETTINGS = "home/calsight/settings.toml"


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    """Meetings of four; those of two have an archive on their list; every third week one hides who was there."""
    path = tmp_path / "ana.jsonl"
    entries = [*groups(), *pairs("archive"), *hidden(range(0, 26, 3), 3)]
    path.write_text("".join(f"{json.dumps(event_line(entry))}\n" for entry in entries), encoding="utf-8")
    return path


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What somebody types at each prompt."""

    def will(*words: str) -> None:
        typed = iter(words)
        monkeypatch.setattr(click, "prompt", lambda *_, **__: next(typed))

    return will


def test_the_words_of_the_options_are_those_of_the_questions():
    assert set(_CODES) == set(CODES)


class TestAsked:
    def test_each_question_is_asked_and_the_report_judged_again(
        self, cli: Any, calendar: Path, typing: Any, tmp_path: Path
    ):
        typing("yes")
        done = cli("answer", calendar, *ASKED)
        assert done.code == 0, done.err
        text = " ".join(done.out.split())
        assert "Now: watch." in text
        assert "26 meetings list Archive as a third." in text
        assert "Wed 2026-06-24 Meeting Archive, Cy" in text
        assert "and 23 more" in text
        assert "yes then it says “ok”" in text
        assert "no then it says “at risk”" in text
        assert "me it is another address of mine" in text
        assert "To take it back: calsight correct undo 1" in text
        assert "Then: ok." in text
        assert tomllib.loads((tmp_path / KEPT).read_text("utf-8"))["person"] == [
            {"address": "archive@example.com", "is": "assistant"}
        ]

    def test_what_is_skipped_is_asked_no_more_and_nothing_is_kept(
        self, cli: Any, calendar: Path, typing: Any, tmp_path: Path
    ):
        typing("skip", "skip")
        done = cli("answer", calendar, *ASKED)
        assert (done.code, done.out.count("leave it open")) == (0, 2)
        assert "Then: watch." in done.out
        assert not (tmp_path / KEPT).exists()

    def test_what_is_not_understood_is_asked_again(self, cli: Any, calendar: Path, typing: Any):
        typing("perhaps", "", "N", "s")
        done = cli("answer", calendar, *ASKED)
        assert done.out.count("Please answer with one of: yes, no, me, skip.") == 2
        assert "You said of Archive: takes part." in " ".join(done.out.split())

    def test_the_meetings_shown_are_those_that_are_counted(self, cli: Any, tmp_path: Path, typing: Any):
        path = tmp_path / "ana.jsonl"
        entries = [*groups(), *hidden(range(26), 1), *hidden(range(26, 28), 1)]
        path.write_text("".join(f"{json.dumps(event_line(entry))}\n" for entry in entries), encoding="utf-8")
        typing("skip", "skip")
        text = " ".join(cli("answer", path, *ASKED).out.split())
        (asked,) = re.findall(r"(\d+) entries do not say who was there", text)
        (more,) = re.findall(r"and (\d+) more", text)
        assert int(asked) == int(more) + 3, "two more are still to come"

    def test_in_german(self, cli: Any, calendar: Path, typing: Any):
        typing("ich", "nein")
        done = cli("answer", calendar, *ASKED[:4], "--language", "de")
        text = " ".join(done.out.split())
        assert "Du hast gesagt: archive@example.com bist auch du." in text
        assert "So nimmst du es zurück: calsight correct undo 1" in text

    def test_the_next_report_says_what_was_promised(self, cli: Any, calendar: Path, typing: Any):
        (first, *_) = json.loads(cli("report", calendar, *ASKED, "--json").out)["questions"]
        typing("yes", "skip")
        cli("answer", calendar, *ASKED)
        assert json.loads(cli("report", calendar, *ASKED, "--json").out)["flag"]["level"] == first["would"]


class TestWithoutBeingAsked:
    def test_the_command_of_a_question_answers_it(self, cli: Any, calendar: Path):
        made = json.loads(cli("report", calendar, *ASKED, "--json").out)
        (first, *_) = made["questions"]
        assert first["command"] == "calsight answer --code companion --about archive@example.com --value yes"
        done = cli(*first["command"].split()[1:])
        assert (done.code, "takes no part" in done.out) == (0, True)
        assert json.loads(cli("report", calendar, *ASKED, "--json").out)["flag"]["level"] == first["would"]

    def test_an_answer_for_a_whole_kind_is_a_setting_and_can_be_taken_back(self, cli: Any, tmp_path: Path):
        done = cli("answer", "--code", "unknown", "--value", "no")
        assert "answers.unknown = “no”" in done.out
        assert "calsight answer --code unknown --value ask" in " ".join(done.out.split())
        assert tomllib.loads((tmp_path / SETTINGS).read_text("utf-8")) == {"answers": {"unknown": "no"}}
        assert cli("answer", "--code", "unknown", "--value", "ask").out.startswith("Taken back: answers.unknown")
        assert tomllib.loads((tmp_path / SETTINGS).read_text("utf-8")) == {"answers": {}}

    def test_someone_without_an_address_is_named_by_name(self, cli: Any, tmp_path: Path):
        done = cli("answer", "--code", "companion", "--about", "name:scribe nine", "--value", "yes")
        assert "You said of scribe nine: takes no part." in " ".join(done.out.split())

    def test_time_away_and_its_contrary_replace_each_other(self, cli: Any):
        cli("answer", "--code", "away", "--about", "2026-03-02/2026-03-13", "--value", "yes")
        cli("answer", "--code", "away", "--about", "2026-03-02/2026-03-13", "--value", "no")
        assert cli("correct", "list").out == "1. You were there from 2026-03-02 to 2026-03-13.\n"
        assert cli("correct", "undo", "1").code == 0

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--value", "yes"], "--code CODE"),
            (["--code", "unknown"], "--value yes"),
            (["--code", "companion", "--value", "yes"], "--about"),
            (["--code", "companion", "--about", "bo", "--value", "yes"], "'bo' is not an e-mail address"),
            (["--code", "away", "--about", "may", "--value", "yes"], "are no days"),
            (["--code", "unknown", "--value", "me"], "is no answer"),
            (["--code", "whatever", "--value", "yes"], "whatever"),
            ([], "Name a SOURCE"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, cli: Any, words: list[str], said: str):
        done = cli("answer", *words)
        assert (done.code, said in done.err) == (2, True), done.err


class TestInDoubt:
    def test_meetings_mark_what_could_also_be_something_else(self, cli: Any, calendar: Path):
        done = cli("meetings", calendar, *ASKED)
        assert "group ?" in done.out
        assert "calsight meetings --explain NUMBER" in " ".join(done.out.split())

    def test_and_explain_says_what(self, cli: Any, calendar: Path):
        text = " ".join(cli("meetings", calendar, *ASKED, "--explain", "p02").out.split())
        assert "Archive may take no part in it: then it is a one-to-one with Bo." in text

    def test_what_the_owner_said_is_not_in_doubt(self, cli: Any, calendar: Path):
        cli("correct", "meeting", "p02", "--not-one-to-one")
        text = cli("meetings", calendar, *ASKED, "--explain", "p02").out
        assert "may take no part" not in text
        assert "by your own word" in text
        found = map(json.loads, cli("meetings", calendar, *ASKED, "--json-lines").out.splitlines())
        said = {one["uid"]: (one["doubts"], one["could_be"]) for one in found}
        assert (said["p02"], said["p12"]) == (([], None), (["companion"], "one_to_one"))

    def test_who_somebody_is_may_decide_many_meetings(self, cli: Any, calendar: Path):
        text = " ".join(cli("people", calendar, *ASKED, "--explain", "archive@example.com").out.split())
        assert "26 meetings hang on who Archive is; `calsight answer` asks about it." in text

    def test_doctor_says_how_many_questions_are_open(self, cli: Any, calendar: Path):
        assert "2 questions are open" in " ".join(cli("doctor", calendar, *ASKED).out.split())
