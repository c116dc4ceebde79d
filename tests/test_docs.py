"""What the documentation says is so: its code is the code, its settings are the settings, its links lead somewhere."""

import importlib.util
import inspect
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from itertools import groupby
from pathlib import Path

import click
import pytest

import calsight
from calsight.core.judging.rows import ROWS
from calsight.core.model.options import WorkingPeriod
from calsight.core.wording.catalogue import CATALOGUE
from calsight.settings.file import Settings, documented, settings_from

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
WRITE = "CALSIGHT_WRITE_DOCS" in os.environ


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """(what stands behind the fence, the code) of every block of code."""
    for found in re.finditer(r"^```(\S[^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield found[1], found[2]


def prose(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose(page.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_index_leads_to_every_page() -> None:
    index = (ROOT / "docs/index.md").read_text("utf-8")
    missing = [
        page.name for page in (ROOT / "docs").glob("*.md") if f"({page.name})" not in index and page.name != "index.md"
    ]
    assert missing == []


# Write a connector


def test_write_a_connector_shows_the_whole_plugin_as_it_is() -> None:
    page = (ROOT / "docs/write-a-connector.md").read_text("utf-8")
    shown: dict[str, list[str]] = {}
    for info, code in blocks(page):
        if title := re.search(r'title="(.+)"', info):
            shown.setdefault(title[1], []).append(code)
    plugin = ROOT / "examples/calsight-logbook"
    assert {
        "pyproject.toml",
        "calsight_logbook/connector.py",
        "calsight_logbook/rule.py",
        "tests/test_logbook.py",
    } == set(shown)
    for name, pieces in shown.items():
        assert lines("\n".join(pieces)) == lines((plugin / name).read_text("utf-8")), name


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


# Settings


def settings_page() -> str:
    """The generated part of docs/settings.md: one table a section."""
    defaults = Settings()
    out = []
    for section, entries in groupby(documented(), key=lambda entry: entry[0].partition(".")[0]):
        options = getattr(defaults, section)
        out += [
            f"## [{section}]",
            "",
            (type(options).__doc__ or "").strip(),
            "",
            "| key | default | meaning |",
            "| --- | --- | --- |",
        ]
        for key, doc in entries:
            name = key.partition(".")[2]
            out.append(row(name, toml(getattr(options, name)), doc))
        out.append("")
        if section == "work":
            out += ["### [[work.periods]]", "", (WorkingPeriod.__doc__ or "").strip(), ""]
            out += ["| key | default | meaning |", "| --- | --- | --- |"]
            for option in fields(WorkingPeriod):
                out.append(row(option.name, "" if option.name != "hours" else "{}", option.metadata["doc"]))
            out.append("")
    return "\n".join(out)


def row(name: str, default: str, doc: str) -> str:
    shown = f"`{default}`" if default else ""
    return f"| `{name}` | {shown} | {doc.replace('|', chr(92) + '|')} |"


def toml(value: object) -> str:
    """A default as one would write it in the file; "" for what has none."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(toml(inner) for inner in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    return "" if value is None else f"{value}"


def hold(name: str, generated: str) -> None:
    """Compare the generated part of a page, or write it where CALSIGHT_WRITE_DOCS is set."""
    page = ROOT / "docs" / name
    text = page.read_text("utf-8")
    before, _, rest = text.partition("<!-- generated -->\n\n")
    _, _, after = rest.partition("<!-- end -->")
    wanted = f"{before}<!-- generated -->\n\n{generated}\n<!-- end -->{after}"
    if WRITE:
        page.write_text(wanted, "utf-8")
    else:
        assert text == wanted, f"docs/{name} is behind: CALSIGHT_WRITE_DOCS=1 make test"


def test_the_settings_page_lists_every_setting() -> None:
    hold("settings.md", settings_page())


def commands_page() -> str:
    """The generated part of docs/commands.md: what `--help` says of each command."""
    from calsight.cli import calsight as group

    context = click.Context(group, info_name="calsight", **group.context_settings)
    out = ["| command | |", "| --- | --- |"]
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    out += [f"| [`{name}`](#{name}) | {one.get_short_help_str(200)} |" for name, one in found.items() if one]
    for name, one in found.items():
        if one:
            out += ["", *command_section(one, click.Context(one, info_name=name, parent=context), level=2)]
    return "\n".join([*out, ""])


def command_section(command: click.Command, context: click.Context, level: int) -> Iterator[str]:
    words = context.command_path.removeprefix("calsight ")
    yield f"{'#' * level} {words}"
    yield ""
    yield f"    {context.command_path} {' '.join(command.collect_usage_pieces(context))}"
    yield ""
    yield inspect.cleandoc(command.help or "").replace("\b\n", "").replace("\f", "").strip()
    records: list[tuple[str, str]] = [
        record for each in command.get_params(context) if (record := each.get_help_record(context)) and record[1]
    ]
    if records:
        yield from ("", "| option | |", "| --- | --- |")
        for option, told in records:
            yield f"| `{option.replace('|', ' or ')}` | {' '.join(told.split()).replace('|', ' or ')} |"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if inner := command.get_command(context, name):
                yield ""
                yield from command_section(inner, click.Context(inner, info_name=name, parent=context), level + 1)


def test_the_page_of_commands_is_what_help_says() -> None:
    hold("commands.md", commands_page())


def test_the_page_of_the_api_has_every_public_name() -> None:
    rows = ["| name | what it is |", "| --- | --- |"]
    for name in calsight.__all__:
        about = (
            "The version."
            if name == "__version__"
            else (inspect.getdoc(getattr(calsight, name)) or "").partition("\n\n")[0]
        )
        rows.append(f"| `{name}` | {' '.join(about.split())} |")
    hold("api.md", "\n".join([*rows, ""]))


def test_the_table_of_kinds_is_the_one_in_force() -> None:
    rows = [f"| {row.number} | {CATALOGUE[row.asks]} | `{row.verdict.kind}` | `{row.verdict.reason}` |" for row in ROWS]
    hold("meaning.md", "\n".join(["| # | question | kind | reason |", "| --- | --- | --- | --- |", *rows, ""]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_settings_in_the_docs_are_settings(page: Path) -> None:
    for info, code in blocks(page.read_text("utf-8")):
        if info == "toml":
            settings_from(tomllib.loads(code))


# Continuous integration


def test_ci_runs_what_developers_run() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")
    assert "make check" in script
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


# The site


def test_every_page_has_its_place_in_the_site(tmp_path: Path) -> None:
    """`make docs` shows all of docs; every link of its pages leads to a file of it."""
    spec = importlib.util.spec_from_file_location("site_builder", ROOT / ".ci/site.py")
    assert spec is not None
    assert spec.loader is not None
    site = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(site)
    site.prepared(tmp_path)
    assert "readme.md" in site.navigation(tmp_path)
    (tmp_path / "lost.md").touch()
    with pytest.raises(SystemExit, match=r"no section has lost\.md"):
        site.navigation(tmp_path)
    for page in tmp_path.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose(page.read_text("utf-8"))):
            assert re.match(r"[a-z]+:", target) or (page.parent / target).exists(), f"{page.name}: {target}"
