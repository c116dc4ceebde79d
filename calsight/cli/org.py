"""`calsight org`: a whole organisation, group by group."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calsight.cli.common import (
    DAY,
    LANGUAGE,
    SETTINGS,
    VERBOSE,
    check_language,
    progress_shown,
    say,
    say_problems,
    words_of,
    write_json,
)
from calsight.cli.files import FORCE, check_target, write_file, writing
from calsight.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from calsight.settings.file import Settings

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_DIR = click.argument("folder", metavar="DIR", type=_FOLDER)
_ENGINE = click.option(
    "--engine",
    default="auto",
    show_default=True,
    metavar="ENGINE",
    help="What computes it: polars, duckdb, spark, or spark://HOST:PORT.",
)
_WEEKS = click.IntRange(1, 2600)


@click.group("org", short_help="A whole organisation: where people live in meetings only, by groups.")
def command() -> None:
    """Say of groups, never of persons: how large a share is at risk of becoming invisible, and who meets whom.

    Try: calsight org demo --people 500 --write DIR
    """


@contextmanager
def _needs_org() -> Iterator[None]:
    """Turn a missing package of the extra into a sentence."""
    from importlib.util import find_spec

    if not all(map(find_spec, ("narwhals", "polars", "pyarrow"))):
        raise MissingExtraError("calsight org needs packages that are not installed: pip install 'calsight[org]'")
    yield


def _settings(path: Path | None) -> Settings:
    from calsight.settings.file import load_settings

    return load_settings(path)


@command.command("ingest", short_help="Read mailboxes into a folder, without names and titles.")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--people",
    "people_file",
    type=_FILE,
    required=True,
    metavar="FILE",
    help="Who belongs to it, one a line: people.csv.",
)
@click.option(
    "--key-file", type=_FILE, required=True, metavar="FILE", help="The key of the pseudonyms; made if missing."
)
@click.option("--out", "folder", type=_FOLDER, required=True, metavar="DIR", help="The folder to fill.")
@click.option(
    "--group-by",
    "groupings",
    multiple=True,
    metavar="COLUMN",
    help="A column of people.csv to make groups by; may be repeated.",
)
@click.option("--weeks", type=_WEEKS, metavar="N", help="How many weeks back; 26 if not given.")
@click.option("--as-of", type=DAY, metavar="DATE", help="Up to the end of that day (YYYY-MM-DD); today if not given.")
@click.option(
    "--processes", type=click.IntRange(1, 256), metavar="N", help="How many at once; all processors if not given."
)
@SETTINGS
@LANGUAGE
@click.option("--quiet", is_flag=True, help="No progress.")
@VERBOSE
def ingest_command(people_file: Path, key_file: Path, folder: Path, **given: Any) -> None:
    """Read mailboxes into DIR as numbers: no name, address or title is kept.

    A SOURCE is a folder of calendar files, each named after its owner's address (.ics, .zip, .jsonl), a .jsonl file of event
    lines of many, a .parquet table of who was on which meeting, or a connector (google, outlook) that may read everybody on the
    list. What was read before and has not changed is not read again; a run that was stopped goes on where it was.
    """
    check_language(given["language"])
    settings = _settings(given["settings"])
    with _needs_org(), progress_shown(quiet=given["quiet"]) as progress:
        from calsight.org.ingest import Ingest, ingest
        from calsight.org.people import read_members
        from calsight.org.pseudonyms import read_key
        from calsight.reading.window import DEFAULT_WEEKS

        members = read_members(people_file, given["groupings"])
        asked = Ingest(
            sources=given["sources"],
            folder=folder,
            groupings=given["groupings"],
            weeks=given["weeks"] or DEFAULT_WEEKS,
            as_of=given["as_of"],
            options=settings.options,
            sections={name: dict(section) for name, section in settings.connectors.items()},
            processes=given["processes"] or 0,
        )
        done = ingest(asked, members, read_key(key_file, folder), progress=progress)
    words = words_of(given["language"])
    say_problems(done.problems)
    click.echo(
        words("org_ingested", mailboxes=done.mailboxes, read=done.read, entries=done.entries, folder=str(folder)),
        err=True,
    )
    if done.missing:
        click.echo(words("org_ingest_missing", count=done.missing), err=True)
    if done.strangers:
        click.echo(words("org_ingest_strangers", count=done.strangers), err=True)


@command.command("report", short_help="The report, by groups.")
@_DIR
@click.option("--by", multiple=True, metavar="COLUMN", help="Make groups by this column; twice for a table of two.")
@click.option("--weeks", type=_WEEKS, metavar="N", help="How many weeks back; all that were read if not given.")
@click.option(
    "--as-of", type=DAY, metavar="DATE", help="Judge at the end of that day (YYYY-MM-DD); of the last if not given."
)
@click.option("--min-group", type=int, metavar="N", help="Say nothing of fewer people; 5 if not given, and never less.")
@_ENGINE
@click.option("--json", "as_json", is_flag=True, help="As one JSON document (calsight.org/1).")
@click.option("--schema", "as_schema", is_flag=True, help="The JSON Schema of that document, and no report.")
@click.option("--html", "page", type=_FILE, metavar="FILE", help="Also as one self-contained page.")
@click.option("--csv", "tables", type=_FOLDER, metavar="DIR", help="Also as groups.csv, flows.csv and weeks.csv.")
@FORCE
@SETTINGS
@LANGUAGE
@VERBOSE
def report_command(folder: Path, by: tuple[str, ...], as_of: date | None, **given: Any) -> None:
    """Say of the groups of an organisation how they meet."""
    check_language(given["language"])
    with _needs_org():
        from calsight.org.out import schema

        if given["as_schema"]:
            write_json(json.dumps(schema(), indent=2))
            return
        from calsight.org.reporting import report

        made = report(
            folder,
            by=by,
            as_of=as_of,
            weeks=given["weeks"],
            min_group=given["min_group"],
            engine=given["engine"],
            options=_settings(given["settings"]).options,
        )
    words = words_of(given["language"])
    if given["tables"] is not None:
        from calsight.org.tabular import csvs, write_csvs

        for name, content in csvs(made).items():
            if (target := given["tables"] / name).exists():
                check_target(target, [folder], force=given["force"], ours=content.partition(b"\n")[0])
        with writing(given["tables"]):
            written = write_csvs(made, given["tables"])
        for path in written:
            click.echo(f"Written: {path}", err=True)
    if given["page"] is not None:
        from calsight.render.html.organisation import organisation_page

        write_file(given["page"], organisation_page(made, words).encode(), [folder], force=given["force"])
    if given["as_json"]:
        write_json(json.dumps(made.to_dict(), indent=2, ensure_ascii=False))
    elif given["page"] is None and given["tables"] is None:
        from calsight.render.terminal.organisation import OrganisationView
        from calsight.render.terminal.screen import console

        console().print(OrganisationView(made, words))


def _holds(path: Path, word: str) -> bool:
    """Whether the beginning of a file holds that word."""
    with path.open("rb") as file:
        return word.encode() in file.read(4096)


@command.command("doctor", short_help="Can this organisation be judged?")
@_DIR
@_ENGINE
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@SETTINGS
@LANGUAGE
@VERBOSE
def doctor_command(folder: Path, engine: str, as_json: bool, settings: Path | None, language: str | None) -> None:
    """Look at what was read before anyone trusts a report on it. Counts only; none tells of a person."""
    check_language(language)
    with _needs_org():
        from calsight.org.doctor import diagnose

        found = diagnose(folder, _settings(settings).options, engine)
    if as_json:
        write_json(json.dumps(found.to_dict(), indent=2))
        return
    from calsight.render.org_telling import doctor_lines

    for line in doctor_lines(found, words_of(language)):
        say(line)


@command.command("export", short_help="Person-weeks in the shape of Viva Insights.")
@_DIR
@click.option("--viva", "path", type=_FILE, required=True, metavar="FILE", help="The CSV file to write.")
@click.option("--per-person", is_flag=True, help="Needed: the file has a line for each person and week, by pseudonym.")
@_ENGINE
@FORCE
@SETTINGS
@VERBOSE
def export_command(
    folder: Path, path: Path, per_person: bool, engine: str, settings: Path | None, **given: Any
) -> None:
    """Write person-weeks for Viva Insights' own tools: pseudonyms, hours and counts, no levels."""
    if not per_person:
        raise UsageError(
            "This file has a line for each person and week, by pseudonym. If you may make such a file, say so: --per-person"
        )
    with _needs_org():
        from calsight.org.folder import Folder
        from calsight.org.tabular import VIVA_BEGINS, write_viva

        check_target(path, [folder], force=given["force"], ours=VIVA_BEGINS)
        known = Folder.opened(folder)
        found = known.analysed(_settings(settings).options, engine)
        with writing(path):
            number = write_viva(found, known.pseudonyms(found), path)
    click.echo(f"Written: {path} ({number} person-weeks)", err=True)


@command.command("demo", short_help="Invent an organisation to try this on.")
@click.option("--people", type=click.IntRange(10, 100_000), default=500, show_default=True, help="How many.")
@click.option("--write", "folder", type=_FOLDER, required=True, metavar="DIR", help="Where its calendars are kept.")
@click.option(
    "--as-of",
    type=DAY,
    metavar="DATE",
    help="Invent it as it stands at the end of that day (YYYY-MM-DD); today if not given.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number invents other people.")
@FORCE
@LANGUAGE
@VERBOSE
def demo_command(people: int, folder: Path, as_of: date | None, seed: int, language: str | None, **given: Any) -> None:
    """Invent an organisation: a list of people and a calendar for each."""
    check_language(language)
    from calsight.org.demo import DOMAIN, Organisation, write

    if (known := folder / "people.csv").exists() and not _holds(known, f"@{DOMAIN}"):
        check_target(known, [], force=given["force"])
    day = as_of or date.today()  # noqa: DTZ011 - a day, and everybody has their own zone
    with writing(folder):
        write(Organisation(people, as_of=day, seed=seed), folder)
    click.echo(words_of(language)("org_demo", folder=str(folder)))
    out = folder / "data"
    click.echo(
        f"  calsight org ingest {folder / 'mailboxes'} --people {folder / 'people.csv'} --key-file {folder / 'key'} "
        f"--out {out} --group-by division --group-by level --as-of {day}"
    )
    click.echo(f"  calsight org report {out} --by division")
