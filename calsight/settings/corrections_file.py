"""The file in which a person's corrections are kept: TOML, made to be read and edited.

It lies beside the settings file and is applied to every report that is made with these settings. What it holds, and what that
means, is in `calsight.core.judging.corrections`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast, get_args

from calsight.core.judging.corrections import (
    Away,
    Correction,
    KeepUp,
    Met,
    OnePerson,
    PersonWord,
    There,
    ThisMeeting,
    ThisPerson,
    same_subject,
)
from calsight.core.model.options import Relation
from calsight.errors import SettingsError
from calsight.settings.toml_file import parsed, read_text, write_text

FILE_NAME = "corrections.toml"
#: The longest interval at which one keeps up with somebody.
MOST_WEEKS = 52
#: What someone may be said to be.
WORDS: tuple[str, ...] = (*get_args(Relation), "assistant", "colleague", "me")

_HEADER = """\
# What you told calsight about your calendar. It is applied to every report and named in it.
# `calsight correct list` shows it, `calsight correct undo NUMBER` takes one back; editing this file is fine too.

"""
_SECTIONS = ("meeting", "person", "one_person", "away", "there", "met", "keep")


def corrections_path(settings: Path | None = None) -> Path:
    """Where the corrections are kept: beside the settings file (by default the user's own)."""
    from calsight.settings.file import default_path

    return (settings or default_path()).with_name(FILE_NAME)


def load_corrections(path: Path) -> list[Correction]:
    """The corrections in the file at `path`, section by section; [] where there is no file. Raises `SettingsError`."""
    text = read_text(path)
    return [correction for _, _, correction in _numbered(path, parsed(path, text))] if text else []


def add_correction(path: Path, correction: Correction) -> None:
    """Keep a correction. One about the same thing is replaced; the rest of the file, comments included, stays as it is.

    The file and its folder are made where they are missing, readable by the user alone. Raises `SettingsError`, also for a
    correction that could not be read again: nothing is written then.
    """
    import tomlkit

    text = read_text(path) or ""
    document = tomlkit.parse(text) if text else tomlkit.parse(_HEADER)
    for section, index, known in reversed(_numbered(path, parsed(path, text))):
        if same_subject(known, correction):
            _take_out(document, section, index)
    section, values = _written(correction)
    table = tomlkit.table()
    table.update(values)
    table.add(tomlkit.nl())
    if section not in document:
        document.append(section, tomlkit.aot())
    cast(Any, document[section]).append(table)
    written = tomlkit.dumps(document)
    _numbered(path, parsed(path, written))
    write_text(path, written, what="A correction")


def undo_correction(path: Path, number: int) -> Correction:
    """Take back the correction of that number, counted from 1 as `load_corrections` lists them, and return it.

    Raises `SettingsError` where there is none.
    """
    import tomlkit

    text = read_text(path) or ""
    numbered = _numbered(path, parsed(path, text))
    if not 1 <= number <= len(numbered):
        there = f"They are numbered 1 to {len(numbered)}." if numbered else "There are none."
        raise SettingsError(f"There is no correction number {number}. {there} See: calsight correct list")
    section, index, correction = numbered[number - 1]
    document = tomlkit.parse(text)
    _take_out(document, section, index)
    write_text(path, tomlkit.dumps(document), what="A correction")
    return correction


def _take_out(document: Any, section: str, index: int) -> None:
    if len(document[section]) == 1:
        del document[section]
    else:
        del document[section][index]


def _numbered(path: Path, data: Mapping[str, Any]) -> list[tuple[str, int, Correction]]:
    """(section, index in it, correction), in the order of the listing."""
    unknown = sorted(set(data) - set(_SECTIONS))
    if unknown:
        raise SettingsError(f"{path}: [[{unknown[0]}]] is not known. Use one of: {', '.join(_SECTIONS)}.")
    return list(_read(path, data))


def _read(path: Path, data: Mapping[str, Any]) -> Iterator[tuple[str, int, Correction]]:
    for section in _SECTIONS:
        entries = data.get(section, [])
        if not isinstance(entries, list):
            raise SettingsError(f"{path}: write [[{section}]] with two brackets: there may be several.")
        for index, entry in enumerate(entries):
            try:
                yield section, index, _READERS[section](_Entry(entry))
            except _WrongError as wrong:
                raise SettingsError(f"{path}: [[{section}]] number {index + 1}: {wrong}") from None


class _WrongError(ValueError):
    """What is wrong with an entry, in a sentence."""


class _Entry:
    """One table of the file, asked key by key; `done` complains of keys that nobody asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self._values.pop(key, default)
        if not isinstance(value, str) or not (value.strip() or value == default):
            raise _WrongError(f'{key} is missing: write {key} = "…".')
        return value

    def day_or_none(self, key: str) -> date | None:
        return self.day(key) if key in self._values else None

    def day(self, key: str) -> date:
        value = self._values.pop(key, None)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise _WrongError(f"{key} must be a date, such as {key} = 2026-03-31.")
        return value

    def flag(self, key: str) -> bool:
        value = self._values.pop(key, None)
        if not isinstance(value, bool):
            raise _WrongError(f"{key} must be true or false.")
        return value

    def number(self, key: str) -> int:
        value = self._values.pop(key, None)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _WrongError(f"{key} must be a whole number, such as {key} = 3.")
        return value

    def done(self) -> None:
        if self._values:
            raise _WrongError(f"{sorted(self._values)[0]!r} is not known.")


def _meeting(entry: _Entry) -> Correction:
    title = entry.text("title", default="")
    uid = entry.text("uid", default="" if title else None)
    made = ThisMeeting(
        uid, entry.flag("one_to_one"), entry.day_or_none("on"), entry.text("with", default=""), "" if uid else title
    )
    entry.done()
    if not uid and made.day is None:
        raise _WrongError("a title alone may name many entries: say which day, such as on = 2026-03-31.")
    return made


def _person(entry: _Entry) -> Correction:
    address, word = entry.text("address"), entry.text("is")
    entry.done()
    if word not in WORDS:
        raise _WrongError(f"{word!r} is none of: {', '.join(WORDS)}.")
    return ThisPerson(address, cast(PersonWord, word))


def _one_person(entry: _Entry) -> Correction:
    address, other = entry.text("address"), entry.text("other")
    entry.done()
    return OnePerson(address, other)


def _span(entry: _Entry) -> tuple[date, date]:
    first, last = entry.day("from"), entry.day("to")
    entry.done()
    if last < first:
        raise _WrongError(f"to ({last}) is before from ({first}).")
    return first, last


def _away(entry: _Entry) -> Correction:
    return Away(*_span(entry))


def _there(entry: _Entry) -> Correction:
    return There(*_span(entry))


def _met(entry: _Entry) -> Correction:
    address, day = entry.text("with"), entry.day("on")
    entry.done()
    return Met(address, day)


def _keep(entry: _Entry) -> Correction:
    address, weeks = entry.text("with"), entry.number("every_weeks")
    entry.done()
    if not 1 <= weeks <= MOST_WEEKS:
        raise _WrongError(f"every_weeks must be from 1 to {MOST_WEEKS}.")
    return KeepUp(address, weeks)


_READERS: Mapping[str, Callable[[_Entry], Correction]] = {
    "meeting": _meeting,
    "person": _person,
    "one_person": _one_person,
    "away": _away,
    "there": _there,
    "met": _met,
    "keep": _keep,
}


def _written(correction: Correction) -> tuple[str, dict[str, object]]:
    """The section and the table of a correction."""
    match correction:
        case ThisMeeting():
            optional = {"on": correction.day, "with": correction.who}
            subject = {"uid": correction.uid} if correction.uid else {"title": correction.title}
            values = {**subject, "one_to_one": correction.one_to_one}
            return "meeting", values | {key: value for key, value in optional.items() if value}
        case ThisPerson():
            return "person", {"address": correction.address, "is": correction.word}
        case OnePerson():
            return "one_person", {"address": correction.address, "other": correction.other}
        case There():
            return "there", {"from": correction.first, "to": correction.last}
        case Away():
            return "away", {"from": correction.first, "to": correction.last}
        case Met():
            return "met", {"with": correction.address, "on": correction.day}
        case KeepUp():
            return "keep", {"with": correction.address, "every_weeks": correction.weeks}


def section_of(correction: Correction) -> str:
    """The section of the file in which a correction is kept."""
    return _written(correction)[0]


def described(corrections: Sequence[Correction]) -> list[str]:
    """Each correction in a plain line, for a listing."""
    lines = []
    for correction in corrections:
        match correction:
            case ThisMeeting():
                what = "is a one-to-one" if correction.one_to_one else "is not a one-to-one"
                when = f" on {correction.day}" if correction.day else ""
                who = f" with {correction.who}" if correction.who else ""
                entry = f"with the UID {correction.uid}" if correction.uid else f"“{correction.title}”"
                lines.append(f"The entry {entry}{when} {what}{who}.")
            case ThisPerson(word="me"):
                lines.append(f"{correction.address} is you too.")
            case ThisPerson():
                lines.append(f"{correction.address} is: {correction.word}.")
            case OnePerson():
                lines.append(f"{correction.address} and {correction.other} are one person.")
            case There():
                lines.append(f"You were there from {correction.first} to {correction.last}.")
            case Away():
                lines.append(f"You were away from {correction.first} to {correction.last}.")
            case Met():
                lines.append(f"You met {correction.address} on {correction.day}, off the calendar.")
            case KeepUp():
                every = "week" if correction.weeks == 1 else f"{correction.weeks} weeks"
                lines.append(f"You want to meet {correction.address} every {every}.")
    return lines
