"""`calsight correct`: what you say against your calendar, kept in a readable file and applied to every report."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from calsight.cli.common import DAY, SETTINGS, VERBOSE, say
from calsight.errors import UsageError

if TYPE_CHECKING:
    from calsight.core.judging.corrections import Correction, PersonWord

#: `calsight.settings.corrections_file.WORDS`, held equal by a test: importing that module would slow every `--help`.
_WORDS = ("confirmed", "denied", "manager", "report", "mentor", "peer", "personal", "assistant", "colleague", "me")

#: What is a UID rather than a title, whatever else it says.
_UID = re.compile(r"\S+@\S+|(?=\S*\d)\S{20,}")


@click.group("correct")
def command() -> None:
    """Say what your calendar gets wrong.

    It is kept in corrections.toml beside your settings, applied to every later report, and named in it.
    """


@command.command("meeting")
@click.argument("entry")
@click.option(
    "--one-to-one/--not-one-to-one", "one_to_one", default=None, help="What it is, or is not. One of them is needed."
)
@click.option("--on", "day", type=DAY, metavar="DATE", help="Only the occurrence of that day (YYYY-MM-DD).")
@click.option("--with", "who", default="", metavar="ADDRESS", help="With whom, where the entry does not say.")
@SETTINGS
@VERBOSE
def meeting(entry: str, one_to_one: bool | None, day: date | None, who: str, settings: Path | None) -> None:
    """This entry is, or is not, a one-to-one. ENTRY is its title, with --on; or its UID (`calsight meetings --json-lines`)."""
    from calsight.core.judging.corrections import ThisMeeting

    if not entry.strip():
        raise UsageError('Which entry? Give its title and day: calsight correct meeting "Title" --on DATE --one-to-one')
    if day is None and any(letter.isspace() for letter in entry):
        raise UsageError("A title alone may name many entries: say which day, with --on DATE.")
    if one_to_one is None:
        raise UsageError("Say what it is: --one-to-one or --not-one-to-one.")
    if who:
        if not one_to_one:
            raise UsageError("--with goes with --one-to-one.")
        check_address(who)
    uid, title = (entry, "") if day is None or _UID.fullmatch(entry) else ("", entry)
    keep(ThisMeeting(uid, one_to_one, day, who, title), settings)


@command.command("person")
@click.argument("address")
@click.argument("word", type=click.Choice(_WORDS))
@SETTINGS
@VERBOSE
def person(address: str, word: str, settings: Path | None) -> None:
    """This person is: a relationship (confirmed) or none (denied), your manager, report, mentor or peer, personal; an assistant
    (a mailbox, a room, a machine) who takes no part, or a colleague who does; or me: another address of yours. Someone
    without an address is "name:Bo Lind"."""
    from calsight.core.judging.corrections import ThisPerson

    check_person(address)
    keep(ThisPerson(address, cast("PersonWord", word)), settings)


@command.command("away")
@click.argument("first", type=DAY)
@click.argument("last", type=DAY)
@SETTINGS
@VERBOSE
def away(first: date, last: date, settings: Path | None) -> None:
    """You were away from FIRST to LAST (YYYY-MM-DD), both included."""
    from calsight.core.judging.corrections import Away

    if last < first:
        raise UsageError(f"{first} is after {last}. Swap them.")
    keep(Away(first, last), settings)


@command.command("there")
@click.argument("first", type=DAY)
@click.argument("last", type=DAY)
@SETTINGS
@VERBOSE
def there(first: date, last: date, settings: Path | None) -> None:
    """You were there from FIRST to LAST (YYYY-MM-DD), both included, although hardly anything in the calendar shows it."""
    from calsight.core.judging.corrections import There

    if last < first:
        raise UsageError(f"{first} is after {last}. Swap them.")
    keep(There(first, last), settings)


@command.command("one-person")
@click.argument("address")
@click.argument("other")
@SETTINGS
@VERBOSE
def one_person(address: str, other: str, settings: Path | None) -> None:
    """ADDRESS and OTHER are one person's."""
    from calsight.core.judging.corrections import OnePerson

    check_address(address)
    check_address(other)
    keep(OnePerson(address, other), settings)


@command.command("list")
@SETTINGS
@VERBOSE
def listed(settings: Path | None) -> None:
    """Show what you said, numbered."""
    from calsight.settings.corrections_file import corrections_path, described, load_corrections

    path = corrections_path(settings)
    lines = described(load_corrections(path))
    for number, line in enumerate(lines, start=1):
        say(f"{number}. {line}")
    if not lines:
        click.echo(f"Nothing is corrected. ({path})")


@command.command("undo")
@click.argument("number", type=int)
@SETTINGS
@VERBOSE
def undo(number: int, settings: Path | None) -> None:
    """Take one back, by its number in the list."""
    from calsight.settings.corrections_file import corrections_path, described, undo_correction

    gone = undo_correction(corrections_path(settings), number)
    say(f"Taken back: {described([gone])[0]}")


def keep(correction: Correction, settings: Path | None) -> None:
    """Keep a correction, and say so."""
    from calsight.settings.corrections_file import add_correction, corrections_path, described

    path = corrections_path(settings)
    add_correction(path, correction)
    say(f"{described([correction])[0]} Kept in {path}; `calsight correct list` shows all.")


def check_address(address: str) -> None:
    """Raise `UsageError` for what is no e-mail address."""
    from calsight.settings.checks import address_fault

    if fault := address_fault(address):
        raise UsageError(fault)


def check_somebody(who: str) -> None:
    """Raise `UsageError` for what is no single person."""
    from calsight.settings.checks import somebody_fault

    if fault := somebody_fault(who):
        raise UsageError(fault)


def check_person(who: str) -> None:
    """Raise `UsageError` for what names nobody."""
    from calsight.settings.checks import person_fault

    if fault := person_fault(who):
        raise UsageError(fault)
